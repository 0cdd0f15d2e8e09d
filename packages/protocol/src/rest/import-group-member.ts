import Type from 'typebox';
import { type Answered, list, text } from './answer.ts';
import { groupId, optional, uint32, userId } from './fields.ts';

/** `group_open_http_svc/import_group_member`. Source: tencent-rest-group C1.17. */
export const ImportGroupMemberRequest = Type.Object({
  GroupId: groupId(),
  MemberList: Type.Array(
    Type.Object({
      Member_Account: userId('The account'),
      Role: optional(Type.Enum(['Admin', 'Member', ''], { description: 'Absent: Member' })),
      JoinTime: optional(
        uint32('Unix seconds; not before the creation of the group, not in the future. 0 or absent: now'),
      ),
      UnreadMsgNum: optional(uint32('Unread messages; at most as many as the group has')),
    }),
    { minItems: 1, maxItems: 300, description: 'Members' },
  ),
});
export type ImportGroupMemberRequest = Type.Static<typeof ImportGroupMemberRequest>;

export const ImportGroupMemberResponse = Type.Object({
  MemberList: list(
    Type.Object({
      Member_Account: text('The account'),
      Result: Type.Enum([0, 1, 2], { description: '0 failed, 1 imported, 2 a member already' }),
    }),
    'In the order of the request',
  ),
});
export type ImportGroupMemberResponse = Answered<typeof ImportGroupMemberResponse>;
