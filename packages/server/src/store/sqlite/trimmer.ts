import type { DatabaseSync } from 'node:sqlite';
import { messagesKeptMs } from '../../domain/retention.ts';
import type { ResultMap, Trim } from '../commands.ts';
import { RANGE_MS } from './outcomes.ts';
import { type Statement, statement } from './statement.ts';
import type { SqliteTables } from './tables.ts';

/** A stream that something still pins is looked at again after this. */
const LOOK_AGAIN_MS = 10 * 60_000;
const STREAMS_PER_PAGE = 64;

/**
 * Deletes what is no longer needed, a page at a time (design "Trimming"): a log row when every cursor and replay has passed
 * it and the replay window is over, unless an open dead letter pins it; a message when its own window is over and its log
 * row is gone; failed attempts, delivered ranges and members of disbanded groups likewise.
 */
export class Trimmer {
  readonly #tables: SqliteTables;
  readonly #streams: Statement<{ id: number }>;
  readonly #pins: Statement<{ n: number }>;
  readonly #firstRow: Statement<{ time: number }>;
  readonly #deleteLog;
  readonly #firstMessage: Statement<{ time: number }>;
  readonly #deleteMessages;
  readonly #deleteDetails;
  readonly #setTrimAt;
  readonly #deleteAttempts;
  readonly #deleteDelivered;
  readonly #toPurge: Statement<{ stream_id: number }>;
  readonly #purged;

