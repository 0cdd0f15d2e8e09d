import Type from 'typebox';
import { type Answered, count, list, seconds, text } from './answer.ts';
import { groupId, optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/get_online_member_num`, AVChatRoom only. Source: tencent-rest-group C1.20. */
export const GetOnlineMemberNumRequest = Type.Object({ GroupId: groupId() });
export type GetOnlineMemberNumRequest = Type.Static<typeof GetOnlineMemberNumRequest>;

export const GetOnlineMemberNumResponse = Type.Object({ OnlineMemberNum: count('Members online') });
export type GetOnlineMemberNumResponse = Answered<typeof GetOnlineMemberNumResponse>;

/** `group_open_avchatroom_http_svc/get_members`. Source: tencent-rest-group C1.21. */
export const GetLiveMembersRequest = Type.Object({
  GroupId: groupId(),
  Timestamp: optional(Type.Integer({ minimum: 0, description: '0 first, then NextTimestamp' })),
  Mark: optional(uint32('Only members with this mark')),
});
export type GetLiveMembersRequest = Type.Static<typeof GetLiveMembersRequest>;

export const GetLiveMembersResponse = Type.Object({
  MemberList: list(
    Type.Object({
      Member_Account: text('The member'),
      JoinTime: seconds('When he joined'),
      NickName: text('Nickname'),
      Avatar: text('URL of the avatar'),
    }),
    'Who is online',
  ),
  NextTimestamp: count('To be sent for the next page; 0: this was all'),
});
export type GetLiveMembersResponse = Answered<typeof GetLiveMembersResponse>;

/** `group_open_avchatroom_http_svc/modify_user_info`. Source: tencent-rest-group C1.22. */
export const MarkLiveMembersRequest = Type.Object({
  GroupId: groupId(),
  CommandType: Type.Enum([1, 2], { description: '1 sets marks, 2 deletes them' }),
  MemberList: Type.Array(
    Type.Object({
      Member_Account: userId('The member'),
      Marks: Type.Array(uint32('500 always online, 600 hidden from the list, or one of the app from 1000'), {
        minItems: 1,
        maxItems: 12,
      }),
    }),
    { minItems: 1, maxItems: 500, description: 'Who gets or loses which marks' },
  ),
});
export type MarkLiveMembersRequest = Type.Static<typeof MarkLiveMembersRequest>;

export const MarkLiveMembersResponse = Type.Object({
  CommandType: Type.Enum([1, 2], { description: 'As in the request' }),
  MemberList: list(
    Type.Object({ Member_Account: text('The member'), Marks: list(count('A mark'), 'Marks') }),
    'Those who are online; the others are left out',
  ),
});
export type MarkLiveMembersResponse = Answered<typeof MarkLiveMembersResponse>;
