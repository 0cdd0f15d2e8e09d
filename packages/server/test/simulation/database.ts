import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

const MIGRATIONS = new URL('../../src/store/sqlite/migrations/', import.meta.url);

/** An error as `node:sqlite` throws it; `errcode` is SQLite's result code. */
function sqliteError(errcode: number, message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });
}

/** Lets a statement throw what `fail` throws, in place of being run. */
function failingFirst(statement: StatementSync, fail: () => void): void {
  const run = statement.run.bind(statement);
  statement.run = () => {
    fail();
    return run();
  };
}

/**
 * A real SQLite database in memory that outlives the crashes of a history and is emptied for the next one. Prepared
 * statements are kept: opening a core over it again, as a restart does, takes some 10 µs.
 */
export class SimulatedDatabase extends DatabaseSync {
  readonly #prepared = new Map<string, StatementSync>();
  readonly #looks = new Map<string, StatementSync>();
  readonly #filledTables: StatementSync;
  /** So many of the next commits fail as on a full disk, and are rolled back. */
  fullDisk = 0;
  /** The next transaction cannot begin, for somebody else holds the database. */
  locked = false;

  constructor() {
    super(':memory:');
    // A history has few rows, and a transaction copies each page that it changes: small ones make a tenth more histories a second.
    super.exec('PRAGMA page_size = 512');
    for (const name of readdirSync(MIGRATIONS)
      .filter((file) => file.endsWith('.sql'))
      .sort()) {
      super.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
    }
    // Who refers to another table was made after it, and is emptied before it.
    const tables = this.look("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid DESC");
    const filled = tables
      .all()
      .map(({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM ${name})`);
    this.#filledTables = this.look(filled.join(' UNION ALL '));
  }

  override prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const made = super.prepare(sql);
    const columns = made.columns();
    made.columns = () => columns;
    if (sql === 'BEGIN IMMEDIATE') failingFirst(made, () => this.#failToBegin());
    if (sql === 'COMMIT') failingFirst(made, () => this.#failToCommit());
    this.#prepared.set(sql, made);
    return made;
  }

  /** Prepared for who looks past the code under test, which never meets it. */
  look(sql: string): StatementSync {
    const known = this.#looks.get(sql) ?? super.prepare(sql);
    this.#looks.set(sql, known);
    return known;
  }

  #failToBegin(): void {
    if (!this.locked) return;
    this.locked = false;
    throw sqliteError(5, 'database is locked');
  }

  #failToCommit(): void {
    if (this.fullDisk === 0) return;
    this.fullDisk -= 1;
    throw sqliteError(13, 'database or disk is full');
  }

  /** As new. Row ids begin at 1 again, since no table keeps a count of its own. */
  clear(): void {
    this.fullDisk = 0;
    this.locked = false;
    if (this.isTransaction) super.exec('ROLLBACK');
    super.exec('BEGIN');
    for (const { name } of this.#filledTables.all()) this.look(`DELETE FROM ${name}`).run();
    super.exec('COMMIT');
  }
}
