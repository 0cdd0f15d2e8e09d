import Type from 'typebox';
import { type Answered, count, list, seconds, text } from './answer.ts';
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

export const GetGroupBanMemberResponse = Type.Object({
  BannedAccountList: list(
    Type.Object({ Member_Account: text('The user'), BannedUntil: seconds('End of the ban') }),
    'One page of them',
  ),
  NextOffset: count('To be sent for the next page; 0: finished'),
});
export type GetGroupBanMemberResponse = Answered<typeof GetGroupBanMemberResponse>;
