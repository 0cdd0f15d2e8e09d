import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import type { SendMessage } from '../../src/store/commands.ts';
import { StoreError, type StoreErrorCode } from '../../src/store/errors.ts';
import type { StreamHint } from '../../src/store/lanes.ts';
import { Link } from '../../src/store/postgres/link.ts';
import { openPostgresStore, type PostgresOptions } from '../../src/store/postgres/open.ts';
import { restoreDatabase } from '../../src/store/postgres/restored.ts';
import { call, statement } from '../../src/store/postgres/statement.ts';
import type { Store } from '../../src/store/store.ts';
import { APP, checkpoint, createGroup, putEndpoint, START, sendMessage } from '../conformance/commands.ts';
import { startHalfOpenProxy } from '../support/half-open-proxy.ts';
import { PausingClock } from '../support/pausing-clock.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };

async function failsWith(code: StoreErrorCode, said: RegExp, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.deepEqual([error.code, said.test(error.message)], [code, true], error.message);
    return true;
  });
}

/** A group `g` with a member `a`, and an endpoint that wants its messages. */
async function furnish(store: Store): Promise<void> {
  await store.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
  await store.commit(createGroup({ groupId: 'g', members: [{ userId: 'a' }] }));
  await store.commit(putEndpoint('hook'));
}

