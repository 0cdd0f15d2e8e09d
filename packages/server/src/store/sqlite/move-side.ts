import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { StoreError } from '../errors.ts';
import {
  type Identity,
  identityIn,
  type KeptElsewhere,
  type MovedTable,
  type MoveTarget,
  type Row,
  UNFINISHED,
} from '../move-side.ts';
import { storeErrorOf } from './failure.ts';
import { takeLock } from './open.ts';
import { migrate, newestVersion, versionOf } from './schema.ts';
import { arrayStatement, statement } from './statement.ts';

/** Belongs to the file. */
export const OWN_TABLES: readonly string[] = ['meta'];

const ofGroup = (column: string, otherwise: number) =>
  `coalesce((SELECT g.${column} FROM chat_group g WHERE g.stream_id = t.id), ${otherwise})`;

export const KEPT_ELSEWHERE: KeptElsewhere = {
  stream: {
    next_msg_seq: ofGroup('next_msg_seq', 1),
    last_msg_time: ofGroup('last_msg_time', 0),
    active: ofGroup('active', 1),
  },
};

const PAGE_ROWS = 2_000;
const PAGE_LENGTH = 4 * 2 ** 20;

/** The source is only read, and not even brought to the newest schema: it stays what it was. Throws StoreError. */
export function openSqliteSource(path: string): MoveTarget {
  if (!existsSync(path)) throw new StoreError('unreachable', `${path}: there is no such file`);
  return open(path, (db) => {
    const version = versionOf(db);
    if (version < newestVersion())
      throw new StoreError(
        'older-version',
        version === 0
          ? 'the file holds nothing of Confab'
          : `the database has schema version ${version}, this Confab makes ${newestVersion()}: start this Confab on it once, and stop it again`,
      );
    db.exec('PRAGMA query_only = ON');
  });
}

/** Made if it is not there. Throws StoreError. */
export function openSqliteTarget(path: string): MoveTarget {
  return open(path, (db) => {
    const version = versionOf(db);
    // Kept through a kill of the process, and checked as a whole at the end; a sync for each page would add nothing to that.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF');
    migrate(db, version);
  });
}

function open(path: string, prepare: (db: DatabaseSync) => void): MoveTarget {
  const lock = takeLock(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    prepare(db);
    db.exec('PRAGMA cache_size = -65536');
    return new SqliteSide(path, db, lock);
  } catch (error) {
    if (db?.isOpen) db.close();
    lock.close();
    throw named(path, error);
  }
}

function named(path: string, error: unknown): StoreError {
  const { code, message } = storeErrorOf(error);
  return new StoreError(code, `${path}: ${message}`, { cause: error });
}

/** What the file's schema says of its tables, without those that stay. */
export function tablesOf(db: DatabaseSync): MovedTable[] {
  const names = statement<{ name: string }>(
    db,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  ).all();
  const columnsOf = statement<{ name: string; pk: number }>(db, 'SELECT name, pk FROM pragma_table_info(?)');
  return names
    .filter(({ name }) => !OWN_TABLES.includes(name))
    .map(({ name }) => {
      const columns = columnsOf.all(name);
      const elsewhere = Object.keys(KEPT_ELSEWHERE[name] ?? {});
      return {
        name,
        columns: [...columns.map((column) => column.name), ...elsewhere].toSorted(),
        key: columns
          .filter(({ pk }) => pk > 0)
          .toSorted((a, b) => a.pk - b.pk)
          .map((column) => column.name),
      };
    });
}

class SqliteSide implements MoveTarget {
  readonly label: string;
  readonly tables: readonly MovedTable[];
  readonly identity: Identity | undefined;
  readonly unfinished: Identity | undefined;
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #lock: DatabaseSync;

