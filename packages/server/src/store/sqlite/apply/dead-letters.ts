import type { CloseDeadLetters, Refused, ReplayDeadLetter, ResultMap } from '../../commands.ts';
import type { DeadLetter } from '../outcomes.ts';
import type { Tables } from '../tables.ts';
import { replayRange } from './endpoints.ts';

export function applyReplayDeadLetter(
  tables: Tables,
  command: ReplayDeadLetter,
): ResultMap['replayDeadLetter'] {
  const { id, app, now } = command;
  const letter = tables.outcomes.getDeadLetter(id);
  if (letter === undefined || tables.groups.identity(letter.stream_id)?.app !== app) {
    return refused('not-found', `there is no dead letter ${id}`);
  }
  if (tables.endpoints.get(letter.endpoint_id) === undefined)
    return refused(
      'conflict',
      `the endpoint of dead letter ${id} was deleted; dismiss the letter when you have dealt with it`,
    );
  if (letter.replayed_at !== null)
    return refused(
      'conflict',
      `dead letter ${id} was ${letter.dismissed === 1 ? 'dismissed' : 'replayed'} already`,
    );
  replay(tables, letter, now);
  return { kind: 'done' };
}

/** One page of the open dead letters that were asked for, oldest first; those of deleted endpoints cannot be replayed and stay. */
export function applyCloseDeadLetters(
  tables: Tables,
  command: CloseDeadLetters,
): ResultMap['closeDeadLetters'] {
  const { now, how, limit } = command;
  const through = command.through ?? tables.outcomes.lastDeadLetter();
  const letters = tables.outcomes.openDeadLetters({ ...command, through });
  let closed = 0;
  for (const letter of letters) {
    if (how === 'dismiss') tables.outcomes.closeDeadLetter(letter.id, now, true);
    else if (tables.endpoints.get(letter.endpoint_id) !== undefined) replay(tables, letter, now);
    else continue;
    closed += 1;
  }
  const last = letters.at(-1)?.id ?? through;
  return {
    kind: 'done',
    closed,
    left: letters.length - closed,
    last,
    through,
    more: letters.length === limit,
  };
}

function replay(tables: Tables, letter: DeadLetter, now: number): void {
  const { endpoint_id: endpointId, stream_id: streamId, log_seq: seq } = letter;
  const head = Math.max(seq, tables.groups.headOf(streamId));
  replayRange(tables, endpointId, { streamId, head }, { from: seq, through: seq, forced: true }, now);
  tables.outcomes.closeDeadLetter(letter.id, now, false);
}

function refused(code: Refused['code'], why: string): Refused {
  return { kind: 'refused', code, why };
}
