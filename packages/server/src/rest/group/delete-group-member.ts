import type { DeleteGroupMemberRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { deleteMembers } from '../../service/members.ts';

export async function deleteGroupMember(
  deps: ServiceDeps,
  caller: Caller,
  request: DeleteGroupMemberRequest,
): Promise<object | Refusal> {
  const result = await deleteMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.MemberToDel_Account,
    silent: (request.Silence ?? 0) > 0,
    ...(request.Reason && { reason: request.Reason }),
  });
  return isRefusal(result) ? result : {};
}
