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

export function statement<Row>(db: DatabaseSync, sql: string): Statement<Row> {
  const prepared = db.prepare(sql);
  return {
    get: (...params) => prepared.get(...params) as Row | undefined,
    all: (...params) => prepared.all(...params) as Row[],
    iterate: (...params) => prepared.iterate(...params) as Iterable<Row>,
    run: (...params) => Number(prepared.run(...params).changes),
    insert: (...params) => Number(prepared.run(...params).lastInsertRowid),
  };
}
