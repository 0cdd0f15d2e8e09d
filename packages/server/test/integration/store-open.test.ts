import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, beforeEach, describe, test } from 'node:test';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { StoreError, type StoreErrorCode } from '../../src/store/errors.ts';
import { storeErrorOf } from '../../src/store/sqlite/failure.ts';
import { configure, openFileStore } from '../../src/store/sqlite/open.ts';
import { openWorkerStore } from '../../src/store/sqlite/worker-store.ts';
import { APP, createGroup, START, sendMessage } from '../conformance/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'confab-open-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** Numbered without a gap, so that there are as many as the last one says. */
const MIGRATIONS = readdirSync(join(import.meta.dirname, '../../src/store/sqlite/migrations')).length;
let path = '';
beforeEach(() => {
  files += 1;
  path = join(folder, `${files}.db`);
});

/** Opens what cannot be opened, in process and in the worker: both say the same, with the path and what to do. */
async function refused(code: StoreErrorCode, said: RegExp, at = path): Promise<void> {
  const isSo = (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.deepEqual([error.code, error.message.startsWith(`${at}: `)], [code, true], error.message);
    assert.match(error.message, said);
    return true;
  };
  assert.throws(() => openFileStore(at), isSo);
  const died: StoreError[] = [];
  const onDeath = (error: StoreError) => died.push(error);
  await assert.rejects(openWorkerStore({ path: at, rules: DEFAULT_RULES, onDeath }), isSo);
  assert.deepEqual(died, [], 'a store that never lived did not die');
}

/** A database of ours with a group and a message in it, closed again. */
async function used(at = path): Promise<void> {
  const store = openFileStore(at);
  await store.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
  await store.commit(createGroup({ groupId: 'g' }));
  await store.commit(sendMessage('g', 'a'));
  await store.close();
}

function withDatabase<T>(at: string, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(at);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

describe('opening', () => {
  test('makes the file, its folder and the schema; a second opening changes nothing of it', async () => {
    path = join(folder, 'new', 'folder', 'confab.db');
    const schemaOf = () =>
      withDatabase(path, (db) => [
        ...db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all(),
        db.prepare('PRAGMA user_version').get(),
        db.prepare('PRAGMA application_id').get(),
        db.prepare('PRAGMA journal_mode').get(),
        db.prepare('PRAGMA integrity_check').get(),
      ]);
    await openFileStore(path).close();
    const schema = schemaOf();
    const rows = schema.map((row) => ({ ...row }));
    assert.deepEqual(rows.slice(-4), [
      { user_version: MIGRATIONS },
      { application_id: 0x43666162 },
      { journal_mode: 'wal' },
      { integrity_check: 'ok' },
    ]);
    assert.ok(rows.some((row) => 'name' in row && row.name === 'message'));
    await openFileStore(path).close();
    assert.deepEqual(schemaOf(), schema);
  });

  test('a commit is on the disk when it returns', () => {
    const settings = withDatabase(path, (db) => {
      configure(db);
      return ['journal_mode', 'synchronous', 'busy_timeout'].map((name) =>
        Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {}).at(0),
      );
    });
    // 2 is FULL: the write-ahead log is synced after each transaction (sqlite.org, "PRAGMA synchronous").
    assert.deepEqual(settings, ['wal', 2, 5_000]);
  });

  test('an empty file becomes a database', async () => {
    writeFileSync(path, '');
    await used();
  });

  test('the lock is free again after a close, and after an opening that failed', async () => {
    writeFileSync(path, 'this is no database, and long enough to be looked at as one. '.repeat(20));
    assert.throws(() => openFileStore(path));
    rmSync(path);
    await used();
    await used(`${path}2`);
    await openFileStore(path).close();
  });
});

