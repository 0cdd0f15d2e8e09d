import type { ModifyGroupBaseInfoRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { modifyGroup } from '../../service/groups.ts';
import { decodeModifyGroup } from '../../wire/modify-group.ts';

export async function modifyGroupBaseInfo(
  deps: ServiceDeps,
  caller: Caller,
  request: ModifyGroupBaseInfoRequest,
): Promise<object | Refusal> {
  const result = await modifyGroup(deps, caller, {
    groupId: request.GroupId,
    changes: decodeModifyGroup(request),
    ...(request.From_Account !== undefined && { operator: request.From_Account }),
  });
  return isRefusal(result) ? result : {};
}
