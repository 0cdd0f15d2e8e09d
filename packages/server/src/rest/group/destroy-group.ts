import type { DestroyGroupRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import * as groups from '../../service/groups.ts';

export async function destroyGroup(
  deps: ServiceDeps,
  caller: Caller,
  request: DestroyGroupRequest,
): Promise<object | Refusal> {
  const result = await groups.destroyGroup(deps, caller, request.GroupId);
  return isRefusal(result) ? result : {};
}
