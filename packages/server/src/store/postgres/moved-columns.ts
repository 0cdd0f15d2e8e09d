import type { Cell } from '../move-side.ts';
import { bytes, int8s, texts } from './arrays.ts';

/** How the values of one type travel: out as text of the database, in as a binary array of a whole page. */
export interface ColumnType {
  /** Of the database's text, null excepted. */
  read(text: string): Cell;
  write(values: readonly Cell[]): Buffer;
  /** Type of the array that `write` makes. */
  readonly array: string;
  /** SQL that makes a value of the column from an element of that array. */
  cast(element: string): string;
}

const asIs = (element: string) => element;
const integer: ColumnType = {
  read: Number,
  write: (values) => int8s(values as readonly (number | null)[]),
  array: 'int8[]',
  cast: asIs,
};

/** By the name of the type in `pg_type`. A table with another type cannot be moved before it stands here. */
export const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  int8: integer,
  int4: integer,
  text: {
    read: asIs,
    write: (values) => texts(values as readonly (string | null)[]),
    array: 'text[]',
    cast: asIs,
  },
  bytea: {
    read: (text) => Buffer.from(text.slice(2), 'hex').toString('utf8'),
    write: (values) => bytes(values as readonly (string | null)[]),
    array: 'bytea[]',
    cast: asIs,
  },
  bool: { ...integer, read: (text) => (text === 't' ? 1 : 0), cast: (element) => `${element} <> 0` },
  /** JSON over there: [1,2]; {1,2} here. */
  _int8: {
    read: (text) => `[${text.slice(1, -1)}]`,
    write: (values) =>
      texts(values.map((value) => (value === null ? null : `{${String(value).slice(1, -1)}}`))),
    array: 'text[]',
    cast: (element) => `${element}::int8[]`,
  },
};
