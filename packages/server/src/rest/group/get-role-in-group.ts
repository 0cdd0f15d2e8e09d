import type { GetRoleInGroupRequest, GetRoleInGroupResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { rolesOf } from '../../service/members.ts';
import { encodeRoles } from '../../wire/members.ts';

export async function getRoleInGroup(
  deps: ServiceDeps,
  caller: Caller,
  request: GetRoleInGroupRequest,
): Promise<GetRoleInGroupResponse | Refusal> {
  const userIds = request.User_Account;
  const roles = await rolesOf(deps, caller, { groupId: request.GroupId, userIds });
  return isRefusal(roles) ? roles : encodeRoles(userIds, roles);
}
