import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { StoreError } from '../../src/store/errors.ts';
import { GuardFailed } from '../../src/store/postgres/guards.ts';
import { Link } from '../../src/store/postgres/link.ts';
import { openPostgresStore, type PostgresOptions } from '../../src/store/postgres/open.ts';
import { call, statement } from '../../src/store/postgres/statement.ts';
import type { Store } from '../../src/store/store.ts';
import { APP, createGroup, START, sendMessage } from '../conformance/commands.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };

/** A group of that id with a member `a`. */
async function furnish(store: Store, groupId: string): Promise<void> {
  await store.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
  await store.commit(createGroup({ groupId, members: [{ userId: 'a' }] }));
}

async function numbers(store: Store, groupId: string): Promise<(number | undefined)[]> {
  const page = await store.history({ app: APP, groupId, fromMsgSeq: 0, limit: 10_000 });
  return (page?.messages ?? []).map(({ msgSeq }) => msgSeq).reverse();
}

describe('processes that share a database', () => {
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
    proxy.passes = () => true;
    await server.query(`CREATE SCHEMA ${schema}`);
  });

  const open = (options: Partial<PostgresOptions> = {}) =>
    openPostgresStore({
      url: server.url('postgres', `?options=-csearch_path%3D${schema}`),
      rules,
      alone: false,
      ...options,
    });
  const throughProxy = () => ({ url: proxy.url(`?options=-csearch_path%3D${schema}`) });
  const refusedAs = (code: string) => (error: unknown) => error instanceof StoreError && error.code === code;

  test('start together in an empty database, each with a generation of its own; one that wants to be alone is refused', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    assert.deepEqual(
      stores.map(({ generation }) => generation).sort((a, b) => a - b),
      [1, 2, 3],
    );
    await assert.rejects(open({ alone: true }), refusedAs('locked'));
    await Promise.all(stores.map((store) => store.close()));
    const alone = await open({ alone: true });
    await assert.rejects(open(), refusedAs('locked'));
    await alone.close();
  });

  test('broadcast at once: no number is given twice', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const taken: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      const results = await Promise.all(
        stores.map((store, index) =>
          store.commit({
            type: 'broadcast',
            now: START + round * 10_000 + index * 1_000,
            app: APP,
            sender: 'administrator',
            senderIsAdmin: true,
            msgBodyJson: '[]',
          }),
        ),
      );
      taken.push(...results.flatMap((result) => (result.kind === 'done' ? [result.msgSeq] : [])));
    }
    assert.deepEqual(
      taken.toSorted((a, b) => a - b),
      taken.map((_, index) => index + 1),
    );
    await Promise.all(stores.map((store) => store.close()));
  });

  test('the answer to a commit is lost while another goes on writing: it is known to be done, and not done twice', async () => {
    const [one, other] = await Promise.all([open(throughProxy()), open()]);
    await furnish(one, 'mine');
    await furnish(one, 'theirs');
    let lost = 0;
    proxy.passes = (chunk) => {
      const isLost = lost === 0 && chunk.includes('COMMIT\0');
      if (isLost) lost += 1;
      return !isLost;
    };
    const [mine, ...theirs] = await Promise.all([
      one.commit(sendMessage('mine', 'a')),
      ...Array.from({ length: 20 }, () => other.commit(sendMessage('theirs', 'a'))),
    ]);
    assert.deepEqual(
      [lost, mine.kind, new Set(theirs.map(({ kind }) => kind))],
      [1, 'sent', new Set(['sent'])],
    );
    assert.deepEqual([await numbers(other, 'mine'), (await numbers(other, 'theirs')).length], [[1], 20]);
    await Promise.all([one.close(), other.close()]);
  });

  test('a guard that does not hold rolls its transaction back, by name, and leaves the connection as it was', async () => {
    await (await open()).close();
    const link = await Link.open({ url: server.url('postgres', `?options=-csearch_path%3D${schema}`) });
    const write = call(statement("INSERT INTO confab_meta VALUES ('guarded', 'x')"));
    const guard = call(
      statement("SELECT CASE WHEN count(*) = 0 THEN 0 ELSE refuse('empty') END FROM confab_meta"),
    );
    await assert.rejects(
      link.transact([write, guard]),
      (error) => error instanceof GuardFailed && error.guard === 'empty',
    );
    const left = statement("SELECT count(*) AS n FROM confab_meta WHERE key = 'guarded'");
    assert.deepEqual([link.lost, await link.run([call(left)])], [undefined, [[{ n: 0 }]]]);
    link.close();
  });

  test('one that has ended leaves nothing behind; one that died is forgotten when it was not seen for an hour', async () => {
    const [one, other] = [await open(throughProxy()), await open()];
    const rows = () => server.query(`SELECT id FROM ${schema}.process ORDER BY id`);
    assert.deepEqual(await rows(), [{ id: '1' }, { id: '2' }]);
    proxy.cut();
    await server.query(`UPDATE ${schema}.process SET written_at = now() - interval '2 hours'`);
    while (
      (await server.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'confab'")).length > 1
    );
    const third = await open();
    assert.deepEqual(await rows(), [{ id: '2' }, { id: '3' }]);
    await Promise.all([one.close(), other.close(), third.close()]);
    assert.deepEqual(await rows(), []);
  });
});