async function numbers(store: Store): Promise<(number | undefined)[]> {
  const page = await store.history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: 10_000 });
  return (page?.messages ?? []).map(({ msgSeq }) => msgSeq).reverse();
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('PostgreSQL goes away', () => {
  let server: PostgresServer;
  let proxy: SwitchProxy;
  let schemas = 0;
  let schema = '';
  before(async () => {
    server = await PostgresServer.start();
    proxy = await new SwitchProxy(server.port).listen();
  });
  after(async () => {
    proxy.close();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    schemas += 1;
    schema = `s${schemas}`;
    proxy.target = server.port;
    proxy.passes = () => true;
    await query(`CREATE SCHEMA ${schema}`);
  });

  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  const url = () => proxy.url(`?options=-csearch_path%3D${schema}`);
  const open = (options: Partial<PostgresOptions> = {}) =>
    openPostgresStore({ url: url(), rules, ...options });

  test('connections that break again and again: each message is stored, once, in dense numbers', async () => {
    const store = await open();
    await furnish(store);
    let sent = 0;
    const senders = Array.from({ length: 8 }, async () => {
      while (sent < 240) {
        sent += 1;
        if (sent % 40 === 0) proxy.cut();
        const result = await store.commit(sendMessage('g', 'a'));
        assert.equal(result.kind, 'sent');
      }
    });
    await Promise.all(senders);
    assert.deepEqual(await numbers(store), upTo(sent));
    await store.close();
  });

  test('the answer to a commit is lost: it is known to be done, and not done twice', async () => {
    const store = await open();
    await furnish(store);
    await store.commit(sendMessage('g', 'a'));
    const hints: StreamHint[] = [];
    store.onLanes((told) => hints.push(...told));
    let lost = 0;
    proxy.passes = (chunk) => {
      const isLost = lost === 0 && chunk.includes('COMMIT\0');
      if (isLost) lost += 1;
      return !isLost;
    };
    const result = await store.commit(sendMessage('g', 'a'));
    assert.deepEqual([lost, result.kind === 'sent' && result.msgSeq], [1, 2]);
    assert.deepEqual(
      hints.map(({ fresh, behind, event }) => [fresh, behind.length, event?.seq]),
      [[[], 1, 3]],
      'nobody knows whether the lane had a row, so the hint does not say where it stands',
    );
    assert.deepEqual(await numbers(store), [1, 2]);
    assert.equal((await store.commit(sendMessage('g', 'a'))).kind, 'sent');
    await store.close();
  });

  test('kill -9 of the database: what waits is done when it is back', async () => {
    const store = await open();
    await furnish(store);
    await store.commit(sendMessage('g', 'a'));
    await server.kill();
    const waiting = [store.commit(sendMessage('g', 'a')), store.commit(sendMessage('g', 'a'))];
    await server.up();
    assert.deepEqual(
      (await Promise.all(waiting)).map(({ kind }) => kind),
      ['sent', 'sent'],
    );
    assert.deepEqual(await numbers(store), [1, 2, 3]);
    await store.close();
  });

  test('away for too long: commands fail with the reason, readiness says so, and all is well when it is back', async () => {
    const store = await open({ clock: new PausingClock(START) });
    await furnish(store);
    await server.down();
    await failsWith('unreachable', /nothing listens|was cut|was lost/, store.commit(sendMessage('g', 'a')));
    await failsWith('unreachable', /database/, store.ping());
    await failsWith('unreachable', /database/, store.commit(sendMessage('g', 'a')));
    await failsWith(
      'unreachable',
      /database/,
      store.history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: 1 }),
    );
    await server.up();
    await store.ping();
    assert.equal((await store.commit(sendMessage('g', 'a'))).kind, 'sent');
    await store.close();
  });

  test('a statement that is cancelled again and again fails its command, and the others when it is over', async () => {
    const store = await open();
    await furnish(store);
    await query("ALTER ROLE postgres SET statement_timeout = '60ms'");
    proxy.cut();
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    await client.query(`SET statement_timeout = 0; BEGIN; SELECT * FROM ${schema}.process FOR UPDATE`);
    await failsWith('busy', /statement_timeout/, store.commit(sendMessage('g', 'a')));
    await client.query('COMMIT; ALTER ROLE postgres RESET statement_timeout');
    await client.end();
    assert.equal((await store.commit(sendMessage('g', 'a'))).kind, 'sent');
    assert.deepEqual(await numbers(store), [1]);
    await store.close();
  });

  test('connections that are half open: the silence is noticed, and the old connection does not keep the lock', async () => {
    const lossy = await startHalfOpenProxy(server.port);
    const url = `postgres://postgres@127.0.0.1:${lossy.port}/postgres?options=-csearch_path%3D${schema}`;
    const store = await openPostgresStore({ url, rules, silentMs: 250 });
    await furnish(store);
    lossy.swallow();
    const waiting = store.commit(sendMessage('g', 'a'));
    await lossy.abandoned();
    lossy.pass();
    assert.equal((await waiting).kind, 'sent');
    assert.deepEqual(await numbers(store), [1]);
    await store.close();
    await lossy.close();
  });

  test('a database that would rather have its transactions serializable does not fail ours', async () => {
    await query("ALTER ROLE postgres SET default_transaction_isolation = 'serializable'");
    const store = await open();
    await furnish(store);
    const work = Array.from({ length: 50 }, async () => {
      assert.equal((await store.commit(sendMessage('g', 'a'))).kind, 'sent');
      await Promise.all([numbers(store), store.stats()]);
    });
    await Promise.all(work);
    await store.close();
    await query('ALTER ROLE postgres RESET default_transaction_isolation');
  });

  test('every session commits to the disk, whatever the server’s default', async () => {
    await query("ALTER ROLE postgres SET synchronous_commit = 'off'");
    const link = await Link.open({ url: server.url() });
    assert.deepEqual(await link.run([call(statement('SHOW synchronous_commit'))]), [
      [{ synchronous_commit: 'on' }],
    ]);
    link.close();
    await query("ALTER ROLE postgres SET synchronous_commit = 'local'");
    const local = await Link.open({ url: server.url() });
    assert.deepEqual(await local.run([call(statement('SHOW synchronous_commit'))]), [
      [{ synchronous_commit: 'local' }],
    ]);
    local.close();
    await query('ALTER ROLE postgres RESET synchronous_commit');
  });

  test('no connection is free: reads say so, and the commits go on', async () => {
    await query('CREATE ROLE narrow LOGIN CONNECTION LIMIT 1');
    await query(`CREATE SCHEMA narrow AUTHORIZATION narrow`);
    const url = server.url('postgres', '?options=-csearch_path%3Dnarrow', 'narrow');
    const store = await openPostgresStore({ url, rules });
    await furnish(store);
    await failsWith('unreachable', /no free connection/, store.groups(APP, ['g']));
    assert.equal((await store.commit(sendMessage('g', 'a'))).kind, 'sent');
    await store.close();
  });

  test('another process took the database over: nothing is written any more, and the dispatcher is told', async () => {
    const died: StoreError[] = [];
    const store = await open({ onDeath: (error) => died.push(error) });
    await furnish(store);
    await query(`DELETE FROM ${schema}.process`);
    await failsWith('locked', /another Confab process/, store.commit(sendMessage('g', 'a')));
    assert.deepEqual(await store.commit(checkpoint(store.generation)), { kind: 'fenced' });
    await failsWith('locked', /another Confab process/, store.ping());
    assert.ok(died.length > 0);
    await store.close();
  });

  test('a database that has forgotten what it acknowledged is not written to, by no later start either, until it is marked as restored', async () => {
    const died: StoreError[] = [];
    const store = await open({ onDeath: (error) => died.push(error) });
    await furnish(store);
    await query(`UPDATE ${schema}.process SET batch = batch - 2`);
    proxy.cut();
    await failsWith('corrupt', /lost what it had acknowledged/, store.commit(sendMessage('g', 'a')));
    assert.equal(died.length, 1);
    await store.close();
    await failsWith('corrupt', /restore --in-place/, open());
    const versions = (all: string) =>
      query(
        `UPDATE ${schema}.confab_meta SET value = ${all} WHERE key IN ('schema_version', 'compatible_with')`,
      );
    const [{ value } = {}] = await query(
      `SELECT value FROM ${schema}.confab_meta WHERE key = 'schema_version'`,
    );
    await query(`INSERT INTO ${schema}.confab_meta VALUES ('compatible_with', '1') ON CONFLICT DO NOTHING`);
    await versions(`'9999'`);
    const newer = restoreDatabase({ url: url() }, { now: START, skipMsgSeqs: 0 });
    await failsWith('newer-version', /run the newer Confab/, newer);
    await versions(`'${value}'`);
    await restoreDatabase({ url: url() }, { now: START, skipMsgSeqs: 0 });
    const again = await open();
    assert.equal((await again.commit(sendMessage('g', 'a'))).kind, 'sent');
    await again.close();
  });

  test('a standby is not written to until it is promoted; then the store goes on with it, and nothing is lost', async () => {
    await server.down();
    await using standby = await server.standby();
    await server.up();
    await standby.up();
    const store = await open();
    await furnish(store);
    const sends = (count: number) =>
      Promise.all(Array.from({ length: count }, () => store.commit<SendMessage>(sendMessage('g', 'a'))));
    await sends(20);
    await standby.caughtUp(server);
    proxy.target = standby.port;
    await server.kill();
    await failsWith('read-only', /standby/, openPostgresStore({ url: standby.url('postgres', ''), rules }));
    const waiting = sends(10);
    await standby.promote();
    assert.ok((await waiting).every(({ kind }) => kind === 'sent'));
    assert.deepEqual(await numbers(store), upTo(30));
    await store.close();
    await server.up();
  });
});
