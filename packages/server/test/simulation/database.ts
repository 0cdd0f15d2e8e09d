import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

const MIGRATIONS = new URL('../../src/store/sqlite/migrations/', import.meta.url);

/** An error as `node:sqlite` throws it; `errcode` is SQLite's result code. */
function sqliteError(errcode: number, message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });
}

/**
 * A real SQLite database in memory that outlives the crashes of a history and is emptied for the next one. Prepared
 * statements are kept: opening a core over it again, as a restart does, takes 0.1 ms in place of 5.
 */
export class SimulatedDatabase extends DatabaseSync {
  readonly #prepared = new Map<string, StatementSync>();
  readonly #deletions: readonly StatementSync[];
  /** So many of the next commits fail as on a full disk, and are rolled back. */
  fullDisk = 0;
  /** The next transaction cannot begin, for somebody else holds the database. */
  locked = false;

  constructor() {
    super(':memory:');
    for (const name of readdirSync(MIGRATIONS)
      .filter((file) => file.endsWith('.sql'))
      .sort()) {
      super.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
    }
    const tables = this.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid DESC",
    ).all();
    this.#deletions = tables.map(({ name }) => this.prepare(`DELETE FROM ${name}`));
  }

  override prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const made = super.prepare(sql);
    this.#prepared.set(sql, made);
    return made;
  }

  override exec(sql: string): void {
    if (sql === 'COMMIT' && this.fullDisk > 0) {
      this.fullDisk -= 1;
      throw sqliteError(13, 'database or disk is full');
    }
    if (this.locked && sql === 'BEGIN IMMEDIATE') {
      this.locked = false;
      throw sqliteError(5, 'database is locked');
    }
    super.exec(sql);
  }

  /** As new. Row ids begin at 1 again, since no table keeps a count of its own. */
  clear(): void {
    this.fullDisk = 0;
    this.locked = false;
    if (this.isTransaction) super.exec('ROLLBACK');
    super.exec('BEGIN');
    for (const deletion of this.#deletions) deletion.run();
    super.exec('COMMIT');
  }
}
