import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { StoreError, type StoreErrorCode } from '../../src/store/errors.ts';
import { bytes, int8s, plain, texts } from '../../src/store/postgres/arrays.ts';
import { Link } from '../../src/store/postgres/link.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { call, statement } from '../../src/store/postgres/statement.ts';
import { APP, createGroup, putEndpoint, START, sendMessage } from '../conformance/commands.ts';
import { freePort, PostgresServer } from '../support/postgres-server.ts';
import { sentFacts } from '../support/sent-facts.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 2).toString('base64');

describe('opening PostgreSQL', () => {
  let server: PostgresServer;
  let admin: pg.Client;
  before(async () => {
    server = await PostgresServer.start();
    admin = new pg.Client({ connectionString: server.url() });
    await admin.connect();
    await admin.query("CREATE ROLE locked LOGIN PASSWORD 'right'; CREATE ROLE only_tls LOGIN SUPERUSER");
  });
  after(async () => {
    await admin.end();
    await server[Symbol.asyncDispose]();
  });

  async function database(name: string, ...sql: string[]): Promise<string> {
    await admin.query(`CREATE DATABASE ${name}`);
    for (const text of sql) await query(name, text);
    return server.url(name);
  }

  async function query(name: string, text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: server.url(name) });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async function refused(
    url: string,
    code: StoreErrorCode,
    said: RegExp,
    secretsKeys: string[] = [],
  ): Promise<void> {
    await assert.rejects(openPostgresStore({ url, secretsKeys }), (error) => {
      assert.ok(error instanceof StoreError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, said);
      assert.match(error.message, /^postgres:\/\/127\.0\.0\.1:\d+\/\w+: /);
      assert.doesNotMatch(`${error.message} ${error.stack}`, /hunter2/);
      return true;
    });
  }

  async function opens(url: string): Promise<void> {
    await (await openPostgresStore({ url })).close();
  }

  test('makes its tables in an empty database; a second opening changes nothing of them', async () => {
    const url = await database('fresh');
    const tables = () =>
      query(
        'fresh',
        "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname",
      );
    await opens(url);
    const made = await tables();
    assert.ok(made.length > 20);
    const store = await openPostgresStore({ url });
    assert.equal(store.generation, 2);
    await store.close();
    assert.deepEqual(await tables(), made);
  });

  test('the server is away', async () => {
    const port = await freePort();
    await refused(`postgres://u:hunter2@127.0.0.1:${port}/x`, 'unreachable', /nothing listens/);
    const socket = `postgres://u:hunter2@127.0.0.1:${port}/x?host=/nowhere`;
    await refused(socket, 'unreachable', /nothing listens/);
  });

  test('a password is wrong or missing; a user may not make tables', async () => {
    const url = (password: string) => server.url('postgres').replace('postgres@', `locked${password}@`);
    await refused(url(':hunter2'), 'denied', /refuses the password/);
    await refused(url(''), 'denied', /password/);
    await refused(url(':right'), 'denied', /may not do this/);
    await admin.query(
      'CREATE ROLE reader LOGIN SUPERUSER; ALTER ROLE reader SET default_transaction_read_only = on',
    );
    const reader = server.url('postgres', '', 'reader');
    await refused(
      reader,
      'read-only',
      /it is a standby .*or default_transaction_read_only is on for the role/,
    );
  });

  test('TLS is asked for by the server, by the URL, and its certificate is checked', async () => {
    await database('tls');
    const url = (query: string) => server.url('tls', query, 'only_tls');
    await refused(url(''), 'denied', /whether it asks for TLS/);
    await refused(url('?sslmode=verify-full'), 'denied', /certificate cannot be trusted/);
    await opens(url('?sslmode=no-verify'));
    const authority = join(server.data, 'server.crt');
    const trusting = `?sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`;
    await opens(url(trusting));
    await refused(url(`${trusting}&host=127.1`), 'denied', /certificate is for another host/);
    for (const name of ['sslrootcert', 'sslcert', 'sslkey'])
      await refused(
        url(`?${name}=/nope.pem`),
        'denied',
        new RegExp(`${name} in the store URL names /nope\\.pem, which cannot be read \\(ENOENT\\)`),
      );
  });

  test('there is no such database, or it is another program’s', async () => {
    await refused(server.url('nowhere'), 'not-a-database', /no such database; create it/);
    const url = await database('theirs', 'CREATE TABLE invoices (id int)');
    await refused(url, 'not-a-database', /tables of another program/);
    const left = await query(
      'theirs',
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    );
    assert.deepEqual(left, [{ relname: 'invoices' }]);
    const ours = server.url('theirs', '?options=-csearch_path%3Dours');
    await refused(ours, 'not-a-database', /no schema of the search path exists/);
    await query('theirs', 'CREATE SCHEMA ours');
    await opens(ours);
  });

  test('a newer Confab was here: it says whether older ones may go on; or something that only looks like one', async () => {
    const url = await database('newer');
    await opens(url);
    await query('newer', "UPDATE confab_meta SET value = '999' WHERE key = 'schema_version'");
    await opens(url);
    await query('newer', "INSERT INTO confab_meta VALUES ('compatible_with', '998')");
    const says =
      /schema version 999 and needs a Confab that knows 998, this one knows \d+; run the newer Confab/;
    await refused(url, 'newer-version', says);
    await query('newer', "UPDATE confab_meta SET value = 'x' WHERE key = 'schema_version'");
    await refused(url, 'not-a-database', /not one of Confab/);
  });

  test('a migration that fails leaves nothing behind, and is made again', async () => {
    const url = await database(
      'half',
      'CREATE FUNCTION log_from_msg_seq(stream bigint, wanted bigint, head bigint) RETURNS text LANGUAGE sql AS $$ SELECT 1 $$',
    );
    await refused(url, 'internal', /log_from_msg_seq|return type/);
    const tables = await query('half', "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace");
    assert.deepEqual(tables, []);
    await query('half', 'DROP FUNCTION log_from_msg_seq');
    await opens(url);
  });

  test('one Confab at a time; the first goes on', async () => {
    const url = await database('shared');
    const first = await openPostgresStore({ url });
    await refused(url, 'locked', /another Confab process has this database open/);
    await first.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
    await first.close();
    await opens(url);
  });

  test('a database that may only be read', async () => {
    const url = await database('reading', 'ALTER DATABASE reading SET default_transaction_read_only = on');
    await refused(url, 'read-only', /read-only/);
  });

  test('every byte of a message is kept; names lose only U+0000', async () => {
    const url = await database('bytes');
    const body = '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"\\u0000 é 群 \\ud83d"}}]';
    const custom = 'a\0b\\x00\'"{},é群😀';
    const store = await openPostgresStore({ url, rules: { ...DEFAULT_RULES } });
    await store.commit({
      type: 'importAccounts',
      now: START,
      app: APP,
      accounts: [{ userId: 'a', nick: 'x\0{"y",\\}' }],
    });
    await store.commit(createGroup({ groupId: 'g', members: [{ userId: 'a' }] }));
    const hook = await store.commit(putEndpoint('hook'));
    const sent = await store.commit(sendMessage('g', 'a', { msgBodyJson: body, cloudCustomData: custom }));
    assert.ok(sent.kind === 'sent' && hook.kind === 'done');
    const page = await store.history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: 1 });
    assert.deepEqual([page?.messages[0]?.msgBodyJson, page?.messages[0]?.cloudCustomData], [body, custom]);
    const lane = { endpointId: hook.id, streamId: sent.streamId };
    const [read] = await store.readEvents([{ ...lane, after: 0, maxEvents: 9 }]);
    assert.deepEqual(
      [sentFacts(read?.events[0]).msgBodyJson, sentFacts(read?.events[0]).cloudCustomData],
      [body, custom],
    );
    await store.close();
    const [account] = await query('bytes', 'SELECT nick FROM account');
    assert.equal(account?.nick, 'x\uFFFD{"y",\\}');
  });

  test('whole columns come out as they went in', async () => {
    const link = await Link.open({ url: server.url() });
    const columns = statement(
      'SELECT * FROM unnest($1::int8[], $2::text[], $3::bytea[]) WITH ORDINALITY AS x (n, t, b, at) ORDER BY at',
    );
    const text = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    const row = fc.record({ n: fc.option(fc.maxSafeInteger(), { nil: null }), t: text, b: text });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const values = [
          int8s(rows.map(({ n }) => n)),
          texts(rows.map(({ t }) => t)),
          bytes(rows.map(({ b }) => b)),
        ];
        const [back = []] = await link.run([call(columns, ...values)]);
        const expected = rows.map(({ n, t, b }, index) => ({ n, t: t && plain(t), b, at: index + 1 }));
        assert.deepEqual(
          back.map((one) => ({ ...one })),
          expected,
        );
      }),
      { numRuns: 200 },
    );
    link.close();
  });

  test('what is secret is sealed; without the key the store stays shut, with a new one it is sealed anew', async () => {
    const url = await database('sealed');
    const settings = async () =>
      (await query('sealed', 'SELECT settings FROM endpoint'))[0]?.settings as string;
    const open = (...secretsKeys: string[]) => openPostgresStore({ url, secretsKeys });
    const plain = await open();
    await plain.commit(putEndpoint('hook', { authToken: 'hunter2' }));
    await plain.close();
    assert.match(await settings(), /hunter2/);
    await (await open(KEY)).close();
    assert.doesNotMatch(await settings(), /hunter2/);
    await refused(
      url,
      'secrets-locked',
      /endpoint "hook" of app \d+ are encrypted with the key \w+, and secretsKey is not set/,
    );
    const before = await settings();
    const turned = await open(OTHER_KEY, KEY);
    assert.equal((await turned.endpoints())[0]?.settings.authToken, 'hunter2');
    await turned.close();
    assert.notEqual(await settings(), before);
    await refused(url, 'secrets-locked', /secretsKey has/, [KEY]);
    const after = await open(OTHER_KEY);
    await after.commit({ type: 'deleteEndpoint', now: START, app: APP, name: 'hook', force: true });
    await after.close();
    assert.doesNotMatch(await settings(), /hunter2|sealed/);
  });
});
