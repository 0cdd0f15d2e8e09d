import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { knownVersion, NewerVersion } from '../support/newer-version.ts';
import { isReady, NodesUnderLoad, partitionsOf } from '../support/nodes-under-load.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { until } from '../support/real-time.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const GROUP = 'group_open_http_svc';

describe('old and new versions on one PostgreSQL', () => {
  let database: PostgresServer;
  before(async () => {
    database = await PostgresServer.start();
  });
  after(() => database[Symbol.asyncDispose]());

  test('one node after the other is upgraded under load: both versions serve and deliver, and nothing is lost', async () => {
    using newer = new NewerVersion(knownVersion());
    const store = database.url();
    await using load = await NodesUnderLoad.start([{ store }, { store }]);
    const [stays = assert.fail(), first = assert.fail()] = load.servers;
    await using upgraded = new ServerProcess(load.url, { store, main: newer.main });
    // Its changes of tables may meet a transaction of the others in a deadlock; whoever runs it starts it again.
    let starts = 1;
    while (!(await upgraded.start())) starts += 1;
    assert.ok(starts < 10, `started ${starts} times`);
    const [{ value } = {}] = await database.query(
      "SELECT value FROM confab_meta WHERE key = 'schema_version'",
    );
    assert.equal(value, '9999');
    await until('shares', 20_000, async () => (await partitionsOf(upgraded)) > 0);
    await load.everyGroup(20_000);
    for (const server of [stays, first, upgraded]) {
      assert.ok((await partitionsOf(server)) > 0);
      assert.ok(await isReady(server));
    }
    // Commands of the old and of the new on the same group.
    await stays.call(`${GROUP}/create_group`, { Type: 'Public', Name: 'g', GroupId: 'apart' });
    for (const [n, server] of [stays, upgraded, stays, upgraded].entries()) {
      const body = { GroupId: 'apart', Name: `name ${n}` };
      assert.equal((await server.call(`${GROUP}/modify_group_base_info`, body)).ErrorCode, 0);
    }
    await load.nodes.retire(first);
    await until('its share', 20_000, async () => (await partitionsOf(upgraded)) === 32);
    await load.everyGroup(20_000);
    await load.settle();
    for (const server of [stays, upgraded]) assert.equal(await server.stop(), 0);
  });

  test('a version that the database is beyond ends, and cannot be started any more', async () => {
    using newer = new NewerVersion(knownVersion() + 1);
    await database.query('CREATE DATABASE beyond');
    const store = database.url('beyond');
    const config = { cluster: { lease: '1s' } };
    await using receiver = await startReceiver();
    await using old = new ServerProcess(receiver.url, { store, config });
    await using upgraded = new ServerProcess(receiver.url, { store, config, main: newer.main });
    assert.ok(await old.start());
    assert.ok(await upgraded.start());
    assert.equal(await old.ended(), 1);
    await until('it has all', 20_000, async () => (await partitionsOf(upgraded)) === 64);
    assert.equal(await old.start(), false);
    assert.equal(await old.ended(), 1);
    assert.equal(await upgraded.stop(), 0);
  });

  test('an event that only a newer version knows waits for it; what lies before it and other groups go on', async () => {
    await database.query('CREATE DATABASE kinds');
    const store = database.url('kinds');
    await using receiver = await startReceiver();
    const arrived = (group: string) =>
      receiver.requests
        .map(({ body }) => JSON.parse(body) as { GroupId: string; MsgSeq: number })
        .flatMap(({ GroupId, MsgSeq }) => (GroupId === group ? [MsgSeq] : []));
    await using api = new ServerProcess(receiver.url, { store, config: { cluster: { role: 'api' } } });
    assert.ok(await api.start());
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }];
    for (const GroupId of ['g', 'h']) {
      await api.call(`${GROUP}/create_group`, { Type: 'Public', Name: 'g', GroupId });
      for (let Random = 1; Random <= 5; Random += 1)
        await api.call(`${GROUP}/send_group_msg`, { GroupId, Random, MsgBody });
    }
    const row = 'WHERE msg_seq = 3 AND stream_id = (SELECT min(stream_id) FROM log)';
    await database.query(`UPDATE log SET kind = 'group.moon.landed' ${row}`, 'kinds');
    await using dispatch = new ServerProcess(receiver.url, {
      store,
      config: { cluster: { role: 'dispatch', poll: '200ms' } },
    });
    assert.ok(await dispatch.start());
    await until(
      'all but what it does not know',
      20_000,
      () => arrived('h').length === 5 && arrived('g').length === 2,
    );
    await api.call(`${GROUP}/send_group_msg`, { GroupId: 'h', Random: 6, MsgBody });
    await until('what came later', 20_000, () => arrived('h').length === 6);
    assert.deepEqual(arrived('g'), [1, 2]);
    const letters = await database.query('SELECT count(*)::int AS n FROM dead_letter', 'kinds');
    assert.equal(letters[0]?.n, 0);
    // As if it had been upgraded.
    await database.query(`UPDATE log SET kind = 'group.message.sent' ${row}`, 'kinds');
    await until('what has waited', 20_000, () => arrived('g').length === 5);
    assert.deepEqual(arrived('g'), [1, 2, 3, 4, 5]);
  });
});
