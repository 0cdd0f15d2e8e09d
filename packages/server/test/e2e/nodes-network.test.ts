import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReady, NodesUnderLoad, partitionsOf } from '../support/nodes-under-load.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { until } from '../support/real-time.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

const config = { cluster: { lease: '2s' } };

test('the connections of one node go dead without a word: others take its groups over, it says so, and when the network is back it has its share again', async () => {
  await using database = await PostgresServer.start();
  await using proxy = await new SwitchProxy(database.port).listen();
  await using load = await NodesUnderLoad.start([
    { store: proxy.url(), config },
    { store: database.url(), config },
  ]);
  const [lonely = assert.fail(), other = assert.fail()] = load.servers;
  const over = load.fault();
  proxy.deaden();
  await until('take-over', 10_000, async () => (await partitionsOf(other)) === 64);
  assert.equal(await partitionsOf(lonely), 0);
  await load.everyGroup(10_000);
  await until('it says so', 20_000, async () => !(await isReady(lonely)));
  proxy.heal();
  await until('it has its share again', 15_000, async () => (await partitionsOf(lonely)) > 0);
  await load.everyGroup(10_000);
  await until('it is ready', 15_000, () => isReady(lonely));
  over();
  await load.settle();
  assert.deepEqual([await lonely.stop(), await other.stop()], [0, 0]);
});
