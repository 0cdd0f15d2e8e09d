import { EVENT_KINDS, type EventKind } from '../../../domain/endpoint.ts';
import type { GroupState } from '../groups.ts';
import type { LogEntry } from '../log.ts';
import type { Tables } from '../tables.ts';

/** Time for the next event of a stream: never before the last one, whatever the clock did. */
export function streamTime(state: GroupState, now: number): number {
  return Math.max(now, state.lastTime);
}

export interface Appended {
  /** The event's number in the log. */
  readonly seq: number;
  /** Some endpoint wants it. */
  readonly wanted: boolean;
}

/**
 * Gives an event its number in the group's log, matches it to the endpoints that want it now, and lets their idle lanes
 * fall behind: all of it in the transaction of the command.
 */
export function appendEvent(
  tables: Tables,
  state: GroupState,
  entry: Omit<LogEntry, 'audience'>,
  suppressed = false,
): Appended {
  const { streamId, app, groupId } = state.group;
  const seq = state.head + 1;
  const audience =
    suppressed || !isDeliverable(entry.kind) ? [] : tables.endpoints.matching(app, entry.kind, groupId);
  tables.log.append(streamId, seq, { ...entry, audience: tables.endpoints.audienceOf(audience) });
  state.head = seq;
  state.lastTime = entry.time;
  state.trimAt ??= entry.time;
  tables.groups.touch(state);
  for (const endpoint of audience) {
    const fresh = tables.lanes.fallBehind(endpoint.id, streamId, seq - 1, entry.time);
    tables.hints.push(
      fresh ? { endpointId: endpoint.id, streamId, cursor: seq - 1 } : { endpointId: endpoint.id, streamId },
    );
  }
  return { seq, wanted: audience.length > 0 };
}

function isDeliverable(kind: string): kind is EventKind {
  return (EVENT_KINDS as readonly string[]).includes(kind);
}

/** Appends an event that no endpoint can ask for yet, with its facts as JSON. */
export function appendFact(
  tables: Tables,
  state: GroupState,
  kind: string,
  now: number,
  facts: unknown,
): Appended {
  return appendEvent(tables, state, {
    kind,
    time: streamTime(state, now),
    msgSeq: null,
    random: null,
    origin: null,
    payload: JSON.stringify(facts),
  });
}
