import { DatabaseSync } from 'node:sqlite';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import type { PostgresServer } from './postgres-server.ts';

/** What PostgreSQL says of a column: the type of its values, and whether one may be missing. */
export interface KnownColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly required: boolean;
  readonly keyed: boolean;
}

export async function columnsOf(server: PostgresServer, database = 'postgres'): Promise<KnownColumn[]> {
  const rows = await server.query(
    `SELECT c.relname AS table, a.attname AS column, t.typname AS type, a.attnotnull AS required,
       coalesce(a.attnum = ANY (i.indkey::int2[]), false) AS keyed
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
    database,
  );
  return rows.map(({ table, column, type, required, keyed }) => ({
    table: String(table),
    column: String(column),
    type: String(type),
    required: required === true,
    keyed: keyed === true,
  }));
}

const WORDS = ['plain', 'Ünïcödé', '表情 😀', `quote ' " \\ { } ,`, 'NULL', ''];

/** A value that fits the column and that no other row of it has; row 2 of 3 has null where it may. */
function cellOf(
  { column, type, required, keyed }: KnownColumn,
  row: number,
  place: number,
): string | number | null {
  if (!required && row % 3 === 1) return null;
  if (type === 'bool') return row % 2;
  if (type === '_int8') return `[${row},${row + 1}]`;
  if (type === 'bytea') return `${WORDS[row % WORDS.length]} \0 ${row}`;
  if (type === 'text') return `${WORDS[row % WORDS.length]} ${column} ${row}`;
  if (keyed || column === 'id') return row;
  return row % 5 === 0 ? Number.MAX_SAFE_INTEGER - row * 100 - place : row * 1_000 + place;
}

/** A file in which every table of the schema has so many rows: of each column every kind of value that it can hold. */
export async function fillTables(path: string, columns: readonly KnownColumn[], rows: number): Promise<void> {
  await openFileStore(path).close();
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  for (const name of tableNames(db)) {
    const own = db
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(name)
      .map((column) => String(column.name));
    const known = own.map((column) => knownColumn(columns, name, column));
    const insert = db.prepare(
      `INSERT INTO "${name}" (${own.map((column) => `"${column}"`)}) VALUES (${own.map(() => '?')})`,
    );
    for (let row = 1; row <= rows; row += 1)
      insert.run(...known.map((column, place) => cellOf(column, row, place)));
  }
  db.exec('COMMIT');
  db.close();
}

/** Every row of every table, and what is kept of the installation. */
export function dumpTables(path: string): Record<string, unknown[]> {
  const db = new DatabaseSync(path);
  try {
    return Object.fromEntries(
      tableNames(db).map((name) => {
        const select = db.prepare(`SELECT * FROM "${name}"`);
        select.setReturnArrays(true);
        return [
          name,
          select
            .all()
            .map((row) => JSON.stringify(row))
            .toSorted(),
        ];
      }),
    );
  } finally {
    db.close();
  }
}

function tableNames(db: DatabaseSync): string[] {
  return db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'meta' ORDER BY name",
    )
    .all()
    .map(({ name }) => String(name));
}

/** Columns that PostgreSQL keeps in another table are known by their name. */
function knownColumn(columns: readonly KnownColumn[], table: string, column: string): KnownColumn {
  const found =
    columns.find((one) => one.table === table && one.column === column) ??
    columns.find((one) => one.column === column);
  if (found === undefined) throw new Error(`PostgreSQL has no column ${table}.${column}`);
  return found;
}
