import type { DatabaseSync } from 'node:sqlite';
import type { Checkpoint, CloseDeadLetters } from '../commands.ts';
import type { DeliveredRange, FailedAttempt, LaneKey, LaneRow } from '../lanes.ts';
import { type Statement, statement } from './statement.ts';

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
  readonly #insertDeadLetter;
  readonly #deadLetterRest;
  readonly #deadLetter: Statement<DeadLetter>;
  readonly #openDeadLetters: Statement<DeadLetter>;
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
      `INSERT INTO delivered VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT DO UPDATE SET through_seq = max(through_seq, ?4), count = count + ?5, last_at = ?7`,
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
    this.#openDeadLetters = statement(
      db,
      `SELECT d.* FROM dead_letter d JOIN endpoint e ON e.id = d.endpoint_id JOIN chat_group g ON g.stream_id = d.stream_id
       WHERE d.replayed_at IS NULL AND d.id > ?1 AND d.id <= ?2 AND e.app = ?3
         AND (?4 IS NULL OR e.name = ?4) AND (?5 IS NULL OR g.group_id = ?5 OR g.topic_of = ?5)
         AND (?6 IS NULL OR (g.topic_of IS NOT NULL AND g.group_id = ?6)) AND (?7 IS NULL OR d.id = ?7)
       ORDER BY d.id LIMIT ?8`,
    );
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

  delivered({ endpointId, streamId }: LaneKey, range: DeliveredRange): void {
    const last = this.#lastRange.get(endpointId, streamId);
    const follows = last !== undefined && last.through_seq + 1 === range.fromSeq;
    if (follows && range.lastAt - last.first_at < RANGE_MS) {
      const { throughSeq, count, lastAt } = range;
      this.#extendRange.run(throughSeq, count, lastAt, endpointId, streamId, last.from_seq, last.first_at);
      return;
    }
    const { fromSeq, throughSeq, count, firstAt, lastAt } = range;
    this.#insertRange.run(endpointId, streamId, fromSeq, throughSeq, count, firstAt, lastAt);
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
    return this.#openDeadLetters.all(
      after,
      through,
      app,
      endpoint ?? null,
      groupId ?? null,
      topicId ?? null,
      id ?? null,
      limit,
    );
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
