/** Text and bytes are strings, truth values 0 and 1, lists JSON: what SQLite keeps. */
export type Cell = string | number | null;
export type Row = readonly Cell[];

/** A table as both stores show it, whatever each keeps where. */
export interface MovedTable {
  readonly name: string;
  /** Of each row, in this order. */
  readonly columns: readonly string[];
  /** Unique, never null; tables are read in its order, texts byte by byte. */
  readonly key: readonly string[];
}

/** What the state was called and how often it was opened: a move carries both on. */
export interface Identity {
  readonly installId: string;
  readonly generation: number;
}

/** One of the two databases of a move, which belongs to the mover alone until it is closed. */
export interface MoveSide {
  /** As it may be shown. */
  readonly label: string;
  readonly tables: readonly MovedTable[];
  /** Undefined in a database that no server has opened. */
  readonly identity: Identity | undefined;
  count(table: MovedTable): Promise<number>;
  /** All rows in the order of the key, or those behind one; pages of a few megabytes. */
  pages(table: MovedTable, after?: Row): AsyncIterable<readonly Row[]>;
  /** The group of a stream, for people. */
  groupOf(streamId: number): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The side that is written to. */
export interface MoveTarget extends MoveSide {
  /** Whose state an unfinished move has begun to put here. */
  readonly unfinished: Identity | undefined;
  /** Takes note of whose state comes: no server opens the database from here to `finish`. */
  begin(of: Identity): Promise<void>;
  /** Deletes what an unfinished move has left. */
  clear(): Promise<void>;
  /** Key of the last row. */
  lastKey(table: MovedTable): Promise<Row | undefined>;
  /** All or none of the rows, durable when it resolves. */
  write(table: MovedTable, rows: readonly Row[]): Promise<void>;
  /** Everything is there: the database may be opened as the one that it was moved from. */
  finish(as: Identity): Promise<void>;
}

/** Columns of a table that a side keeps in another one: SQL that finds them for the row called `t`. They are not written. */
export type KeptElsewhere = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The key under which a target says in its table of settings that it is not complete. */
export const UNFINISHED = 'move_unfinished';

export function identityIn(text: string | undefined): Identity | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Identity);
}

export const UNFINISHED_MESSAGE =
  'a move into this database was not finished: run `confab migrate` again, it goes on where it ended; or choose an empty database';

/** Where the key's columns stand in a row. */
export function keyOf({ columns, key }: MovedTable): (row: Row) => Row {
  const places = key.map((name) => columns.indexOf(name));
  return (row) => places.map((place) => row[place] ?? null);
}
