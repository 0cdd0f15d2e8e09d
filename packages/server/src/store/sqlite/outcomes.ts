import type { DatabaseSync } from 'node:sqlite';
import type { Checkpoint, CloseDeadLetters } from '../commands.ts';
import type { DeliveredRange, FailedAttempt, LaneKey, LaneRow, PassedRange } from '../lanes.ts';
import { type Statement, statement } from './statement.ts';
import { streamsOfGroup, streamsOfTopic } from './streams-of-place.ts';

interface LastAttempt {
  id: number;
  verdict: string;
  status: number | null;
}

export interface DeadLetter {
  readonly id: number;
  readonly endpoint_id: number;
  readonly stream_id: number;
  readonly log_seq: number;
  readonly replayed_at: number | null;
  readonly dismissed: 0 | 1;
}

/** A range of deliveries is extended while it is younger than this, then a new row begins. */
export const RANGE_MS = 60_000;

/** What became of deliveries: failed attempts, ranges of delivered events, dead letters. */
export class Outcomes {
  readonly #insertAttempt;
  readonly #lastAttempt: Statement<LastAttempt>;
  readonly #repeatAttempt;
  readonly #lastRange: Statement<{ from_seq: number; through_seq: number; first_at: number }>;
  readonly #extendRange;
  readonly #insertRange;
  readonly #passRange;
  readonly #insertDeadLetter;
  readonly #deadLetterRest;
  readonly #deadLetter: Statement<DeadLetter>;
  readonly #openDeadLetters: Statement<DeadLetter>;
  readonly #openInGroup: Statement<DeadLetter>;
  readonly #openInTopic: Statement<DeadLetter>;
  readonly #openOne: Statement<DeadLetter>;
  readonly #lastDeadLetter: Statement<{ id: number | null }>;
  readonly #close;

