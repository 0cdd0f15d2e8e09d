import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { StoreError } from '../errors.ts';
import { UNFINISHED, UNFINISHED_MESSAGE } from '../move-side.ts';
import type { Restored, RestoreNote } from '../restored.ts';
import { storeErrorOf } from './failure.ts';
import { takeLock } from './open.ts';
import { markRestored } from './restored.ts';
import { versionOf } from './schema.ts';
import { statement } from './statement.ts';

/** Messages and endpoints' tokens are in it. */
const OWNER_ONLY = 0o600;
/** Pages copied at a time; the server's commits come in between. */
const PAGES = 1_000;

export interface BackupOptions {
  onProgress?(pagesDone: number, pages: number): void;
}

export interface BackupResult {
  readonly bytes: number;
  /** Of the file, hex; also written beside it, as `sha256sum -c` reads it. */
  readonly sha256: string;
  readonly installId: string;
  readonly schemaVersion: number;
}

/**
 * Copies the database at `path` into a new file, as it is at one moment, while a server goes on working with it. The file appears under
 * its name when it is complete and its integrity has been checked. Throws StoreError.
 */
export async function backupFile(
  path: string,
  file: string,
  { onProgress }: BackupOptions = {},
): Promise<BackupResult> {
  if (!existsSync(path)) throw new StoreError('unreachable', `${path}: there is no such file`);
  if (existsSync(file))
    throw new StoreError('not-empty', `${file}: the file is there already; choose another name`);
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw new StoreError('unreachable', `${folder}: there is no such folder; make it first`);
  const part = `${file}.part`;
  makeEmpty(part, file);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    db.exec('PRAGMA busy_timeout = 5000; BEGIN');
    // The first read decides which moment is copied: what is committed from here on is not in it, and does not make it begin anew.
    if (versionOf(db) === 0) throw new StoreError('not-a-database', 'the file holds nothing of Confab');
    await backup(db, part, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => onProgress?.(totalPages - remainingPages, totalPages),
    });
    db.close();
    const known = check(part, (copy) => copy.exec('PRAGMA journal_mode = DELETE'));
    toDisk(part);
    const sha256 = await hashOf(part);
    writeFileSync(`${file}.sha256`, `${sha256}  ${basename(file)}\n`, { mode: OWNER_ONLY });
    renameSync(part, file);
    toDisk(folder);
    return { ...known, sha256, bytes: statSync(file).size };
  } catch (error) {
    if (db?.isOpen) db.close();
    rmSync(part, { force: true });
    throw named(path, error);
  }
}

/** What goes wrong here is of the backup's folder, and not of the database's. */
function makeEmpty(part: string, file: string): void {
  try {
    rmSync(part, { force: true });
    closeSync(openSync(part, 'wx', OWNER_ONLY));
  } catch (cause) {
    const { message } = cause as Error;
    const text = `${file}: the file cannot be made; check its folder and the disk (${message})`;
    throw new StoreError(storeErrorOf(cause).code, text, { cause });
  }
}

export interface RestoreOptions extends RestoreNote {
  /** What the file must hash to; what stands beside it, if that is there, otherwise. */
  readonly sha256?: string;
}

/**
 * Puts a backup where a server finds it, marked as restored. Nothing may be there yet. Throws StoreError: corrupt, not-empty, locked,
 * not-a-database, newer-version, unreachable, full.
 */
export async function restoreFile(file: string, path: string, options: RestoreOptions): Promise<Restored> {
  if (!existsSync(file)) throw new StoreError('unreachable', `${file}: there is no such file`);
  await checkHash(file, options.sha256);
  const lock = takeLock(path);
  const part = `${path}.restoring`;
  try {
    for (const there of [path, `${path}-wal`]) {
      if (existsSync(there) && statSync(there).size > 0)
        throw new StoreError(
          'not-empty',
          `${there}: there is a database; move it away first, with its -wal file`,
        );
    }
    rmSync(part, { force: true });
    copyFileSync(file, part);
    const restored = check(part, (db) => markRestored(db, options)).result;
    toDisk(part);
    renameSync(part, path);
    toDisk(dirname(resolve(path)));
    return restored;
  } catch (error) {
    rmSync(part, { force: true });
    throw named(file, error);
  } finally {
    lock.close();
  }
}

/** For a file that was put back by other means. Throws StoreError. */
export function restoreInPlace(path: string, note: RestoreNote): Restored {
  if (!existsSync(path)) throw new StoreError('unreachable', `${path}: there is no such file`);
  const lock = takeLock(path);
  try {
    return check(path, (db) => markRestored(db, note)).result;
  } catch (error) {
    throw named(path, error);
  } finally {
    lock.close();
  }
}

/** Is it a whole database of ours? Then `work` may go on with it. */
function check<T>(
  path: string,
  work: (db: DatabaseSync) => T,
): { result: T; installId: string; schemaVersion: number } {
  const db = new DatabaseSync(path);
  try {
    const schemaVersion = versionOf(db);
    if (schemaVersion === 0) throw new StoreError('not-a-database', 'the file holds nothing of Confab');
    const [found] = statement<{ integrity_check: string }>(db, 'PRAGMA integrity_check(1)').all();
    if (found?.integrity_check !== 'ok')
      throw new StoreError('corrupt', `the database is damaged: ${found?.integrity_check}`);
    const meta = statement<{ value: string }>(db, 'SELECT value FROM meta WHERE key = ?');
    if (meta.get(UNFINISHED) !== undefined) throw new StoreError('unfinished', UNFINISHED_MESSAGE);
    return { result: work(db), installId: meta.get('install_id')?.value ?? '', schemaVersion };
  } finally {
    db.close();
  }
}

async function checkHash(file: string, given: string | undefined): Promise<void> {
  const beside = `${file}.sha256`;
  const wanted = given ?? (existsSync(beside) ? readFileSync(beside, 'utf8').slice(0, 64) : undefined);
  if (wanted === undefined) return;
  const found = await hashOf(file);
  if (found === wanted.toLowerCase()) return;
  throw new StoreError(
    'corrupt',
    `${file}: its SHA-256 is ${found}, and ${given === undefined ? basename(beside) : '--sha256'} says ${wanted}: it is not the file that was made`,
  );
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function toDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function named(path: string, error: unknown): StoreError {
  const { code, message } = storeErrorOf(error);
  return new StoreError(code, message.includes(path) ? message : `${path}: ${message}`, { cause: error });
}
