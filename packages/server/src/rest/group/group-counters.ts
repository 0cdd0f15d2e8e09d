import {
  DeleteGroupCounterRequest,
  GetGroupCounterRequest,
  GetGroupCounterResponse,
  NoFields,
  UpdateGroupCounterRequest,
  UpdateGroupCounterResponse,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { counters, deleteCounters, updateCounters } from '../../service/group-values.ts';
import { decodeCounters, encodeCounters } from '../../wire/group-counters.ts';
import { handler } from '../command.ts';

export const getGroupCounter = handler(
  GetGroupCounterRequest,
  GetGroupCounterResponse,
  async (deps, caller, request) => {
    const found = await counters(deps, caller, request.GroupId);
    if (isRefusal(found)) return found;
    const keys = request.GroupCounterKeys ?? [];
    // An empty list is how some SDKs leave the field out.
    const wanted = found.entries.filter(({ key }) => keys.length === 0 || keys.includes(key));
    return { ...encodeCounters(wanted), GroupCounterSeq: found.seq };
  },
);

export const updateGroupCounter = handler(
  UpdateGroupCounterRequest,
  UpdateGroupCounterResponse,
  async (deps, caller, request) => {
    const result = await updateCounters(deps, caller, {
      groupId: request.GroupId,
      mode: request.Mode ?? 'Set',
      counters: decodeCounters(request.GroupCounter),
    });
    return isRefusal(result) ? result : encodeCounters(result.changed);
  },
  { exactIntegers: true },
);

export const deleteGroupCounter = handler(
  DeleteGroupCounterRequest,
  NoFields,
  async (deps, caller, request) => {
    const result = await deleteCounters(deps, caller, request.GroupId, request.GroupCounterKeys);
    return isRefusal(result) ? result : {};
  },
);
