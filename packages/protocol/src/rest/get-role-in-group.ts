import Type from 'typebox';
import { type Answered, list, text } from './answer.ts';
import { groupId, userId } from './fields.ts';

/** `group_open_http_svc/get_role_in_group`. Source: tencent-rest-group C1.12. */
export const GetRoleInGroupRequest = Type.Object({
  GroupId: groupId(),
  User_Account: Type.Array(userId('The user'), { minItems: 1, maxItems: 500, description: 'Users' }),
});
export type GetRoleInGroupRequest = Type.Static<typeof GetRoleInGroupRequest>;

export const GetRoleInGroupResponse = Type.Object({
  UserIdList: list(
    Type.Object({
      Member_Account: text('The user'),
      Role: Type.Enum(['Owner', 'Admin', 'Member', 'NotMember']),
    }),
    'In the order asked for',
  ),
});
export type GetRoleInGroupResponse = Answered<typeof GetRoleInGroupResponse>;