  constructor(db: DatabaseSync) {
    this.#insertAttempt = statement(
      db,
      'INSERT INTO attempt VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)',
    );
    this.#lastAttempt = statement(
      db,
      `SELECT id, verdict, status FROM attempt WHERE endpoint_id = ? AND stream_id = ? AND log_seq = ?
       ORDER BY id DESC LIMIT 1`,
    );
    this.#repeatAttempt = statement(db, 'UPDATE attempt SET count = count + 1, last_at = ? WHERE id = ?');
    this.#lastRange = statement(
      db,
      `SELECT from_seq, through_seq, first_at FROM delivered WHERE endpoint_id = ? AND stream_id = ?
       ORDER BY from_seq DESC, first_at DESC LIMIT 1`,
    );
    this.#extendRange = statement(
      db,
      `UPDATE delivered SET through_seq = ?, count = count + ?, last_at = ?
       WHERE endpoint_id = ? AND stream_id = ? AND from_seq = ? AND first_at = ?`,
    );
    this.#insertRange = statement(
      db,
      `INSERT INTO delivered (endpoint_id, stream_id, from_seq, through_seq, count, first_at, last_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT DO UPDATE SET through_seq = max(through_seq, ?4), count = count + ?5, last_at = ?7`,
    );
    this.#passRange = statement(
      db,
      `UPDATE delivered SET passed_from = min(coalesce(passed_from, ?5), ?5), passed_through = max(coalesce(passed_through, ?6), ?6),
         passed_at = ?7, passes = passes + ?8
       WHERE endpoint_id = ?1 AND stream_id = ?2 AND from_seq = ?3 AND first_at = ?4`,
    );
    this.#insertDeadLetter = statement(
      db,
      'INSERT INTO dead_letter VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)',
    );
    this.#deadLetterRest = statement(
      db,
      `INSERT INTO dead_letter (endpoint_id, stream_id, log_seq, reason, detail, attempts, first_attempt_at, at)
       SELECT ?1, ?2, r.log_seq, 'endpoint-deleted',
         'the endpoint was deleted; this event and all later ones of the group were not delivered to it', 0, ?4, ?4
       FROM log r JOIN audience a ON a.id = r.audience
       WHERE r.stream_id = ?2 AND r.log_seq > ?3
         AND EXISTS (SELECT 1 FROM json_each(a.endpoints) WHERE value = ?1)
       ORDER BY r.log_seq LIMIT 1`,
    );
    this.#deadLetter = statement(db, 'SELECT * FROM dead_letter WHERE id = ?');
    const open = `SELECT d.* FROM dead_letter d JOIN endpoint e ON e.id = d.endpoint_id
       WHERE d.replayed_at IS NULL AND d.id > ?1 AND d.id <= ?2 AND e.app = ?3 AND (?4 IS NULL OR e.name = ?4)`;
    this.#openDeadLetters = statement(db, `${open} ORDER BY d.id LIMIT ?5`);
    const place = { inApp: 'app = ?3', group: '?6', topic: '?7', groupIsAny: '?6 IS NULL' };
    const openIn = (streams: string) =>
      statement<DeadLetter>(db, `${open} AND d.stream_id IN (${streams}) ORDER BY +d.id LIMIT ?5`);
    this.#openInGroup = openIn(streamsOfGroup(place));
    this.#openInTopic = openIn(streamsOfTopic(place));
    this.#openOne = statement(db, `${open} AND d.id = ?6 LIMIT ?5`);
    this.#lastDeadLetter = statement(db, 'SELECT max(id) AS id FROM dead_letter');
    this.#close = statement(db, 'UPDATE dead_letter SET replayed_at = ?, dismissed = ? WHERE id = ?');
  }

  /** Keeps every attempt; probes of an open breaker that end alike share a row. */
  failed(attempt: FailedAttempt): void {
    const { endpointId, streamId } = attempt.lane;
    if (attempt.probe) {
      const last = this.#lastAttempt.get(endpointId, streamId, attempt.seq);
      if (last?.verdict === attempt.verdict && last.status === (attempt.status ?? null)) {
        this.#repeatAttempt.run(attempt.at, last.id);
        return;
      }
    }
    this.#insertAttempt.run(
      endpointId,
      streamId,
      attempt.seq,
      attempt.attempt,
      attempt.at,
      Math.round(attempt.durationMs),
      attempt.verdict,
      attempt.status ?? null,
      attempt.detail,
      attempt.answer ?? null,
      attempt.at,
    );
  }

  delivered({ endpointId, streamId }: LaneKey, range: DeliveredRange, passed?: PassedRange): void {
    const last = this.#lastRange.get(endpointId, streamId);
    const follows = last !== undefined && last.through_seq + 1 === range.fromSeq;
    const { throughSeq, count, lastAt } = range;
    let { fromSeq, firstAt } = range;
    if (follows && lastAt - last.first_at < RANGE_MS) {
      ({ from_seq: fromSeq, first_at: firstAt } = last);
      this.#extendRange.run(throughSeq, count, lastAt, endpointId, streamId, fromSeq, firstAt);
    } else this.#insertRange.run(endpointId, streamId, fromSeq, throughSeq, count, firstAt, lastAt);
    if (passed === undefined) return;
    const { at, times } = passed;
    const row = [endpointId, streamId, fromSeq, firstAt] as const;
    this.#passRange.run(...row, passed.fromSeq, passed.throughSeq, at, times);
  }

  deadLetter(letter: Checkpoint['deadLetters'][number], now: number): void {
    const { endpointId, streamId } = letter.lane;
    const { seq, reason, detail, attempts, firstAttemptAt } = letter;
    this.#insertDeadLetter.run(endpointId, streamId, seq, reason, detail, attempts, firstAttemptAt, now);
  }

  /** What a lane of a deleted endpoint had not delivered ends as one dead letter, at the first such event. */
  deadLetterRest({ endpointId, streamId, cursor }: LaneRow, now: number): void {
    this.#deadLetterRest.run(endpointId, streamId, cursor, now);
  }

  getDeadLetter(id: number): DeadLetter | undefined {
    return this.#deadLetter.get(id);
  }

  /** Neither replayed nor dismissed, oldest first. */
  openDeadLetters(
    query: Omit<CloseDeadLetters, 'type' | 'how' | 'now'> & { readonly through: number },
  ): DeadLetter[] {
    const { after, through, app, endpoint, groupId, topicId, id, limit } = query;
    const which = [after, through, app, endpoint ?? null, limit] as const;
    if (id !== undefined) return this.#openOne.all(...which, id);
    if (topicId !== undefined) return this.#openInTopic.all(...which, groupId ?? null, topicId);
    if (groupId !== undefined) return this.#openInGroup.all(...which, groupId);
    return this.#openDeadLetters.all(...which);
  }

  /** The newest one, open or not; 0 without any. */
  lastDeadLetter(): number {
    return this.#lastDeadLetter.get()?.id ?? 0;
  }

  /** It no longer keeps its event. */
  closeDeadLetter(id: number, now: number, dismissed: boolean): void {
    this.#close.run(now, dismissed ? 1 : 0, id);
  }
}
