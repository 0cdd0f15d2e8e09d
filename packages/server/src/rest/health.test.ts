import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { type HealthDeps, healthHandlers } from './health.ts';
import type { HttpReply } from './http.ts';

async function ask(path: string, deps: Partial<HealthDeps> = {}, method = 'GET'): Promise<HttpReply> {
  const handlers = healthHandlers({
    clock: new ManualClock(),
    ready: async () => {},
    metrics: { contentType: 'text/plain', render: async () => 'confab_up 1\n' },
    ...deps,
  });
  const handler = handlers.find(({ prefix }) => path.startsWith(prefix));
  assert.ok(handler, path);
  const request = {
    method,
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    clientIp: '::1',
    requestId: '1',
  };
  return handler.handle(request);
}

test('alive needs nothing but the process', async () => {
  const ready = () => assert.fail('healthz asks nobody');
  assert.deepEqual((await ask('/healthz', { ready })).status, 200);
});

test('of several nodes each says which one it is, and what it works on', async () => {
  const node = () => ({ id: 'a', role: 'dispatch', held: 32 });
  const { body } = await ask('/healthz', { node });
  assert.deepEqual(JSON.parse(String(body)), { status: 'ok', node: 'a', role: 'dispatch', partitions: 32 });
  assert.deepEqual(JSON.parse(String((await ask('/healthz')).body)), { status: 'ok' });
});

test('ready says so, or why not', async () => {
  assert.equal((await ask('/readyz')).status, 200);
  const refused = await ask('/readyz', { ready: () => Promise.reject(new Error('the disk is full')) });
  assert.equal(refused.status, 503);
  assert.deepEqual(JSON.parse(String(refused.body)), { status: 'unavailable', reason: 'the disk is full' });
});

test('a store that hangs is not ready', async () => {
  const clock = new ManualClock();
  const asked = ask('/readyz', { clock, ready: () => new Promise(() => {}) });
  clock.advance(2_000);
  const reply = await asked;
  assert.equal(reply.status, 503);
  assert.match(String(reply.body), /not answered within 2000 ms/);
});

test('an answer in time leaves no timer behind', async () => {
  const clock = new ManualClock();
  await ask('/readyz', { clock });
  assert.equal(clock.pending, 0);
});

test('metrics are plain text', async () => {
  const reply = await ask('/metrics');
  assert.equal(reply.contentType, 'text/plain');
  assert.equal(reply.body, 'confab_up 1\n');
});

test('other paths and methods are refused', async () => {
  assert.equal((await ask('/healthzz')).status, 404);
  const reply = await ask('/metrics', {}, 'POST');
  assert.equal(reply.status, 405);
  assert.equal(reply.headers?.allow, 'GET, HEAD');
  assert.equal((await ask('/healthz', {}, 'HEAD')).status, 200);
});
