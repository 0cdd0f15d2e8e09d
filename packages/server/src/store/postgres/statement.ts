import { plain } from './arrays.ts';

/** Buffers are sent in PostgreSQL's binary form: whole columns, see `arrays.ts`. */
export type Value = string | number | boolean | null | Buffer;

/** SQL that each connection prepares once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface Call {
  readonly statement: Statement;
  readonly values: readonly Value[];
}

export type Row = Record<string, unknown>;

/** A row as the SQL that asked for it names its columns: what TypeScript cannot check is claimed here alone. */
export function rowAs<Shape>(row: unknown): Shape {
  return row as Shape;
}

let statements = 0;

export function statement(text: string): Statement {
  statements += 1;
  return { name: `confab_${statements}`, text };
}

export function call(of: Statement, ...values: readonly Value[]): Call {
  return { statement: of, values: values.map((value) => (typeof value === 'string' ? plain(value) : value)) };
}
