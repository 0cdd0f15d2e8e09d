import pg from 'pg';
import { databaseName } from '../../base/database-url.ts';
import { StoreError } from '../errors.ts';
import {
  type Cell,
  type Identity,
  identityIn,
  type KeptElsewhere,
  type MovedTable,
  type MoveTarget,
  type Row,
  UNFINISHED,
} from '../move-side.ts';
import { RESTART_COUNTERS } from './counters.ts';
import { postgresErrorOf } from './failure.ts';
import { type Address, clientConfig, Link, SESSION } from './link.ts';
import { COLUMN_TYPES, type ColumnType } from './moved-columns.ts';
import { checkServer, meta, migrate, newestVersion } from './open.ts';
import { call, rowAs, type Statement, statement } from './statement.ts';

/** Belongs to this database: who works on it. */
export const OWN_TABLES: readonly string[] = ['confab_meta', 'lease', 'node', 'process', 'writer'];
/** Columns that are this store's alone. They get their defaults. */
export const OWN_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  stream: ['version', 'lanes', 'rate'],
  lane: ['relied_by'],
};

const ofStream = (column: string) => `(SELECT s.${column} FROM stream s WHERE s.id = t.stream_id)`;

export const KEPT_ELSEWHERE: KeptElsewhere = {
  chat_group: {
    next_msg_seq: ofStream('next_msg_seq'),
    last_msg_time: ofStream('last_msg_time'),
    active: ofStream('active'),
  },
};

/** Sorting a large table for its first page takes its time; a peer that has vanished is noticed by the connection itself. */
const SILENT_MS = 3_600_000;
const LOCK_WAIT_MS = 2_000;
/** Rows of a page; fewer where they are long. */
const PAGE_ROWS = 2_000;
const PAGE_LENGTH = 4 * 2 ** 20;

const COLUMNS = call(
  statement(
    `SELECT c.relname AS table, a.attname AS column, ty.typname AS type, a.attidentity <> '' AS identity,
       array_position(i.indkey::int2[], a.attnum) AS place
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type ty ON ty.oid = a.atttypid
       LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
       AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
     ORDER BY c.relname, a.attname`,
  ),
);
const PUT_META = statement(
  'INSERT INTO confab_meta VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
);
const DROP_META = statement('DELETE FROM confab_meta WHERE key = $1');
const GENERATION = call(statement('SELECT generation FROM writer'));
const PUT_GENERATION = statement('UPDATE writer SET generation = $1');
const GROUP = statement('SELECT group_id AS id FROM chat_group WHERE stream_id = $1');

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly identity: boolean;
  /** In the key of the table; null outside. */
  readonly place: number | null;
}

/** The source is only read, and not even brought to the newest schema. Throws StoreError. */
export function openPostgresSource(address: Address): Promise<MoveTarget> {
  return open(address, async (link) => {
    const version = Number((await metaIfThere(link)).get('schema_version') ?? 0);
    // A server may work beside a newer one; who copies tables has to know all of them.
    if (version > newestVersion())
      throw new StoreError(
        'newer-version',
        `the database has schema version ${version}, this Confab knows ${newestVersion()}; run the newer Confab`,
      );
    if (version < newestVersion())
      throw new StoreError(
        'older-version',
        version === 0
          ? 'the database holds nothing of Confab'
          : `the database has schema version ${version}, this Confab makes ${newestVersion()}: start this Confab on it once, and stop it again`,
      );
  });
}

/** An empty database is brought to the newest schema. Throws StoreError. */
export function openPostgresTarget(address: Address): Promise<MoveTarget> {
  return open(address, migrate);
}

async function open(address: Address, prepare: (link: Link) => Promise<void>): Promise<MoveTarget> {
  const patient = { silentMs: SILENT_MS, ...address };
  const label = databaseName(address.url);
  let link: Link | undefined;
  try {
    link = await Link.open(patient);
    await checkServer(link);
    await link.lock(true, LOCK_WAIT_MS);
    await prepare(link);
    return await PostgresSide.open(label, link, patient);
  } catch (error) {
    link?.close();
    throw named(label, error);
  }
}

async function metaIfThere(link: Link): Promise<Map<string, string>> {
  const [[found] = []] = await link.run([
    call(statement("SELECT to_regclass('confab_meta') IS NOT NULL AS there")),
  ]);
  return found?.there === true ? meta(link) : new Map();
}

