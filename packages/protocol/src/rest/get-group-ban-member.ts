import Type from 'typebox';
import { groupId, optional } from './fields.ts';

/** `group_open_http_svc/get_group_ban_member`, AVChatRoom only. Source: tencent-rest-group C1.16. */
export const GetGroupBanMemberRequest = Type.Object({
  GroupId: groupId(),
  Limit: optional(Type.Integer({ minimum: 0, maximum: 100, description: 'Most users; 0 or absent: 100' })),
  Offset: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: '0 first, then the last NextOffset',
  }),
});
export type GetGroupBanMemberRequest = Type.Static<typeof GetGroupBanMemberRequest>;

export interface GetGroupBanMemberResponse {
  /** Unix seconds; 4294967295 is for ever. */
  readonly BannedAccountList: readonly { readonly Member_Account: string; readonly BannedUntil: number }[];
  /** 0 = finished. */
  readonly NextOffset: number;
}
