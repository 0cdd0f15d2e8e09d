import Type from 'typebox';
import { type Answered, list, text } from './answer.ts';
import { flag, groupId, optional, userId } from './fields.ts';

/** `group_open_http_svc/add_group_member`. Source: tencent-rest-group C1.8; 500 members by tencent-rest G.1 no. 3. */
export const AddGroupMemberRequest = Type.Object({
  GroupId: groupId(),
  MemberList: Type.Array(Type.Object({ Member_Account: userId('The account') }), {
    minItems: 1,
    maxItems: 500,
    description: 'Who joins',
  }),
  Silence: optional(flag('Tell nobody')),
});
export type AddGroupMemberRequest = Type.Static<typeof AddGroupMemberRequest>;

export const AddGroupMemberResponse = Type.Object({
  MemberList: list(
    Type.Object({
      Member_Account: text('The account'),
      Result: Type.Enum([0, 1, 2], { description: '0 failed, 1 added, 2 a member already' }),
    }),
    'In the order of the request',
  ),
});
export type AddGroupMemberResponse = Answered<typeof AddGroupMemberResponse>;
