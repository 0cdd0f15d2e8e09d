import Type from 'typebox';
import { type Answered, text } from './answer.ts';
import { CreateGroupRequest } from './create-group.ts';
import { optional, uint32 } from './fields.ts';

/** `group_open_http_svc/import_group`: a group that was elsewhere before, without members. Source: tencent-rest-group C1.7. */
export const ImportGroupRequest = Type.Object({
  ...Type.Omit(CreateGroupRequest, ['MemberList']).properties,
  CreateTime: optional(uint32('Unix seconds of its creation; 0 or absent: now')),
});
export type ImportGroupRequest = Type.Static<typeof ImportGroupRequest>;

export const ImportGroupResponse = Type.Object({ GroupId: text('The group') });
export type ImportGroupResponse = Answered<typeof ImportGroupResponse>;
