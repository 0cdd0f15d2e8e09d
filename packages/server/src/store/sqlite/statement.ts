import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

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
const BARE_LIMIT = /\bLIMIT \?/g;

export function statement<Row>(db: DatabaseSync, sql: string): Statement<Row> {
  const prepared = db.prepare(sql.replaceAll(BARE_LIMIT, 'LIMIT +?'));
  return {
    get: (...params) => prepared.get(...params) as Row | undefined,
    all: (...params) => prepared.all(...params) as Row[],
    iterate: (...params) => prepared.iterate(...params) as Iterable<Row>,
    run: (...params) => Number(prepared.run(...params).changes),
    insert: (...params) => Number(prepared.run(...params).lastInsertRowid),
  };
}
