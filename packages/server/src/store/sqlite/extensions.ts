import type { DatabaseSync } from 'node:sqlite';
import type { ExtensionChange, ExtensionPair, ExtensionState } from '../../domain/message-extensions.ts';
import { type Statement, statement } from './statement.ts';

/** Key-value pairs of messages. */
export class Extensions {
  readonly #state: Statement<ExtensionState>;
  readonly #pairs: Statement<ExtensionPair>;
  readonly #page: Statement<ExtensionPair>;
  readonly #putState;
  readonly #put;
  readonly #delete;
  readonly #clear;

  constructor(db: DatabaseSync) {
    this.#state = statement(
      db,
      `SELECT latest_seq AS latestSeq, clear_seq AS clearSeq, minute, writes, count FROM extension_state
       WHERE stream_id = ? AND msg_seq = ?`,
    );
    this.#pairs = statement(
      db,
      `SELECT key, value, seq FROM extension WHERE stream_id = ? AND msg_seq = ?
       AND key IN (SELECT value FROM json_each(?))`,
    );
    this.#page = statement(
      db,
      `SELECT key, value, seq FROM extension WHERE stream_id = ? AND msg_seq = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    );
    this.#putState = statement(
      db,
      `INSERT INTO extension_state VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (stream_id, msg_seq)
       DO UPDATE SET latest_seq = ?3, clear_seq = ?4, minute = ?5, writes = ?6, count = ?7`,
    );
    this.#put = statement(
      db,
      `INSERT INTO extension VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (stream_id, msg_seq, key)
       DO UPDATE SET value = ?4, seq = ?5`,
    );
    this.#delete = statement(db, 'DELETE FROM extension WHERE stream_id = ? AND msg_seq = ? AND key = ?');
    this.#clear = statement(db, 'DELETE FROM extension WHERE stream_id = ? AND msg_seq = ?');
  }

  state(streamId: number, msgSeq: number): ExtensionState | undefined {
    const row = this.#state.get(streamId, msgSeq);
    return row === undefined ? undefined : { ...row };
  }

  /** Those of these keys that exist. */
  pairs(streamId: number, msgSeq: number, keys: readonly string[]): ReadonlyMap<string, ExtensionPair> {
    if (keys.length === 0) return new Map();
    const rows = this.#pairs.all(streamId, msgSeq, JSON.stringify(keys));
    return new Map(rows.map((row) => [row.key, { ...row }]));
  }

  /** Pairs from a number on, in its order. */
  page(streamId: number, msgSeq: number, from: number, limit: number): ExtensionPair[] {
    return this.#page.all(streamId, msgSeq, from, limit).map((row) => ({ ...row }));
  }

  write(streamId: number, msgSeq: number, { state, set, deleted, cleared }: ExtensionChange): void {
    const { latestSeq, clearSeq, minute, writes, count } = state;
    this.#putState.run(streamId, msgSeq, latestSeq, clearSeq, minute, writes, count);
    if (cleared) this.#clear.run(streamId, msgSeq);
    for (const { key, value, seq } of set) this.#put.run(streamId, msgSeq, key, value, seq);
    for (const key of deleted) this.#delete.run(streamId, msgSeq, key);
  }
}
