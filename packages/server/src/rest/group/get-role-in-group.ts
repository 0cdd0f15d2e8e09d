import { GetRoleInGroupRequest as Request, GetRoleInGroupResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { rolesOf } from '../../service/members.ts';
import { encodeRoles } from '../../wire/members.ts';
import { handler } from '../command.ts';

export const getRoleInGroup = handler(Request, Response, async (deps, caller, request) => {
  const userIds = request.User_Account;
  const roles = await rolesOf(deps, caller, { groupId: request.GroupId, userIds });
  return isRefusal(roles) ? roles : encodeRoles(userIds, roles);
});
