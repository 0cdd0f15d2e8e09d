import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

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

/** The values of a row under the numbers of its columns, from 0. */
type Values = Readonly<Record<number, SQLOutputValue>>;

/** From the values of a row the row that the statement's users see. */
type Shape<Row> = (statement: StatementSync) => (values: Values) => Row;

/**
 * The driver gives each row as an object a hidden class of its own, so that V8 finds no property of it again without searching: arrays
 * that become objects here, all of a statement's alike, are read in 0.6 of the time.
 */
const named: Shape<Record<string, SQLOutputValue | undefined>> = (statement) => {
  const names = statement.columns().map(({ name }) => name);
  return (values) => {
    const row: Record<string, SQLOutputValue | undefined> = {};
    for (const [index, name] of names.entries()) row[name] = values[index];
    return row;
  };
};

const inOrder: Shape<Values> = () => (values) => values;

class Prepared<Row> implements Statement<Row> {
  readonly #db: DatabaseSync;
  readonly #sql: string;
  readonly #shape: Shape<unknown>;
  #known: { readonly statement: StatementSync; readonly rowOf: (values: Values) => Row } | undefined;

  constructor(db: DatabaseSync, sql: string, shape: Shape<unknown>) {
    this.#db = db;
    this.#sql = sql;
    this.#shape = shape;
  }

  get(...params: SQLInputValue[]): Row | undefined {
    const { statement, rowOf } = this.#prepared;
    const values = statement.get(...params);
    return values && rowOf(values);
  }

  all(...params: SQLInputValue[]): Row[] {
    const { statement, rowOf } = this.#prepared;
    return statement.all(...params).map(rowOf);
  }

  *iterate(...params: SQLInputValue[]): Iterable<Row> {
    const { statement, rowOf } = this.#prepared;
    for (const values of statement.iterate(...params)) yield rowOf(values);
  }

  run(...params: SQLInputValue[]): number {
    return Number(this.#prepared.statement.run(...params).changes);
  }

  insert(...params: SQLInputValue[]): number {
    return Number(this.#prepared.statement.run(...params).lastInsertRowid);
  }

  get #prepared() {
    this.#known ??= this.#prepare();
    return this.#known;
  }

  #prepare() {
    const statement = this.#db.prepare(this.#sql.replaceAll(BARE_LIMIT, HIDDEN_LIMIT));
    statement.setReturnArrays(true);
    return { statement, rowOf: this.#shape(statement) as (values: Values) => Row };
  }
}

/** SQLite prepares it when it is first used: a store has some 190 of them, and a process that opens one needs a part. */
export function statement<Row>(db: DatabaseSync, sql: string): Statement<Row> {
  return new Prepared(db, sql, named);
}

/** The same with the values of a row in the order of its columns, not by their names. */
export function arrayStatement<Row extends readonly unknown[]>(
  db: DatabaseSync,
  sql: string,
): Statement<Row> {
  return new Prepared(db, sql, inOrder);
}