  constructor(path: string, db: DatabaseSync, lock: DatabaseSync) {
    this.label = `sqlite:${path}`;
    this.#path = path;
    this.#db = db;
    this.#lock = lock;
    this.tables = tablesOf(db);
    const meta = new Map(
      statement<{ key: string; value: string }>(db, 'SELECT key, value FROM meta')
        .all()
        .map(({ key, value }) => [key, value]),
    );
    const installId = meta.get('install_id');
    this.identity =
      installId === undefined ? undefined : { installId, generation: Number(meta.get('generation') ?? 0) };
    this.unfinished = identityIn(meta.get(UNFINISHED));
  }

  async count({ name }: MovedTable): Promise<number> {
    return this.#try(
      () => statement<{ n: number }>(this.#db, `SELECT count(*) AS n FROM "${name}"`).get()?.n ?? 0,
    );
  }

  async *pages({ name, columns, key }: MovedTable, after?: Row): AsyncIterable<readonly Row[]> {
    const elsewhere = KEPT_ELSEWHERE[name] ?? {};
    const list = columns.map((column) => elsewhere[column] ?? `t."${column}"`).join(', ');
    const behind =
      after === undefined ? '' : `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})`;
    const sql = `SELECT ${list} FROM "${name}" t ${behind} ORDER BY ${key.join(', ')}`;
    const select = arrayStatement<Row>(this.#db, sql);
    const rows = this.#try(() => select.iterate(...(after ?? []))[Symbol.iterator]());
    for (;;) {
      const page = this.#try(() => pageFrom(rows));
      if (page.length > 0) yield page;
      if (page.length === 0) return;
    }
  }

  async groupOf(streamId: number): Promise<string | undefined> {
    return statement<{ id: string }>(
      this.#db,
      'SELECT group_id AS id FROM chat_group WHERE stream_id = ?',
    ).get(streamId)?.id;
  }

  async begin(of: Identity): Promise<void> {
    this.#try(() => this.#put(UNFINISHED, JSON.stringify(of)));
  }

  async clear(): Promise<void> {
    this.#transact(() => {
      for (const { name } of this.tables) this.#db.exec(`DELETE FROM "${name}"`);
    });
  }

  async lastKey({ name, key }: MovedTable): Promise<Row | undefined> {
    const backwards = key.map((column) => `${column} DESC`).join(', ');
    const sql = `SELECT ${key.join(', ')} FROM "${name}" ORDER BY ${backwards} LIMIT 1`;
    return this.#try(() => arrayStatement<Row>(this.#db, sql).get());
  }

  async write({ name, columns }: MovedTable, rows: readonly Row[]): Promise<void> {
    const elsewhere = KEPT_ELSEWHERE[name] ?? {};
    const places = columns.flatMap((column, place) => (column in elsewhere ? [] : [place]));
    const own = places.map((place) => `"${columns[place]}"`);
    this.#transact(() => {
      const insert = this.#db.prepare(
        `INSERT INTO "${name}" (${own.join(', ')}) VALUES (${own.map(() => '?').join(', ')})`,
      );
      for (const row of rows) insert.run(...places.map((place): SQLInputValue => row[place] ?? null));
    });
  }

  async finish({ installId, generation }: Identity): Promise<void> {
    this.#transact(() => {
      this.#put('install_id', installId);
      this.#put('generation', String(generation));
      this.#db.prepare('DELETE FROM meta WHERE key = ?').run(UNFINISHED);
    });
    this.#try(() => this.#db.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  async close(): Promise<void> {
    this.#db.close();
    this.#lock.close();
  }

  #put(key: string, value: string): void {
    this.#db
      .prepare('INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2')
      .run(key, value);
  }

  #transact(work: () => void): void {
    this.#try(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.#db.exec('COMMIT');
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw named(this.#path, error);
    }
  }
}

function pageFrom(rows: Iterator<Row>): Row[] {
  const page: Row[] = [];
  let length = 0;
  while (page.length < PAGE_ROWS && length < PAGE_LENGTH) {
    const { done, value } = rows.next();
    if (done) break;
    page.push(value);
    for (const cell of value) if (typeof cell === 'string') length += cell.length;
  }
  return page;
}
