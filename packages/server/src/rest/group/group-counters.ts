import type {
  DeleteGroupCounterRequest,
  GetGroupCounterRequest,
  GetGroupCounterResponse,
  UpdateGroupCounterRequest,
  UpdateGroupCounterResponse,
} from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { counters, deleteCounters, updateCounters } from '../../service/group-values.ts';
import { decodeCounters, encodeCounters } from '../../wire/group-counters.ts';

export async function getGroupCounter(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupCounterRequest,
): Promise<GetGroupCounterResponse | Refusal> {
  const found = await counters(deps, caller, request.GroupId);
  if (isRefusal(found)) return found;
  const keys = request.GroupCounterKeys ?? [];
  // An empty list is how some SDKs leave the field out.
  const wanted = found.entries.filter(({ key }) => keys.length === 0 || keys.includes(key));
  return { ...encodeCounters(wanted), GroupCounterSeq: found.seq };
}

export async function updateGroupCounter(
  deps: ServiceDeps,
  caller: Caller,
  request: UpdateGroupCounterRequest,
): Promise<UpdateGroupCounterResponse | Refusal> {
  const result = await updateCounters(deps, caller, {
    groupId: request.GroupId,
    mode: request.Mode ?? 'Set',
    counters: decodeCounters(request.GroupCounter),
  });
  return isRefusal(result) ? result : encodeCounters(result.changed);
}

export async function deleteGroupCounter(
  deps: ServiceDeps,
  caller: Caller,
  request: DeleteGroupCounterRequest,
): Promise<object | Refusal> {
  const result = await deleteCounters(deps, caller, request.GroupId, request.GroupCounterKeys);
  return isRefusal(result) ? result : {};
}
