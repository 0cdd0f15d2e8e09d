import Type from 'typebox';
import { groupId, optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/get_online_member_num`, AVChatRoom only. Source: tencent-rest-group C1.20. */
export const GetOnlineMemberNumRequest = Type.Object({ GroupId: groupId() });
export type GetOnlineMemberNumRequest = Type.Static<typeof GetOnlineMemberNumRequest>;

export interface GetOnlineMemberNumResponse {
  readonly OnlineMemberNum: number;
}

/** `group_open_avchatroom_http_svc/get_members`. Source: tencent-rest-group C1.21. */
export const GetLiveMembersRequest = Type.Object({
  GroupId: groupId(),
  Timestamp: optional(Type.Integer({ minimum: 0, description: '0 first, then NextTimestamp' })),
  Mark: optional(uint32('Only members with this mark')),
});
export type GetLiveMembersRequest = Type.Static<typeof GetLiveMembersRequest>;

export interface GetLiveMembersResponse {
  readonly MemberList: readonly {
    readonly Member_Account: string;
    /** Unix seconds. */
    readonly JoinTime: number;
    readonly NickName: string;
    readonly Avatar: string;
  }[];
  /** 0: this was all. */
  readonly NextTimestamp: number;
}

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

export interface MarkLiveMembersResponse {
  readonly CommandType: 1 | 2;
  /** Those who are online; the others are left out. */
  readonly MemberList: readonly { readonly Member_Account: string; readonly Marks: readonly number[] }[];
}
