import Type from 'typebox';
import { groupId } from './fields.ts';

/** `group_open_http_svc/destroy_group`. Source: tencent-rest-group C1.2. */
export const DestroyGroupRequest = Type.Object({ GroupId: groupId() });
export type DestroyGroupRequest = Type.Static<typeof DestroyGroupRequest>;
