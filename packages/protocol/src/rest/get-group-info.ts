import Type from 'typebox';
import { type Answered, codeOf, list, text } from './answer.ts';
import { optional } from './fields.ts';
import { CustomFields, ListedGroup, ListedMember, ResponseFilter } from './group-info.ts';

/** `group_open_http_svc/get_group_info`. Source: tencent-rest-group C1.5. */
export const GetGroupInfoRequest = Type.Object({
  GroupIdList: Type.Array(Type.String(), { minItems: 1, maxItems: 50, description: 'Groups' }),
  ResponseFilter: optional(ResponseFilter),
});
export type GetGroupInfoRequest = Type.Static<typeof GetGroupInfoRequest>;

export const GroupInfoItem = Type.Object({
  ...ListedGroup.properties,
  ErrorCode: codeOf('0, 10010: there is no such group, 10015: not the id of a group'),
  ErrorInfo: text('Empty, or why there is no more than the id'),
  AppDefinedData: optional(CustomFields),
  MemberList: optional(list(ListedMember, 'Members')),
});
export type GroupInfoItem = Answered<typeof GroupInfoItem>;

export const GetGroupInfoResponse = Type.Object({
  GroupInfo: list(GroupInfoItem, 'One entry for each group asked for, in that order'),
});
export type GetGroupInfoResponse = Answered<typeof GetGroupInfoResponse>;