describe('not opened', () => {
  test('a database of a newer version, and it stays as it is', async () => {
    await used();
    withDatabase(path, (db) => db.exec('PRAGMA user_version = 99'));
    const before = readFileSync(path);
    await refused('newer-version', /schema version 99.*run the newer Confab/);
    assert.deepEqual(readFileSync(path), before);
  });

  for (const [what, sql] of [
    ['without marks', 'CREATE TABLE t (a)'],
    ['with marks of its own', 'CREATE TABLE t (a); PRAGMA application_id = 7; PRAGMA user_version = 99'],
  ] as const) {
    test(`a database of another program, ${what}, and it stays as it is`, async () => {
      withDatabase(path, (db) => db.exec(sql));
      const before = readFileSync(path);
      await refused('not-a-database', /of another program; choose another path/);
      assert.deepEqual(readFileSync(path), before);
    });
  }

  test('a file that is no database', async () => {
    writeFileSync(path, 'this is no database, and long enough to be looked at as one. '.repeat(20));
    await refused('not-a-database', /not a database/);
  });

  test('a database with damaged pages', async () => {
    await used();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(4_096 * 3, 0xa5), 0, 4_096 * 3, 200);
    closeSync(file);
    await refused('corrupt', /damaged; restore it from a backup/);
  });

  test(
    'a folder on a file system that makes none ends with a refusal',
    { skip: !existsSync('/proc/self') },
    () => refused('unreachable', /check/, '/proc/confab/data/confab.db'),
  );

  test('a folder', async () => {
    mkdirSync(path);
    await refused('unreachable', /check the path/);
  });

  test('a path under a file', async () => {
    writeFileSync(path, '');
    await refused('unreachable', /a file stands in its way/, join(path, 'confab.db'));
    await refused('unreachable', /a file stands in its way/, join(path, 'deeper', 'confab.db'));
  });

  test('a database that this process has open already', async () => {
    const store = openFileStore(path);
    await refused('locked', /another Confab process has this database open; stop it first/);
    await store.close();
    await openFileStore(path).close();
  });

  test('a database that another process has open, until that process dies', async () => {
    const holder = spawn(
      process.execPath,
      ['--conditions=@confab-im/source', join(import.meta.dirname, '../conformance/hold-store.ts'), path],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const exited = once(holder, 'exit');
    try {
      await once(holder.stdout, 'data');
      await refused('locked', /another Confab process has this database open; stop it first/);
    } finally {
      holder.kill('SIGKILL');
    }
    await exited;
    await openFileStore(path).close();
  });
});

const NOBODY = 65_534;

describe('not writable', () => {
  /**
   * Root may write whatever the mode says, so the files are looked at as the user nobody; other users see the mode itself.
   */
  function asOrdinaryUser(use: () => void): void {
    const { getuid, seteuid } = process;
    const isRoot = getuid?.() === 0;
    if (isRoot) seteuid?.(NOBODY);
    try {
      use();
    } finally {
      if (isRoot) seteuid?.(0);
    }
  }

  const failsWith = (code: StoreErrorCode) => (error: unknown) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, code, error.message);
    return error.message.includes('permissions');
  };

  test('a read-only file', async () => {
    await used();
    chmodSync(folder, 0o777);
    rmSync(`${path}.lock`);
    chmodSync(path, 0o444);
    asOrdinaryUser(() => assert.throws(() => openFileStore(path), failsWith('read-only')));
    chmodSync(path, 0o644);
    await used(`${path}2`);
  });

  test('a read-only folder, with and without the database in it', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    await used(join(closed, 'there.db'));
    assert.equal(statSync(join(closed, 'there.db')).mode & 0o777, 0o600, 'readable by its owner alone');
    chmodSync(join(closed, 'there.db'), 0o444);
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    for (const [name, code] of [
      ['there.db', 'read-only'],
      ['new.db', 'unreachable'],
      ['deeper/new.db', 'unreachable'],
    ] as const) {
      asOrdinaryUser(() => assert.throws(() => openFileStore(join(closed, name)), failsWith(code)));
    }
    chmodSync(closed, 0o755);
    chmodSync(join(closed, 'there.db'), 0o600);
    await openFileStore(join(closed, 'there.db')).close();
  });

  test('what SQLite says of a read-only database is passed on as that', async () => {
    await used();
    const db = new DatabaseSync(path, { readOnly: true });
    assert.throws(
      () => db.exec('DELETE FROM meta'),
      (error) => storeErrorOf(error).code === 'read-only',
    );
    db.close();
  });
});
