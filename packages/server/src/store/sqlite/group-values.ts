import type { DatabaseSync } from 'node:sqlite';
import { type Statement, statement } from './statement.ts';

/** What a group has one of, small enough to be read and written whole. */
export type GroupValueName = 'attributes' | 'counters' | 'topic' | 'live';

/** Small values of groups, as JSON text, by stream and name. */
export class GroupValues {
  readonly #get: Statement<{ value: string }>;
  readonly #put;
  readonly #purge;

  constructor(db: DatabaseSync) {
    this.#get = statement(db, 'SELECT value FROM group_value WHERE stream_id = ? AND name = ?');
    this.#put = statement(
      db,
      'INSERT INTO group_value VALUES (?1, ?2, ?3) ON CONFLICT (stream_id, name) DO UPDATE SET value = ?3',
    );
    this.#purge = statement(db, 'DELETE FROM group_value WHERE stream_id = ?');
  }

  get(streamId: number, name: GroupValueName): string | undefined {
    return this.#get.get(streamId, name)?.value;
  }

  put(streamId: number, name: GroupValueName, value: string): void {
    this.#put.run(streamId, name, value);
  }

  /** All of a group that was disbanded. */
  purge(streamId: number): void {
    this.#purge.run(streamId);
  }
}
