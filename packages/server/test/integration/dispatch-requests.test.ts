import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseOpenImUrl, parseTencentUrl } from '@confab-im/protocol';
import { startWorld } from '../support/dispatch-harness.ts';

test('no more attempts per second than asked for, after one second’s worth at once', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', ratePerSecond: 10 }] });
  for (let group = 1; group <= 20; group += 1) await world.send(`g${group}`, 3);
  await world.start();
  await world.rest();
  assert.equal(world.arrivals.length, 10);
  for (let second = 1; second <= 4; second += 1) {
    await world.elapse(1_000);
    assert.equal(world.arrivals.length, 10 + second * 10);
  }
  await world.quiet();
  assert.equal(world.arrivals.length, 60);
});

test('the rate counts failures too', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', ratePerSecond: 2, retry: { baseDelayMs: 1 }, breaker: { failures: 1_000 } }],
    script: () => ({ status: 500 }),
  });
  for (let group = 1; group <= 20; group += 1) await world.send(`g${group}`);
  await world.start();
  await world.elapse(10_000);
  assert.equal(world.arrivals.length, 22);
});

test('Sign and RequestTime are fresh on every attempt, the body and the id are not', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', authToken: 'not-a-real-token', retry: { baseDelayMs: 4_000 } }],
    script: ({ before }) => ({ status: before < 3 ? 500 : 200 }),
  });
  await world.send('g1');
  await world.start();
  await world.quiet();
  const times = world.arrivals.map(({ request }) => {
    const { sign, requestTime } = parseTencentUrl(request.url);
    assert.equal(sign, createHash('sha256').update(`not-a-real-token${requestTime}`).digest('hex'));
    return Number(requestTime);
  });
  const [first = 0] = times;
  assert.deepEqual(times, [first, first + 2, first + 6, first + 14]);
  assert.equal(new Set(world.arrivals.map(({ request }) => request.body)).size, 1);
  assert.equal(new Set(world.arrivals.map(({ id }) => id)).size, 1);
});

test('Tencent’s URL and headers, with the endpoint’s extra ones', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', headers: { 'X-Tenant': 'blue', 'User-Agent': 'MyChat/2' } }],
  });
  await world.send('g1');
  await world.start();
  await world.quiet();
  const [arrival] = world.arrivals;
  const url = parseTencentUrl(arrival?.request.url ?? '');
  assert.deepEqual(url, {
    sdkAppId: 1400000001,
    command: 'Group.CallbackAfterSendMsg',
    contentType: 'json',
    clientIp: '203.0.113.7',
    platform: 'RESTAPI',
  });
  const { headers } = arrival?.request ?? {};
  assert.equal(headers?.['content-type'], 'application/json');
  assert.equal(headers['x-tenant'], 'blue');
  assert.equal(headers['user-agent'], 'MyChat/2');
  assert.match(String(headers['webhook-id']), /^[0-9a-f]{8}-\d+-\d+$/);
  assert.equal(headers['confab-replay'], undefined);
});

for (const [revision, query] of [
  ['main', true],
  ['3.8', false],
] as const) {
  test(`OpenIM’s URL and headers, revision ${revision}`, async () => {
    await using world = await startWorld({
      endpoints: [{ name: 'a', dialect: 'openim', revision }],
      script: () => ({ body: '{"actionCode":0,"errCode":0,"errMsg":"","errDlt":"","nextCode":0}' }),
    });
    await world.send('g1', 2);
    await world.start();
    await world.quiet();
    const [arrival] = world.arrivals;
    const { url = '', headers = {} } = arrival?.request ?? {};
    assert.equal(new URL(url, world.receiver.url).pathname, '/a/callbackAfterSendGroupMsgCommand');
    const { key } = parseOpenImUrl(url);
    assert.deepEqual(key, query ? { sendID: 'alice', recvID: '', groupID: 'g1' } : undefined);
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(headers.operationid, 'op1');
    assert.match(String(headers['webhook-id']), /^[0-9a-f]{8}-\d+-\d+$/);
    assert.deepEqual(
      world.recording.seen.map(({ verdict, warning }) => [verdict, warning]),
      [
        ['delivered', undefined],
        ['delivered', undefined],
      ],
    );
  });
}

test('one connection is kept for many requests', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', concurrency: 2 }] });
  await world.send('g1', 50);
  await world.send('g2', 50);
  await world.start();
  await world.quiet();
  assert.ok(world.receiver.connections <= 2);
});
