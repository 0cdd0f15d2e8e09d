import { type LaneEvent, type LaneRow, type RetryState, tombstoneOf } from '../store/lanes.ts';

/** What a row tells of an event and of its replay stands under one number; where one of them is a tombstone, that one counts. */
export function bySeq(retries: readonly RetryState[]): Map<number, RetryState> {
  const known = new Map<number, RetryState>();
  for (const retry of retries) {
    if (known.get(retry.seq)?.tombstone === undefined) known.set(retry.seq, retry);
  }
  return known;
}

/** A tombstone waits in the lane's own order, also while the event that it stands for is sent again on request. */
export function retryOf(
  { seq, replayId }: LaneEvent,
  retries: ReadonlyMap<number, RetryState>,
): RetryState | undefined {
  const retry = retries.get(seq);
  return replayId !== undefined && retry?.tombstone !== undefined ? undefined : retry;
}

/** The event, or its tombstone where it was given up before. */
export function asRetried(event: LaneEvent, retry: RetryState | undefined): LaneEvent {
  if (retry?.tombstone === undefined || event.tombstone !== undefined) return event;
  return tombstoneOf(event, retry.tombstone);
}

export function reasonOf({ tombstone }: LaneEvent): { readonly tombstone?: string } {
  return tombstone === undefined ? {} : { tombstone };
}

/** The row for an endpoint that has left the dialect `standard`: in the others nothing is sent for what was given up. */
export function withoutTombstones(row: LaneRow): LaneRow {
  const given = row.retries.filter(({ tombstone }) => tombstone !== undefined);
  if (given.length === 0) return row;
  const retries = row.retries.filter(({ tombstone }) => tombstone === undefined);
  return { ...row, acked: [...row.acked, ...given.map(({ seq }) => seq)], retries };
}