function named(label: string, error: unknown): StoreError {
  const { code, message } = postgresErrorOf(error);
  return new StoreError(code, `${label}: ${message}`, { cause: error });
}

/** What the database says of its tables, without those that stay. */
export function tablesOf(columns: readonly Column[]): MovedTable[] {
  const names = [...new Set(columns.map(({ table }) => table))].filter((name) => !OWN_TABLES.includes(name));
  return names.toSorted().map((name) => {
    const own = columns.filter(({ table, column }) => table === name && !OWN_COLUMNS[name]?.includes(column));
    const key = own.filter(({ place }) => place !== null);
    return {
      name,
      columns: [...own.map(({ column }) => column), ...Object.keys(KEPT_ELSEWHERE[name] ?? {})].toSorted(),
      key: key.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0)).map(({ column }) => column),
    };
  });
}

class PostgresSide implements MoveTarget {
  readonly label: string;
  readonly tables: readonly MovedTable[];
  readonly identity: Identity | undefined;
  readonly unfinished: Identity | undefined;
  readonly #link: Link;
  /** Another connection for what is read: its rows come as lists of texts. */
  readonly #reader: pg.Client;
  readonly #columns: readonly Column[];
  readonly #inserts = new Map<string, Statement>();

  private constructor(
    label: string,
    link: Link,
    reader: pg.Client,
    known: { columns: readonly Column[]; settings: ReadonlyMap<string, string>; generation: number },
  ) {
    this.label = label;
    this.#link = link;
    this.#reader = reader;
    this.#columns = known.columns;
    this.tables = tablesOf(known.columns);
    const installId = known.settings.get('install_id');
    this.identity = installId === undefined ? undefined : { installId, generation: known.generation };
    this.unfinished = identityIn(known.settings.get(UNFINISHED));
  }

  static async open(label: string, link: Link, address: Address): Promise<PostgresSide> {
    const settings = await meta(link);
    const [columns = [], [writer] = []] = await link.run([COLUMNS, GENERATION]);
    const reader = new pg.Client({
      ...clientConfig(address),
      types: { getTypeParser: () => String },
    } as pg.ClientConfig);
    reader.on('error', () => {});
    await reader.connect();
    await reader.query(`${SESSION}; SET idle_in_transaction_session_timeout = 0`);
    return new PostgresSide(label, link, reader, {
      columns: columns.map((row) => rowAs<Column>(row)),
      settings,
      generation: Number(writer?.generation),
    });
  }

  async count({ name }: MovedTable): Promise<number> {
    const { rows } = await this.#try(() => this.#read(`SELECT count(*) FROM "${name}"`));
    return Number(rows[0]?.[0]);
  }

