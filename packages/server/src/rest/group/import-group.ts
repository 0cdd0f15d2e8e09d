import type { ImportGroupRequest, ImportGroupResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import * as groups from '../../service/groups.ts';
import { decodeImportGroup } from '../../wire/create-group.ts';

export async function importGroup(
  deps: ServiceDeps,
  caller: Caller,
  request: ImportGroupRequest,
): Promise<ImportGroupResponse | Refusal> {
  const group = decodeImportGroup(request);
  if (isRefusal(group)) return group;
  const result = await groups.importGroup(deps, caller, group);
  return isRefusal(result) ? result : { GroupId: result.groupId };
}
