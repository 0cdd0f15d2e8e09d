import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DEFAULT_RULES, type Rules } from '../../domain/rules.ts';
import { StoreError } from '../errors.ts';
import { UNFINISHED, UNFINISHED_MESSAGE } from '../move-side.ts';
import type { Store } from '../store.ts';
import { SqliteCore } from './core.ts';
import { storeErrorOf } from './failure.ts';
import { storeInProcess } from './in-process.ts';
import { resealAll } from './reseal.ts';
import { migrate, versionOf } from './schema.ts';
import { createSealer } from './sealer.ts';
import { statement } from './statement.ts';

/** The database holds messages and endpoints' tokens; its side files take its mode over. */
const OWNER_ONLY = 0o600;

/** An opened database with the lock that keeps every other Confab process away. */
export interface OpenCore {
  readonly core: SqliteCore;
  /** Rows written since it was opened. Tests ask, to see that nothing was. */
  changes(): number;
  close(): void;
}

/**
 * Opens or creates the database at `path` (`:memory:` for tests), brings it to this version's schema and takes its lock.
 * `secretsKeys` (see `createSealer`) encrypt the settings of endpoints, which are brought under the first one here.
 * Throws StoreError: locked, read-only, corrupt, not-a-database, newer-version, unreachable, full, secrets-locked.
 */
export function openCore(
  path: string,
  rules: Rules = DEFAULT_RULES,
  secretsKeys: readonly string[] = [],
): OpenCore {
  const lock = path === ':memory:' ? undefined : takeLock(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    const version = versionOf(db);
    configure(db);
    migrate(db, version);
    if (path !== ':memory:' && !existsSync(path))
      throw new StoreError('unreachable', 'the database file vanished');
    const sealer = createSealer(secretsKeys);
    resealAll(db, sealer);
    const core = new SqliteCore(db, rules, identify(db), sealer);
    const changes = statement<{ n: number }>(db, 'SELECT total_changes() AS n');
    return {
      core,
      changes: () => changes.get()?.n ?? 0,
      close: () => {
        core.close();
        lock?.close();
      },
    };
  } catch (error) {
    if (db?.isOpen) db.close();
    lock?.close();
    const failure = storeErrorOf(error);
    throw new StoreError(failure.code, `${path}: ${failure.message}`, { cause: error });
  }
}

/** Durable before acknowledged: each commit is on the disk when it returns. A busy database is waited for 5 s. */
export function configure(db: DatabaseSync): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  db.exec(
    'PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;',
  );
}

/** A second, tiny database held in an exclusive transaction: freed by the system however the process ends. */
export function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    makeFolder(dirname(path));
    if (!existsSync(path)) closeSync(openSync(path, 'a', OWNER_ONLY));
    lock = new DatabaseSync(`${path}.lock`);
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    if (lock?.isOpen) lock.close();
    const failure = storeErrorOf(error);
    if (failure.code === 'locked') {
      throw new StoreError('locked', `${path}: another Confab process has this database open; stop it first`);
    }
    throw new StoreError(failure.code, `${path}: ${failure.message}`, { cause: error });
  }
}

/**
 * Makes a folder and those above it, one step at a time: the recursive `mkdirSync` of Node.js 26 never ends where a file system
 * like `/proc` says of every new folder that its parent is missing.
 */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path);
}

/** The installation's id, made once, and the number of this opening: the fencing token. */
function identify(db: DatabaseSync): { installId: string; generation: number } {
  const get = statement<{ value: string }>(db, 'SELECT value FROM meta WHERE key = ?');
  const put = db.prepare('INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2');
  if (get.get(UNFINISHED) !== undefined) throw new StoreError('unfinished', UNFINISHED_MESSAGE);
  const installId = get.get('install_id')?.value ?? randomBytes(4).toString('hex');
  const generation = Number(get.get('generation')?.value ?? 0) + 1;
  put.run('install_id', installId);
  put.run('generation', String(generation));
  return { installId, generation };
}

export interface SqliteOptions {
  readonly rules?: Rules;
  readonly secretsKeys?: readonly string[];
}

/** The whole store in memory and in process: what tests use. */
export function openMemoryStore(options: SqliteOptions = {}): Store {
  return storeInProcess(openCore(':memory:', options.rules, options.secretsKeys));
}

/** The store over a file, in process: tests and simulation. `serve` keeps it in a worker. */
export function openFileStore(path: string, options: SqliteOptions = {}): Store {
  return storeInProcess(openCore(path, options.rules, options.secretsKeys));
}