  async *pages(table: MovedTable, after?: Row): AsyncIterable<readonly Row[]> {
    const { name, columns, key } = table;
    const elsewhere = KEPT_ELSEWHERE[name] ?? {};
    const types = columns.map((column) => this.#typeOf(table, column));
    const list = columns.map((column) => elsewhere[column] ?? `t."${column}"`).join(', ');
    const order = key.map((column) => this.#inOrder(name, column));
    const behind =
      after === undefined
        ? ''
        : `WHERE (${order.join(', ')}) > (${after.map((_, n) => `$${n + 1}`).join(', ')})`;
    const select = `SELECT ${list} FROM "${name}" t ${behind} ORDER BY ${order.join(', ')}`;
    await this.#try(() => this.#read('BEGIN READ ONLY'));
    try {
      await this.#try(() => this.#read(`DECLARE page NO SCROLL CURSOR FOR ${select}`, after));
      let wanted = 64;
      let coming = this.#fetch(wanted);
      for (;;) {
        const rows = await coming;
        if (rows.length === 0) return;
        const length = rows.reduce((sum, row) => sum + lengthOf(row), 0);
        wanted = Math.max(1, Math.min(PAGE_ROWS, Math.floor((PAGE_LENGTH * rows.length) / length)));
        coming = this.#fetch(wanted);
        // Should nobody ask for it any more.
        coming.catch(() => {});
        yield rows.map((row) =>
          row.map((text, n) => (text === null ? null : (types[n]?.read(text) ?? null))),
        );
      }
    } finally {
      await this.#read('ROLLBACK').catch(() => {});
    }
  }

  async groupOf(streamId: number): Promise<string | undefined> {
    const [[row] = []] = await this.#link.run([call(GROUP, streamId)]);
    return row?.id as string | undefined;
  }

  async begin(of: Identity): Promise<void> {
    await this.#try(() => this.#link.transact([call(PUT_META, UNFINISHED, JSON.stringify(of))]));
  }

  async clear(): Promise<void> {
    const names = this.tables.map(({ name }) => `"${name}"`).join(', ');
    await this.#try(() => this.#link.script(`TRUNCATE ${names}`));
  }

  async lastKey({ name, key }: MovedTable): Promise<Row | undefined> {
    const order = key.map((column) => `${this.#inOrder(name, column)} DESC`).join(', ');
    const list = key.map((column) => `t."${column}"`).join(', ');
    const { rows } = await this.#try(() =>
      this.#read(`SELECT ${list} FROM "${name}" t ORDER BY ${order} LIMIT 1`),
    );
    const [row] = rows;
    return row?.map((text, n) => this.#typeOf({ name }, key[n] ?? '').read(text ?? ''));
  }

  async write(table: MovedTable, rows: readonly Row[]): Promise<void> {
    const places = this.#ownPlaces(table);
    const values = places.map(({ place, type }) => type.write(rows.map((row) => row[place] ?? null)));
    await this.#try(() => this.#link.transact([call(this.#insert(table), ...values)]));
  }

  async finish({ installId, generation }: Identity): Promise<void> {
    const numbered = this.#columns.filter(({ identity }) => identity);
    await this.#try(async () => {
      await this.#link.script('ANALYZE');
      await this.#link.transact([
        ...numbered.map(({ table, column }) =>
          call(
            statement(
              `SELECT setval(pg_get_serial_sequence('"${table}"', '${column}'), max("${column}")) FROM "${table}" HAVING max("${column}") > 0`,
            ),
          ),
        ),
        ...RESTART_COUNTERS,
        call(PUT_META, 'install_id', installId),
        call(PUT_GENERATION, generation),
        call(DROP_META, UNFINISHED),
      ]);
    });
  }

  async close(): Promise<void> {
    await this.#reader.end().catch(() => {});
    this.#link.close();
  }

  #read(text: string, values: Row = []): Promise<pg.QueryArrayResult<(string | null)[]>> {
    return this.#reader.query({ text, values: [...values], rowMode: 'array' });
  }

  async #fetch(rows: number): Promise<(string | null)[][]> {
    return (await this.#try(() => this.#read(`FETCH ${rows} FROM page`))).rows;
  }

  /** Texts in the order of their bytes, which is SQLite's; an index of another order still finds what stands before them. */
  #inOrder(table: string, column: string): string {
    const type = this.#columns.find((one) => one.table === table && one.column === column)?.type;
    return type === 'text' ? `t."${column}" COLLATE "C"` : `t."${column}"`;
  }

  #typeOf({ name }: Pick<MovedTable, 'name'>, column: string): ColumnType {
    const type =
      this.#columns.find((one) => one.table === name && one.column === column)?.type ??
      this.#columns.find((one) => one.table === 'stream' && one.column === column)?.type ??
      '';
    const known = COLUMN_TYPES[type];
    if (known === undefined)
      throw new StoreError(
        'internal',
        `the column ${name}.${column} is of type ${type}, which cannot be moved`,
      );
    return known;
  }

  #ownPlaces(
    table: MovedTable,
  ): { readonly column: string; readonly place: number; readonly type: ColumnType }[] {
    const elsewhere = KEPT_ELSEWHERE[table.name] ?? {};
    return table.columns.flatMap((column, place) =>
      column in elsewhere ? [] : [{ column, place, type: this.#typeOf(table, column) }],
    );
  }

  #insert(table: MovedTable): Statement {
    const known = this.#inserts.get(table.name);
    if (known !== undefined) return known;
    const own = this.#ownPlaces(table);
    const columns = own.map(({ column }) => `"${column}"`).join(', ');
    const made = statement(
      `INSERT INTO "${table.name}" (${columns}) OVERRIDING SYSTEM VALUE
       SELECT ${own.map(({ type }, n) => type.cast(`c${n}`)).join(', ')}
       FROM unnest(${own.map(({ type }, n) => `$${n + 1}::${type.array}`).join(', ')}) AS u(${own.map((_, n) => `c${n}`).join(', ')})`,
    );
    this.#inserts.set(table.name, made);
    return made;
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw named(this.label, error);
    }
  }
}

function lengthOf(row: readonly Cell[]): number {
  return row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0) + 1, 0);
}
