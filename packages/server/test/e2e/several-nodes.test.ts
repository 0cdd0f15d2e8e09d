import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PostgresServer } from '../support/postgres-server.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const TOKEN = 'not-a-real-token-but-long-enough';
const ADMIN = { tokens: [{ name: 'ops', token: TOKEN, role: 'owner' }] };

interface Health {
  readonly node: string;
  readonly role: string;
  readonly partitions: number;
}

async function health(server: ServerProcess): Promise<Health> {
  return (await (await fetch(`${server.url}/healthz`)).json()) as Health;
}

async function admin(
  server: ServerProcess,
  path: string,
  method = 'GET',
  body?: object,
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${server.url}/admin/v1/${path}`, { method, headers, ...sent });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return (await answer.json()) as Record<string, unknown>;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => void setImmediate(resolve));
}

describe('several processes on one PostgreSQL', () => {
  let database: PostgresServer;
  let databases = 0;
  before(async () => {
    database = await PostgresServer.start();
  });
  after(async () => {
    await database[Symbol.asyncDispose]();
  });

  async function emptyDatabase(): Promise<string> {
    databases += 1;
    await database.query(`CREATE DATABASE d${databases}`);
    return database.url(`d${databases}`);
  }

  for (const notices of [true, false]) {
    test(`one takes requests, the other delivers, notices ${notices ? 'on' : 'off'}`, async () => {
      await using receiver = await startReceiver();
      const store = await emptyDatabase();
      const cluster = { notices, poll: '200ms' };
      await using api = new ServerProcess(receiver.url, {
        store,
        config: { cluster: { ...cluster, role: 'api', node: 'front' }, admin: ADMIN },
      });
      await using dispatch = new ServerProcess(receiver.url, {
        store,
        config: { cluster: { ...cluster, role: 'dispatch', node: 'back' }, admin: ADMIN },
      });
      assert.ok(await api.start());
      assert.deepEqual(await health(api), { status: 'ok', node: 'front', role: 'api', partitions: 0 });
      await api.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId: 'g' });
      const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }];
      const send = (Random: number) =>
        api.call('group_open_http_svc/send_group_msg', { GroupId: 'g', Random, MsgBody });
      assert.equal((await send(1)).ErrorCode, 0);
      assert.equal(receiver.requests.length, 0, 'nobody delivers yet');
      assert.ok(await dispatch.start());
      await receiver.waitFor(1);
      await until(async () => (await health(dispatch)).partitions === 64);
      assert.equal((await send(2)).ErrorCode, 0);
      await receiver.waitFor(2);
      const commands = await fetch(`${dispatch.url}/v4/group_open_http_svc/send_group_msg`, {
        method: 'POST',
      });
      assert.equal(commands.status, 404);
      assert.equal((await fetch(`${dispatch.url}/readyz`)).status, 200);
      assert.match(await (await fetch(`${dispatch.url}/metrics`)).text(), /^confab_node_partitions 64$/m);
      const { nodes } = await admin(dispatch, 'nodes');
      const seen = (nodes as { id: string; role: string; alive: boolean; partitions: number }[]).map(
        ({ id, role, alive, partitions }) => [id, role, alive, partitions],
      );
      assert.deepEqual(seen, [
        ['front', 'api', true, 0],
        ['back', 'dispatch', true, 64],
      ]);
      const state = async () => (await admin(api, 'status')).node as Record<string, unknown>;
      await until(async () => (await state()).nodes === 2);
      assert.deepEqual(await state(), { id: 'front', role: 'api', held: 0, partitions: 64, nodes: 2 });
      assert.equal(await dispatch.stop(), 0);
      assert.equal(((await admin(api, 'nodes')).nodes as unknown[]).length, 1, 'who leaves is not listed');
      assert.equal((await send(3)).ErrorCode, 0);
      assert.ok(await dispatch.start());
      await receiver.waitFor(3);
      assert.equal(receiver.requests.length, 3, 'nothing came twice');
    });
  }

  test('an endpoint that is made, paused and resumed at one node is so at the other', async () => {
    await using receiver = await startReceiver();
    const store = await emptyDatabase();
    const node = (role: string) =>
      new ServerProcess(`${receiver.url}/main`, { store, config: { cluster: { role }, admin: ADMIN } });
    await using back = node('dispatch');
    await using front = node('api');
    assert.ok(await back.start());
    assert.ok(await front.start());
    await front.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId: 'g' });
    const settings = {
      name: 'second',
      url: `${receiver.url}/second`,
      events: 'all',
      allowPrivateNetwork: true,
    };
    await admin(front, 'apps/1400000001/endpoints', 'POST', settings);
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }];
    const send = (Random: number) =>
      front.call('group_open_http_svc/send_group_msg', { GroupId: 'g', Random, MsgBody });
    const arrived = (path: string) =>
      receiver.requests.filter(({ url }) => url.startsWith(`/${path}`)).length;
    await send(1);
    await until(async () => arrived('main') === 1 && arrived('second') === 1);
    await admin(front, 'apps/1400000001/endpoints/second/pause', 'POST');
    // The other node has heard of it when the endpoint is none of those that it delivers to.
    await until(async () => {
      const { endpoints } = await admin(back, 'apps/1400000001/endpoints');
      return (endpoints as { name: string; delivery?: unknown }[]).some(
        ({ name, delivery }) => name === 'second' && delivery === undefined,
      );
    });
    await send(2);
    await until(async () => arrived('main') === 2);
    assert.equal(arrived('second'), 1);
    await admin(front, 'apps/1400000001/endpoints/second/resume', 'POST');
    await until(async () => arrived('second') === 2);
  });

  test('a second process of a node’s name does not start while the first one lives, and takes its place when it is dead', async () => {
    await using receiver = await startReceiver();
    const store = await emptyDatabase();
    const config = { cluster: { node: 'web-1', lease: '1s' } };
    await using first = new ServerProcess(receiver.url, { store, config });
    await using second = new ServerProcess(receiver.url, { store, config });
    assert.ok(await first.start());
    assert.equal(await second.start(), false, 'it has ended');
    assert.equal((await health(first)).partitions, 64);
    await first.kill();
    assert.ok(await second.start());
    await until(async () => (await health(second)).partitions === 64);
  });
});