  constructor(db: DatabaseSync, tables: SqliteTables) {
    this.#tables = tables;
    this.#streams = statement(db, 'SELECT id FROM stream WHERE trim_at <= ? ORDER BY trim_at LIMIT ?');
    this.#pins = statement(
      db,
      'SELECT count(*) AS n FROM dead_letter WHERE stream_id = ? AND replayed_at IS NULL',
    );
    this.#firstRow = statement(db, 'SELECT time FROM log WHERE stream_id = ? ORDER BY log_seq LIMIT 1');
    this.#deleteLog = statement(
      db,
      `DELETE FROM log WHERE stream_id = ?1 AND log_seq <= ?2 AND time < ?3
       AND log_seq IN (SELECT log_seq FROM log WHERE stream_id = ?1 ORDER BY log_seq LIMIT ?4)
       AND NOT EXISTS (SELECT 1 FROM dead_letter d
         WHERE d.stream_id = log.stream_id AND d.log_seq = log.log_seq AND d.replayed_at IS NULL)`,
    );
    this.#firstMessage = statement(
      db,
      'SELECT time FROM message WHERE stream_id = ? ORDER BY msg_seq LIMIT 1',
    );
    this.#deleteMessages = statement(
      db,
      `DELETE FROM message WHERE stream_id = ?1 AND time < ?2
       AND msg_seq IN (SELECT msg_seq FROM message WHERE stream_id = ?1 ORDER BY msg_seq LIMIT ?3)
       AND NOT EXISTS (SELECT 1 FROM log l WHERE l.stream_id = ?1 AND l.log_seq = message.log_seq)`,
    );
    this.#deleteDetails = MESSAGE_DETAILS.map((table) =>
      statement(
        db,
        `DELETE FROM ${table} WHERE stream_id = ?1
         AND msg_seq < coalesce((SELECT min(msg_seq) FROM message WHERE stream_id = ?1), ${Number.MAX_SAFE_INTEGER})`,
      ),
    );
    this.#setTrimAt = statement(db, 'UPDATE stream SET trim_at = ? WHERE id = ?');
    const page = `SELECT id FROM attempt a WHERE last_at < ? AND NOT EXISTS (SELECT 1 FROM dead_letter d
      WHERE d.stream_id = a.stream_id AND d.log_seq = a.log_seq AND d.endpoint_id = a.endpoint_id
        AND d.replayed_at IS NULL) LIMIT ?`;
    this.#deleteAttempts = statement(db, `DELETE FROM attempt WHERE id IN (${page})`);
    this.#deleteDelivered = statement(
      db,
      `DELETE FROM delivered WHERE (endpoint_id, stream_id, from_seq, first_at) IN
       (SELECT endpoint_id, stream_id, from_seq, first_at FROM delivered WHERE first_at < ? LIMIT ?)`,
    );
    this.#toPurge = statement(
      db,
      'SELECT stream_id FROM chat_group WHERE destroyed_at IS NOT NULL AND member_num > 0 LIMIT 1',
    );
    this.#purged = statement(
      db,
      'UPDATE chat_group SET member_num = CASE WHEN ?1 < ?2 THEN 0 ELSE max(1, member_num - ?1) END WHERE stream_id = ?3',
    );
  }

  trim(command: Trim): ResultMap['trim'] {
    const { now, replayWindowMs, limit } = command;
    let rows = 0;
    let logRows = 0;
    let messages = 0;
    const streams = this.#streams.all(now, STREAMS_PER_PAGE);
    for (const { id } of streams) {
      const window = messageWindowOf(command, this.#tables.groups.identity(id));
      const trimmed = this.#trimStream(
        id,
        { ...command, messageWindowMs: window },
        Math.max(1, limit - rows),
      );
      logRows += trimmed.logRows;
      messages += trimmed.messages;
      rows = logRows + messages;
      this.#setTrimAt.run(trimmed.next, id);
      this.#tables.groups.setTrimAt(id, trimmed.next);
    }
    const kept = now - replayWindowMs;
    const others =
      replayWindowMs === 0
        ? 0
        : this.#deleteAttempts.run(kept, limit) + this.#deleteDelivered.run(kept - RANGE_MS, limit);
    const purged = this.#purgeMembers(limit) + this.#tables.chains.purge(limit);
    const more = streams.length === STREAMS_PER_PAGE || [rows, others, purged].some((n) => n >= limit);
    return { kind: 'done', logRows, messages, more };
  }

  #trimStream(
    streamId: number,
    { now, replayWindowMs, messageWindowMs }: Trim,
    limit: number,
  ): { logRows: number; messages: number; next: number | null } {
    let next: number | null = null;
    let logRows = 0;
    let messages = 0;
    // What a dead letter pins stays in front of the page, so the page reaches further by as much.
    const reach = limit + (this.#pins.get(streamId)?.n ?? 0);
    if (replayWindowMs > 0) {
      const settled = Math.min(
        this.#tables.lanes.lowestCursor(streamId) ?? Number.MAX_SAFE_INTEGER,
        (this.#tables.replays.lowestNext(streamId) ?? Number.MAX_SAFE_INTEGER) - 1,
      );
      // A repeated send is recognised by its log row.
      const windowMs = Math.max(replayWindowMs, this.#tables.rules.dedupWindowMs);
      logRows = this.#deleteLog.run(streamId, settled, now - windowMs, reach);
      const first = this.#firstRow.get(streamId);
      if (first !== undefined) next = nextLook(first.time + windowMs, logRows > 0, now);
    }
    if (messageWindowMs > 0) {
      messages = this.#deleteMessages.run(streamId, now - messageWindowMs, reach);
      if (messages > 0) for (const details of this.#deleteDetails) details.run(streamId);
      const first = this.#firstMessage.get(streamId);
      if (first !== undefined)
        next = earlier(next, nextLook(first.time + messageWindowMs, messages > 0, now));
    }
    return { logRows, messages, next };
  }

  /** Members, mutes and bans of one disbanded group that still has some. */
  #purgeMembers(limit: number): number {
    const group = this.#toPurge.get();
    if (group === undefined) return 0;
    const gone = this.#tables.members.purge(group.stream_id, limit);
    this.#purged.run(gone, limit, group.stream_id);
    return gone;
  }
}

/** How long the messages of a stream are kept; 0 = for ever. */
export function messageWindowOf(
  { messageWindowMs, apps }: Trim,
  group: { readonly app: number; readonly groupId: string } | undefined,
): number {
  if (apps === undefined || group === undefined) return messageWindowMs;
  return messagesKeptMs({ messagesMs: messageWindowMs, apps }, group.app, group.groupId);
}

/** Tables of what hangs on messages, by stream and `msg_seq`. */
export const MESSAGE_DETAILS = ['receipt', 'receipt_bits', 'extension', 'extension_state'] as const;

/** When a stream's oldest row can go; soon when this page took some and there may be more, later when it is pinned. */
export function nextLook(dueAt: number, tookSome: boolean, now: number): number {
  if (dueAt > now) return dueAt;
  return tookSome ? now : now + LOOK_AGAIN_MS;
}

export function earlier(a: number | null, b: number): number {
  return a === null ? b : Math.min(a, b);
}
