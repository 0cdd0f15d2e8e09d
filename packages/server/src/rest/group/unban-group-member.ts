import type { UnbanGroupMemberRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { banMembers } from '../../service/members.ts';

export async function unbanGroupMember(
  deps: ServiceDeps,
  caller: Caller,
  request: UnbanGroupMemberRequest,
): Promise<object | Refusal> {
  const result = await banMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.Members_Account,
    seconds: 0,
    description: '',
  });
  return isRefusal(result) ? result : {};
}
