import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { StoreError } from '../errors.ts';
import { storeErrorOf } from './failure.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations/', import.meta.url));
/** Marks the file as Confab's ("Cfab"), so that no other program's database is taken for ours. */
const APPLICATION_ID = 0x43666162;

interface Migration {
  readonly version: number;
  readonly sql: string;
}

let loaded: readonly Migration[] | undefined;

/** Read once: a process that gives up its rights after its start need not be able to read its own program again. */
function migrations(): readonly Migration[] {
  loaded ??= readdirSync(MIGRATIONS)
    .filter((name) => /^\d{4}\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), sql: readFileSync(MIGRATIONS + name, 'utf8') }));
  return loaded;
}

/** The version that this Confab makes. */
export function newestVersion(): number {
  return migrations().at(-1)?.version ?? 0;
}

/** The schema version of a database that is ours or empty. A foreign or a newer one is left exactly as it is. */
export function versionOf(db: DatabaseSync): number {
  const newest = newestVersion();
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
  const isEmpty = pragma('schema_version') === 0;
  if (isEmpty) return 0;
  if (pragma('application_id') !== APPLICATION_ID) {
    throw new StoreError('not-a-database', 'the file is a database of another program; choose another path');
  }
  const version = pragma('user_version');
  if (version > newest) {
    throw new StoreError(
      'newer-version',
      `the database has schema version ${version}, this Confab knows ${newest}; run the newer Confab`,
    );
  }
  return version;
}

/** Applies the migrations that are missing at `version`, each in a transaction of its own. */
export function migrate(db: DatabaseSync, version: number): void {
  for (const migration of migrations().filter((one) => one.version > version)) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(migration.sql);
      db.exec(
        `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migration.version}; COMMIT`,
      );
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw storeErrorOf(error);
    }
  }
}
