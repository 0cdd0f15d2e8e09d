/**
 * A state that was put back has forgotten what it gave out after the backup was made, and would give the same numbers to other events
 * and groups: a `webhook-id` names an event by them, so receivers would drop what is new to them. So each log goes on at a number that
 * was never given out: the next thousand million that is at least a thousand million away, and streams likewise (docs/decisions/0022).
 */
const GAP = 1_000_000_000;

const onward = (number: string) => `((${number} + ${2 * GAP - 1}) / ${GAP}) * ${GAP}`;

/** SQL that both stores understand, in its order. The event marks the end of what is known, so that lanes which are behind find it. */
export const MARK_RESTORED: readonly string[] = [
  `INSERT INTO log (stream_id, log_seq, kind, time, audience)
     SELECT id, ${onward('head')}, 'log.restored', last_time, 0 FROM stream`,
  `UPDATE stream SET head = ${onward('head')}, trim_at = coalesce(trim_at, last_time)`,
];

/** Id of a stream that stands for all those that may have been made since. */
export const NEXT_STREAM = onward('coalesce(max(id), 0)');

/** Lags are counted where they reach over such a gap: the difference of two numbers is not what stands between them. */
export const LONGEST_RUN = GAP;

export interface Restored {
  readonly groups: number;
  /** Lanes that were behind: what they still have to get may be at its receivers already, under the same ids. */
  readonly lanesBehind: number;
  /** Unix ms of the last event that is in it; 0 when there is none. */
  readonly lastEventAt: number;
}

export interface RestoreNote {
  readonly now: number;
  /** `MsgSeq`s that each group leaves out: those that clients may have seen. */
  readonly skipMsgSeqs: number;
}
