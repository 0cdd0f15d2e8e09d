import type { CreateGroupRequest, CreateGroupResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import * as groups from '../../service/groups.ts';
import { decodeCreateGroup, encodeCreated } from '../../wire/create-group.ts';

export async function createGroup(
  deps: ServiceDeps,
  caller: Caller,
  request: CreateGroupRequest,
): Promise<CreateGroupResponse | Refusal> {
  const group = decodeCreateGroup(request);
  if (isRefusal(group)) return group;
  const result = await groups.createGroup(deps, caller, group);
  return isRefusal(result) ? result : encodeCreated(result.groupId, group.groupType);
}
