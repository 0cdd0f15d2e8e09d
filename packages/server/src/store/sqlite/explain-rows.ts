import type { DatabaseSync } from 'node:sqlite';
import { statement } from './statement.ts';

/**
 * Rows that one question looks at, of each kind: it is asked while messages are sent, on the same thread. What lies further back
 * makes an answer less exact, never wrong: an attempt is not counted, what a deleted endpoint owed shows as settled.
 */
export const ATTEMPTS = 10_000;
export const RANGES = 256;
export const LETTERS = 10_000;
export const AUDIT_LINES = 10_000;

export interface EventRow {
  log_seq: number;
  kind: string;
  time: number;
  audience: number;
  msg_seq: number | null;
  payload: string | null;
  extra: string | null;
}

export interface LetterRow {
  id: number;
  reason: string;
  detail: string;
  attempts: number;
  logSeq: number;
  at: number;
  replayedAt: number | null;
  dismissed: 0 | 1;
}

export interface FailureRow {
  at: number;
  verdict: string;
  status: number | null;
  detail: string;
}

export interface GoneRow {
  stream_id: number;
  next_msg_seq: number;
  head: number;
  destroyed_at: number;
}

interface One<Row> {
  get(...params: (number | string)[]): Row | undefined;
}

/** What an explanation asks of the tables, one row each. Parameters in the order endpoint, stream, log sequence. */
export interface ExplainRows {
  /** By stream and log sequence. */
  readonly event: One<EventRow>;
  /** By stream and `MsgSeq`. */
  readonly message: One<{ log_seq: number; time: number; tip: number; extra: string | null }>;
  /** Up to a time. */
  readonly failures: One<{ n: number | null }>;
  readonly lastFailure: One<FailureRow>;
  /** `begunAt`: when the last of them began. */
  readonly ranges: One<{ firstAt: number | null; lastAt: number; count: number; begunAt: number }>;
  /** The last position of the receiver that lies beyond the event, which was not sent then. */
  readonly passed: One<{ at: number; through: number; times: number }>;
  readonly openLetter: One<LetterRow>;
  readonly replayedLetter: One<LetterRow>;
  readonly deletedLetter: One<LetterRow>;
  readonly replay: One<{ covers: number | null }>;
  /** The last group of that id that was disbanded, by app and id. */
  readonly goneGroup: One<GoneRow>;
  /** The same of a topic, by app, group and topic. */
  readonly goneTopic: One<GoneRow>;
  /** By `<app>/<endpoint>`. */
  readonly pausedBy: One<{ actor: string; at: number }>;
}

const GONE = `SELECT g.stream_id, g.next_msg_seq, s.head, g.destroyed_at FROM chat_group g JOIN stream s ON s.id = g.stream_id
  WHERE g.destroyed_at IS NOT NULL AND`;
const LETTER = `SELECT id, reason, detail, attempts, log_seq AS logSeq, at, replayed_at AS replayedAt, dismissed FROM`;

export function explainRows(db: DatabaseSync): ExplainRows {
  const ofEvent = 'attempt WHERE endpoint_id = ? AND stream_id = ? AND log_seq = ? AND at <= ?';
  const ranges = `SELECT * FROM delivered WHERE endpoint_id = ?1 AND stream_id = ?2 AND from_seq <= ?3
    ORDER BY from_seq DESC, first_at DESC LIMIT ${RANGES}`;
  return {
    event: statement(
      db,
      `SELECT l.log_seq, l.kind, l.time, l.audience, l.msg_seq, l.payload, m.extra FROM log l
       LEFT JOIN message m ON l.payload IS NULL AND m.stream_id = l.stream_id AND m.msg_seq = l.msg_seq
       WHERE l.stream_id = ? AND l.log_seq = ?`,
    ),
    message: statement(
      db,
      'SELECT log_seq, time, tip, extra FROM message WHERE stream_id = ? AND msg_seq = ?',
    ),
    failures: statement(db, `SELECT sum(count) AS n FROM (SELECT count FROM ${ofEvent} LIMIT ${ATTEMPTS})`),
    lastFailure: statement(
      db,
      `SELECT last_at AS at, verdict, status, detail FROM ${ofEvent} ORDER BY id DESC LIMIT 1`,
    ),
    ranges: statement(
      db,
      `SELECT min(first_at) AS firstAt, max(last_at) AS lastAt, sum(count) AS count, max(first_at) AS begunAt
       FROM (${ranges}) WHERE through_seq >= ?3`,
    ),
    passed: statement(
      db,
      `SELECT passed_at AS at, passed_through AS through, passes AS times FROM (${ranges})
       WHERE passed_from <= ?3 AND passed_through >= ?3 ORDER BY passed_at DESC LIMIT 1`,
    ),
    openLetter: statement(
      db,
      `${LETTER} dead_letter WHERE replayed_at IS NULL AND stream_id = ?2 AND log_seq = ?3 AND endpoint_id = ?1
       ORDER BY id DESC LIMIT 1`,
    ),
    replayedLetter: statement(
      db,
      `${LETTER} dead_letter WHERE endpoint_id = ?1 AND stream_id = ?2 AND log_seq = ?3 AND replayed_at IS NOT NULL
       ORDER BY id DESC LIMIT 1`,
    ),
    deletedLetter: statement(
      db,
      `${LETTER} (SELECT * FROM dead_letter WHERE replayed_at IS NULL AND stream_id = ?2 AND log_seq <= ?3
         ORDER BY log_seq DESC LIMIT ${LETTERS})
       WHERE endpoint_id = ?1 AND reason = 'endpoint-deleted' LIMIT 1`,
    ),
    replay: statement(
      db,
      `SELECT max(next_seq <= ?3 AND through_seq >= ?3) AS covers FROM replay
       WHERE endpoint_id = ?1 AND stream_id = ?2`,
    ),
    goneGroup: statement(
      db,
      `${GONE} g.app = ? AND g.group_id = ? AND g.topic_of IS NULL ORDER BY g.stream_id DESC LIMIT 1`,
    ),
    goneTopic: statement(
      db,
      `${GONE} g.app = ? AND g.topic_of = ? AND g.group_id = ? ORDER BY g.stream_id DESC LIMIT 1`,
    ),
    pausedBy: statement(
      db,
      `SELECT actor, at FROM audit WHERE id > (SELECT coalesce(max(id), 0) - ${AUDIT_LINES} FROM audit)
         AND action = 'endpoint.pause' AND target = ? AND detail NOT LIKE 'refused:%' ORDER BY id DESC LIMIT 1`,
    ),
  };
}
