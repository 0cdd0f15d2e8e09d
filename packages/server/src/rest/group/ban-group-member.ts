import type { BanGroupMemberRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { banMembers } from '../../service/members.ts';

export async function banGroupMember(
  deps: ServiceDeps,
  caller: Caller,
  request: BanGroupMemberRequest,
): Promise<object | Refusal> {
  const result = await banMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.Members_Account,
    seconds: request.Duration,
    description: request.Description ?? '',
  });
  return isRefusal(result) ? result : {};
}
