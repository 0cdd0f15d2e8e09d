import Type from 'typebox';
import { groupId, userId } from './fields.ts';

/** `group_open_http_svc/get_role_in_group`. Source: tencent-rest-group C1.12. */
export const GetRoleInGroupRequest = Type.Object({
  GroupId: groupId(),
  User_Account: Type.Array(userId('The user'), { minItems: 1, maxItems: 500, description: 'Users' }),
});
export type GetRoleInGroupRequest = Type.Static<typeof GetRoleInGroupRequest>;

export interface GetRoleInGroupResponse {
  /** In the order asked for. */
  readonly UserIdList: readonly {
    readonly Member_Account: string;
    readonly Role: 'Owner' | 'Admin' | 'Member' | 'NotMember';
  }[];
}
