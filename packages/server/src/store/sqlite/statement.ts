import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** A prepared statement whose rows have a type. */
export interface Statement<Row> {
  get(...params: SQLInputValue[]): Row | undefined;
  all(...params: SQLInputValue[]): Row[];
  iterate(...params: SQLInputValue[]): Iterable<Row>;
  /** Number of rows changed. */
  run(...params: SQLInputValue[]): number;
  /** Runs an INSERT; the rowid it got. */
  insert(...params: SQLInputValue[]): number;
}

/**
 * SQLite looks at the value of a parameter that stands alone behind LIMIT when it plans, and therefore plans the statement anew
 * whenever one is bound: 5 to 40 µs a call, for the same plan. A plus sign hides the value.
 */
const BARE_LIMIT = 'LIMIT ?';
const HIDDEN_LIMIT = 'LIMIT +?';

class Prepared<Row> implements Statement<Row> {
  readonly #db: DatabaseSync;
  readonly #sql: string;
  readonly #asArrays: boolean;
  #known: StatementSync | undefined;

  constructor(db: DatabaseSync, sql: string, asArrays: boolean) {
    this.#db = db;
    this.#sql = sql;
    this.#asArrays = asArrays;
  }

  get(...params: SQLInputValue[]): Row | undefined {
    return this.#prepared.get(...params) as Row | undefined;
  }

  all(...params: SQLInputValue[]): Row[] {
    return this.#prepared.all(...params) as Row[];
  }

  iterate(...params: SQLInputValue[]): Iterable<Row> {
    return this.#prepared.iterate(...params) as Iterable<Row>;
  }

  run(...params: SQLInputValue[]): number {
    return Number(this.#prepared.run(...params).changes);
  }

  insert(...params: SQLInputValue[]): number {
    return Number(this.#prepared.run(...params).lastInsertRowid);
  }

  get #prepared(): StatementSync {
    this.#known ??= this.#prepare();
    return this.#known;
  }

  #prepare(): StatementSync {
    const made = this.#db.prepare(this.#sql.replaceAll(BARE_LIMIT, HIDDEN_LIMIT));
    if (this.#asArrays) made.setReturnArrays(true);
    return made;
  }
}

/** SQLite prepares it when it is first used: a store has some 190 of them, and a process that opens one needs a part. */
export function statement<Row>(db: DatabaseSync, sql: string): Statement<Row> {
  return new Prepared(db, sql, false);
}

/** The same with the values of a row in the order of its columns, not by their names. */
export function arrayStatement<Row extends readonly unknown[]>(
  db: DatabaseSync,
  sql: string,
): Statement<Row> {
  return new Prepared(db, sql, true);
}
