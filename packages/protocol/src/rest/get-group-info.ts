import Type from 'typebox';
import { optional } from './fields.ts';
import { type CustomField, type GroupBaseInfo, type MemberInfo, ResponseFilter } from './group-info.ts';

/** `group_open_http_svc/get_group_info`. Source: tencent-rest-group C1.5. */
export const GetGroupInfoRequest = Type.Object({
  GroupIdList: Type.Array(Type.String(), { minItems: 1, maxItems: 50, description: 'Groups' }),
  ResponseFilter: optional(ResponseFilter),
});
export type GetGroupInfoRequest = Type.Static<typeof GetGroupInfoRequest>;

/** One entry per group asked for, in order, each with a code of its own: 10010 missing, 10015 not an id. */
export interface GroupInfoItem extends Partial<GroupBaseInfo> {
  readonly GroupId: string;
  readonly ErrorCode: number;
  readonly ErrorInfo: string;
  readonly AppDefinedData?: readonly CustomField[];
  readonly MemberList?: readonly Partial<MemberInfo>[];
}

export interface GetGroupInfoResponse {
  readonly GroupInfo: readonly GroupInfoItem[];
}
