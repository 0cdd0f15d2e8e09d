import { type Attributes, NO_ATTRIBUTES, writeAttributes } from '../../../domain/group-attributes.ts';
import {
  type Counters,
  deleteCounters,
  NO_COUNTERS,
  updateCounters,
} from '../../../domain/group-counters.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { DeleteCounters, ResultMap, UpdateCounters, WriteAttributes } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';

export function applyWriteAttributes(tables: Tables, command: WriteAttributes): ResultMap['writeAttributes'] {
  const state = tables.groups.get(command.app, command.groupId);
  if (state === undefined) return missing(command.groupId);
  const { streamId } = state.group;
  const before = attributesOf(tables.values.get(streamId, 'attributes'));
  const written = writeAttributes(before, command.write, Math.floor(command.now / 1000));
  if (written.kind === 'refused') return written;
  const { seq, entries } = written.attributes;
  tables.values.put(streamId, 'attributes', JSON.stringify(written.attributes));
  appendFact(tables, state, 'group.attributes.changed', command, {
    operator: command.operator,
    option: command.write.change,
    attributes: [...new Map(command.write.entries.map(({ key, value }) => [key, { key, value }])).values()],
  });
  return { kind: 'done', seq, written: entries.filter((entry) => entry.seq === seq) };
}

export function applyUpdateCounters(tables: Tables, command: UpdateCounters): ResultMap['updateCounters'] {
  const found = counting(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { streamId } = found.group;
  const before = countersOf(tables.values.get(streamId, 'counters'));
  const written = updateCounters(before, command.mode, command.counters);
  if (written.kind === 'refused') return written;
  put(tables, found, written.counters);
  return { kind: 'done', changed: written.changed };
}

export function applyDeleteCounters(tables: Tables, command: DeleteCounters): ResultMap['deleteCounters'] {
  const found = counting(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const before = countersOf(tables.values.get(found.group.streamId, 'counters'));
  const after = deleteCounters(before, command.keys);
  if (after !== before) put(tables, found, after);
  return { kind: 'done' };
}

export function attributesOf(value: string | undefined): Attributes {
  return value === undefined ? NO_ATTRIBUTES : (JSON.parse(value) as Attributes);
}

export function countersOf(value: string | undefined): Counters {
  return value === undefined ? NO_COUNTERS : (JSON.parse(value) as Counters);
}

function counting(tables: Tables, app: number, groupId: string): GroupState | Refusal {
  const state = tables.groups.get(app, groupId);
  if (state === undefined) return missing(groupId);
  const { type } = state.group;
  if (GROUP_TYPE_TRAITS[type].counters) return state;
  return refuse('PERMISSION_DENIED', `group "${groupId}" is of type ${type}, which has no counters`);
}

/** Counters have no event; the group is written with them, so that no two who change them at once miss each other. */
function put(tables: Tables, state: GroupState, counters: Counters): void {
  tables.values.put(state.group.streamId, 'counters', JSON.stringify(counters));
  tables.groups.touch(state);
}

function missing(groupId: string): Refusal {
  return refuse('GROUP_NOT_FOUND', `group "${groupId}" does not exist`);
}
