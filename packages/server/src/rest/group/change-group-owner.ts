import type { ChangeGroupOwnerRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { changeOwner } from '../../service/groups.ts';

export async function changeGroupOwner(
  deps: ServiceDeps,
  caller: Caller,
  request: ChangeGroupOwnerRequest,
): Promise<object | Refusal> {
  const result = await changeOwner(deps, caller, {
    groupId: request.GroupId,
    newOwner: request.NewOwner_Account,
    ...(request.From_Account !== undefined && { operator: request.From_Account }),
  });
  return isRefusal(result) ? result : {};
}
