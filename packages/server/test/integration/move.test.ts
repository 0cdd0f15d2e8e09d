import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { parseStore } from '../../src/config/values.ts';
import { moveStore } from '../../src/move-store.ts';
import { StoreError, type StoreErrorCode } from '../../src/store/errors.ts';
import type { MoveOptions } from '../../src/store/move.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { APP, createGroup, putEndpoint, START, sendMessage } from '../conformance/commands.ts';
import { columnsOf, dumpTables, fillTables, type KnownColumn } from '../support/filled-tables.ts';
import { freePort, PostgresServer } from '../support/postgres-server.ts';

/** A file that a server has worked on. */
async function use(path: string): Promise<void> {
  const store = openFileStore(path);
  const accounts = ['a', 'b'].map((userId) => ({ userId }));
  await store.commit({ type: 'importAccounts', now: START, app: APP, accounts });
  await store.commit(createGroup({ groupId: 'g', members: accounts }));
  await store.commit(putEndpoint('hook'));
  for (let n = 0; n < 10; n += 1) await store.commit(sendMessage('g', 'a'));
  await store.close();
}

describe('a move', () => {
  const folder = mkdtempSync(join(tmpdir(), 'confab-move-'));
  /** Every table and column, with values that no server would make of them. */
  const full = join(folder, 'full.db');
  const used = join(folder, 'used.db');
  let server: PostgresServer;
  let columns: readonly KnownColumn[];
  let databases = 0;

  before(async () => {
    server = await PostgresServer.start();
    await (await openPostgresStore({ url: server.url() })).close();
    columns = await columnsOf(server);
    await fillTables(full, columns, 30);
    await use(used);
    await server.query("CREATE ROLE locked LOGIN PASSWORD 'right'");
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function database(): Promise<string> {
    databases += 1;
    const name = `move_${databases}`;
    await server.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
    return server.url(name);
  }

  function file(): string {
    databases += 1;
    return join(folder, `${databases}.db`);
  }

  const run = (from: string, to: string, options: MoveOptions = {}) =>
    moveStore({ from: parseStore(from), to: parseStore(to), ...options });

  async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  const meta = (path: string) => {
    const db = new DatabaseSync(path);
    const rows = db.prepare('SELECT key, value FROM meta ORDER BY key').all();
    db.close();
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  };

  function refused(moved: Promise<unknown>, code: StoreErrorCode, said: RegExp): Promise<void> {
    return assert.rejects(moved, (error) => {
      assert.ok(error instanceof StoreError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, said);
      assert.doesNotMatch(`${error.message} ${error.stack}`, /hunter2/);
      return true;
    });
  }

  /** Stops a move after its first page. */
  async function begun(from: string, to: string): Promise<void> {
    const stop = new AbortController();
    const moved = run(from, to, { signal: stop.signal, onProgress: () => stop.abort() });
    await refused(moved, 'interrupted', /the same command goes on/);
  }

  test('knows every table and every column of both stores, and takes each of them there and back', async () => {
    const url = await database();
    const there = await run(`sqlite:${full}`, url);
    const before = dumpTables(full);
    assert.deepEqual(
      there.tables.map(({ table, rows, copied }) => ({ table, rows, copied })),
      Object.entries(before).map(([table, rows]) => ({ table, rows: rows.length, copied: rows.length })),
    );
    assert.ok(there.tables.length > 15 && there.tables.every(({ rows }) => rows > 0));
    const path = file();
    const back = await run(url, `sqlite:${path}`);
    assert.deepEqual(dumpTables(path), before);
    assert.deepEqual(back.tables, there.tables);
    assert.deepEqual(meta(path), meta(full));
  });

  test('numbers that the database gives out go on behind those that came', async () => {
    const url = await database();
    await run(`sqlite:${full}`, url);
    const [row] = await query(
      url,
      "INSERT INTO audit (at, actor, role, action, target, detail) VALUES (1, 'a', 'owner', 'x', 'y', 'z') RETURNING id",
    );
    assert.equal(Number(row?.id), 31);
    const sequences = await query(
      url,
      `SELECT c.relname, (SELECT last_value FROM pg_sequences p WHERE p.sequencename = c.relname) AS last FROM pg_class c
       WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace`,
    );
    // That of the leases counts what only this database has.
    for (const { relname, last } of sequences.filter((one) => one.relname !== 'fence'))
      assert.ok(Number(last) >= 30, `${relname} stands at ${last}`);
  });

  test('finds what is missing, what is too much and what has changed, and says where', async () => {
    const url = await database();
    await run(`sqlite:${full}`, url);
    assert.equal((await run(`sqlite:${full}`, url, { compareOnly: true })).tables.length > 15, true);
    await query(
      url,
      `DELETE FROM message WHERE stream_id = 3; UPDATE lane SET cursor = 9 WHERE stream_id = 4;
       INSERT INTO mute VALUES (99, 'x', 1)`,
    );
    const group = `group ${WORD(4)} group_id 4`;
    await refused(run(`sqlite:${full}`, url, { compareOnly: true }), 'differs', /the first 3/);
    await refused(
      run(`sqlite:${full}`, url, { compareOnly: true }),
      'differs',
      new RegExp(
        `lane of ${group.replace(/[^\w ]/g, '.')}: the row with endpoint_id 4, stream_id 4 is not the same`,
      ),
    );
    await refused(
      run(`sqlite:${full}`, url, { compareOnly: true }),
      'differs',
      /message .*stream_id 3.* is missing in the target/,
    );
    await refused(
      run(`sqlite:${full}`, url, { compareOnly: true }),
      'differs',
      /mute: .*stream_id 99, user_id x is in the target alone/,
    );
  });

  for (const direction of ['into PostgreSQL', 'into a file'] as const) {
    describe(direction, () => {
      let source: string;
      before(async () => {
        source = `sqlite:${used}`;
        if (direction === 'into PostgreSQL') return;
        source = await database();
        await run(`sqlite:${used}`, source);
      });
      const target = async () => (direction === 'into PostgreSQL' ? await database() : `sqlite:${file()}`);
      const open = async (store: string) => {
        const parsed = parseStore(store);
        const opened =
          parsed.kind === 'sqlite'
            ? openFileStore(parsed.path)
            : await openPostgresStore({ url: parsed.url });
        return opened;
      };

      test('a target that is in use is left as it was', async () => {
        const to = await target();
        const store = await open(to);
        await store.commit({ type: 'importAccounts', now: 1, app: 1, accounts: [{ userId: 'a' }] });
        await refused(run(source, to), 'locked', /another Confab process has this database open/);
        await store.close();
        await refused(run(source, to), 'not-empty', /account has rows/);
        await refused(run(source, to, { restart: true }), 'not-empty', /account has rows/);
        await (await open(to)).close();
      });

      test('a target that a server has only been started on is empty', async () => {
        const to = await target();
        await (await open(to)).close();
        await run(source, to);
      });

      test('a source that a server has open is not moved', async () => {
        const store = await open(source);
        try {
          await refused(
            run(source, await target()),
            'locked',
            /another Confab process has this database open/,
          );
        } finally {
          await store.close();
        }
      });

      test('stopped in the middle, no server opens the target, and the same command goes on', async () => {
        const to = await target();
        await begun(source, to);
        await assert.rejects(open(to), (error) => {
          assert.ok(error instanceof StoreError && error.code === 'unfinished', String(error));
          assert.match(error.message, /run `confab migrate` again/);
          return true;
        });
        const { tables } = await run(source, to);
        assert.ok(
          tables.some(({ rows, copied }) => copied < rows),
          'nothing was copied twice',
        );
        await (await open(to)).close();
      });

      test('what another state has begun is not gone on with, unless it is thrown away', async () => {
        const to = await target();
        await begun(source, to);
        await (await open(source)).close();
        await refused(run(source, to), 'unfinished', /a server was started there in between.*--restart/);
        const { tables } = await run(source, to, { restart: true });
        assert.ok(tables.every(({ rows, copied }) => copied === rows));
      });
    });
  }

  test('files that are not there, foreign, older or newer are refused and left alone', async () => {
    const to = await database();
    await refused(run(`sqlite:${folder}/none.db`, to), 'unreachable', /no such file/);
    const foreign = file();
    const theirs = new DatabaseSync(foreign);
    theirs.exec('CREATE TABLE invoices (id INTEGER)');
    theirs.close();
    await refused(run(`sqlite:${foreign}`, to), 'not-a-database', /another program/);
    await refused(run(to, `sqlite:${foreign}`), 'older-version', /holds nothing of Confab/);
    for (const [version, code, said] of [
      [1_000, 'newer-version', /run the newer Confab/],
      [1, 'older-version', /start this Confab on it once/],
    ] as const) {
      const path = file();
      copyFileSync(full, path);
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA user_version = ${version}; PRAGMA wal_checkpoint(TRUNCATE)`);
      db.close();
      const bytes = readFileSync(path);
      await refused(run(`sqlite:${path}`, to), code, said);
      assert.deepEqual(readFileSync(path), bytes);
    }
  });

  test('databases that are away, closed to us, foreign, older or newer are refused', async () => {
    const from = `sqlite:${full}`;
    await refused(
      run(from, `postgres://u:hunter2@127.0.0.1:${await freePort()}/x`),
      'unreachable',
      /nothing listens/,
    );
    const wrong = server.url().replace('postgres@', 'locked:hunter2@');
    await refused(run(from, wrong), 'denied', /refuses the password/);
    await refused(run(wrong, `sqlite:${file()}`), 'denied', /refuses the password/);
    await refused(run(from, server.url('nowhere')), 'not-a-database', /no such database/);
    const foreign = await database();
    await query(foreign, 'CREATE TABLE invoices (id int)');
    await refused(run(from, foreign), 'not-a-database', /tables of another program/);
    const other = await database();
    await run(from, other);
    for (const [version, code] of [
      [1_000, 'newer-version'],
      [0, 'older-version'],
    ] as const) {
      await query(other, `UPDATE confab_meta SET value = '${version}' WHERE key = 'schema_version'`);
      await refused(run(other, `sqlite:${file()}`), code, /./);
    }
  });
});

const WORD = (row: number) => ['plain', 'Ünïcödé', '表情 😀', `quote ' " \\ { } ,`, 'NULL', ''][row % 6];
