import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReady, NodesUnderLoad } from '../support/nodes-under-load.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { until } from '../support/real-time.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

test('the primary dies, and its synchronous standby takes its place: three nodes go on with it, and nothing acknowledged is lost', async () => {
  await using primary = await PostgresServer.start({ settings: ["synchronous_standby_names = '*'"] });
  await primary.down();
  await using standby = await primary.standby();
  await primary.up();
  await standby.up();
  const proxy = await new SwitchProxy(primary.port).listen();
  const store = proxy.url();
  await using load = await NodesUnderLoad.start([{ store }, { store }, { store }]);
  const [replica] = await primary.query('SELECT sync_state FROM pg_stat_replication');
  assert.equal(replica?.sync_state, 'sync');
  const over = load.fault();
  await primary.kill();
  proxy.target = standby.port;
  // For a moment there is only a standby that takes no writes.
  for (const server of load.servers) await until('it says so', 10_000, async () => !(await isReady(server)));
  await standby.promote();
  await load.everyGroup(20_000);
  await load.nodes.allWell();
  over();
  for (const server of load.servers) assert.ok(await isReady(server));
  await load.settle();
  for (const server of load.servers) assert.equal(await server.stop(), 0);
  proxy.close();
});
