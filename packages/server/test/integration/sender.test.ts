import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { type TestContext, test } from 'node:test';
import type { Resolve } from '../../src/webhook/guard.ts';
import { createSender, type Outcome, type Sender, type SenderOptions } from '../../src/webhook/sender.ts';
import { startHalfOpenProxy } from '../support/half-open-proxy.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { gate, type Receiver, type Script, startReceiver } from '../support/scripted-receiver.ts';

const TIMEOUT_MS = 1000;

interface Bench {
  receiver: Receiver;
  sender: Sender;
  clock: ManualClock;
  post(path?: string): Promise<Outcome>;
}

async function setUp(t: TestContext, script?: Script, options: Partial<SenderOptions> = {}): Promise<Bench> {
  const clock = new ManualClock();
  const receiver = await startReceiver(script);
  const sender = createSender({
    clock,
    allowPrivateNetwork: true,
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    ...options,
  });
  t.after(async () => {
    await sender.destroy();
    await receiver.close();
    assert.equal(clock.pending, 0, 'every timer is cancelled');
  });
  const post = (path = '/hook') => sender.send({ url: receiver.url + path, headers: {}, body: '{}' });
  return { receiver, sender, clock, post };
}

function statusOf(outcome: Outcome): number | string {
  return outcome.kind === 'answer' ? outcome.status : `${outcome.stage} ${outcome.code}`;
}

test('the request arrives as it was given and the answer comes back as it was sent', async (t) => {
  const held = gate();
  const { receiver, sender, clock } = await setUp(t, () => ({ body: '{"ok":"é"}', until: held.opened }));
  const sent = sender.send({
    url: `${receiver.url}/hook/a%20b?SdkAppid=1400000001&CallbackCommand=Group.CallbackAfterSendMsg`,
    headers: { 'content-type': 'application/json', 'X-Extra': 'a b' },
    body: '{"Text":"héllo 世界"}',
  });
  const [request] = await receiver.waitFor(1);
  clock.advance(250);
  held.open();

  assert.equal(request?.method, 'POST');
  assert.equal(request.url, '/hook/a%20b?SdkAppid=1400000001&CallbackCommand=Group.CallbackAfterSendMsg');
  assert.equal(request.body, '{"Text":"héllo 世界"}');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers['x-extra'], 'a b');
  assert.equal(request.headers['transfer-encoding'], undefined);
  assert.deepEqual(await sent, {
    kind: 'answer',
    status: 200,
    body: '{"ok":"é"}',
    truncated: false,
    durationMs: 250,
  });
});

test('any status is an answer, with Retry-After as it came', async (t) => {
  const { post } = await setUp(t, () => ({ status: 503, headers: { 'Retry-After': '7' }, body: 'not json' }));
  assert.deepEqual(await post(), {
    kind: 'answer',
    status: 503,
    body: 'not json',
    retryAfter: '7',
    truncated: false,
    durationMs: 0,
  });
});

test('an answer without a body has an empty one', async (t) => {
  const { post } = await setUp(t, () => ({ status: 204, body: '' }));
  const outcome = await post();
  assert.deepEqual([outcome.kind, outcome.kind === 'answer' && outcome.body], ['answer', '']);
});

test('informational answers are passed over', async (t) => {
  const raw =
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok';
  const { post } = await setUp(t, () => ({ raw }));
  assert.equal(statusOf(await post()), 201);
});

test('a redirect is an answer and is not followed', async (t) => {
  const { receiver, post } = await setUp(t, () => ({ status: 307, headers: { location: '/elsewhere' } }));
  assert.equal(statusOf(await post()), 307);
  assert.equal(statusOf(await post()), 307);
  assert.deepEqual(
    receiver.requests.map(({ url }) => url),
    ['/hook', '/hook'],
  );
});

test('an answer of exactly the limit is whole', async (t) => {
  const { post } = await setUp(t, () => ({ body: 'x'.repeat(65_536) }));
  const outcome = await post();
  assert.ok(outcome.kind === 'answer');
  assert.deepEqual([outcome.body.length, outcome.truncated], [65_536, false]);
});

test('an endless answer is cut at the limit, its status stands and its connection is closed', async (t) => {
  async function* endless(): AsyncGenerator<string> {
    for (;;) yield 'x'.repeat(999);
  }
  const { receiver, post } = await setUp(t, () => ({ body: endless() }), { answerLimitBytes: 5000 });
  const outcome = await post();
  assert.ok(outcome.kind === 'answer');
  assert.deepEqual([outcome.status, outcome.body.length, outcome.truncated], [200, 5000, true]);
  await receiver.idle();

  receiver.reply(() => ({}));
  assert.equal(statusOf(await post()), 200, 'the next attempt has a connection of its own');
  assert.equal(receiver.connections, 2);
});

test('one connection serves attempt after attempt', async (t) => {
  const { receiver, post } = await setUp(t);
  for (let i = 0; i < 5; i++) assert.equal(statusOf(await post(`/hook?n=${i}`)), 200);
  assert.deepEqual([receiver.requests.length, receiver.connections], [5, 1]);
});

test('no more connections than the concurrency, and the rest waits its turn', async (t) => {
  const held = gate();
  const { receiver, post } = await setUp(t, () => ({ until: held.opened }), { concurrency: 2 });
  const outcomes = Promise.all(Array.from({ length: 6 }, () => post()));
  await receiver.waitFor(2);
  held.open();
  assert.deepEqual((await outcomes).map(statusOf), [200, 200, 200, 200, 200, 200]);
  assert.deepEqual([receiver.maxConcurrent(), receiver.connections], [2, 2]);
});

test('an attempt that ran out of time while waiting its turn is never sent', async (t) => {
  const { receiver, clock, post } = await setUp(t, () => 'hang');
  const first = post('/first');
  const second = post('/second');
  await receiver.waitFor(1);
  clock.advance(TIMEOUT_MS);
  assert.deepEqual([statusOf(await first), statusOf(await second)], ['headers TIMEOUT', 'connect TIMEOUT']);

  receiver.reply(() => ({}));
  assert.equal(statusOf(await post('/third')), 200);
  assert.deepEqual(
    receiver.requests.map(({ url }) => url),
    ['/first', '/third'],
  );
});

// The limit is below the four seconds after which an idle connection would be closed anyway.
test('a sender whose URL moves drains the old connections', { timeout: 2000 }, async (t) => {
  const held = gate();
  const { receiver, sender, post } = await setUp(t, () => ({ until: held.opened }));
  await using elsewhere = await startReceiver();
  const slow = post();
  await receiver.waitFor(1);
  const moved = await sender.send({ url: elsewhere.url, headers: {}, body: '{}' });
  held.open();
  assert.deepEqual([statusOf(moved), statusOf(await slow)], [200, 200]);
  await receiver.idle();
});

test('close() waits for the attempt in flight and refuses later ones', async (t) => {
  const held = gate();
  const { receiver, sender, post } = await setUp(t, () => ({ until: held.opened }));
  const inFlight = post();
  await receiver.waitFor(1);
  const closed = sender.close();
  assert.equal(statusOf(await post()), 'aborted CLOSED');
  held.open();
  await closed;
  assert.equal(statusOf(await inFlight), 200);
  await receiver.idle();
  await sender.close();
});

test('destroy() aborts what is in flight and what waits its turn', async (t) => {
  const { receiver, sender, post } = await setUp(t, () => 'hang');
  const inFlight = post();
  const waiting = post();
  await receiver.waitFor(1);
  const closing = sender.close();
  await sender.destroy();
  assert.deepEqual([await inFlight, await waiting].map(statusOf), ['aborted DESTROYED', 'aborted DESTROYED']);
  assert.equal(statusOf(await post()), 'aborted CLOSED');
  await closing;
  await receiver.idle();
  await sender.destroy();
});

test('destroy() gives up a connection that is being made', async (t) => {
  const { clock, sender, post } = await setUp(t, undefined, { resolve: () => {} });
  const connecting = sender.send({ url: 'http://hooks.example.com/', headers: {}, body: '{}' });
  await sender.destroy();
  assert.equal(statusOf(await connecting), 'aborted DESTROYED');
  assert.equal(clock.pending, 0, 'neither the attempt nor the connection waits any longer');
  assert.equal(statusOf(await post()), 'aborted CLOSED');
});

test('a name that changes its answer is judged anew for each connection and never between', async (t) => {
  const answers = ['127.0.0.1', '169.254.169.254'];
  const asked: string[] = [];
  const rebinding: Resolve = (hostname, _options, callback) => {
    asked.push(hostname);
    const address = answers.shift();
    const addresses: LookupAddress[] = address === undefined ? [] : [{ address, family: 4 }];
    setImmediate(callback, null, addresses);
  };
  const { receiver, sender } = await setUp(t, undefined, { resolve: rebinding });
  const url = `http://rebind.example.com:${receiver.port}/`;
  const post = () => sender.send({ url, headers: {}, body: '{}' });

  assert.equal(statusOf(await post()), 200);
  receiver.reply(() => ({ headers: { connection: 'close' } }));
  assert.equal(statusOf(await post()), 200, 'the connection already made stays in use');
  assert.equal(asked.length, 1, 'one look-up per connection, none between check and connect');
  assert.equal(statusOf(await post()), 'blocked ADDRESS_BLOCKED');
  assert.deepEqual(asked, ['rebind.example.com', 'rebind.example.com']);
  assert.equal(receiver.requests.length, 2);
});

test('a kept connection goes half-open; later ones are reset, then work again', async (t) => {
  const { receiver, sender, clock } = await setUp(t);
  await using proxy = await startHalfOpenProxy(receiver.port);
  const post = () => sender.send({ url: `http://127.0.0.1:${proxy.port}/`, headers: {}, body: '{}' });
  assert.equal(statusOf(await post()), 200);

  proxy.swallow();
  const lost = post();
  await proxy.swallowed();
  clock.advance(TIMEOUT_MS);
  assert.equal(statusOf(await lost), 'headers TIMEOUT');

  proxy.swallow();
  const reset = post();
  await proxy.swallowed();
  proxy.reset();
  assert.equal(statusOf(await reset), 'headers ECONNRESET');

  proxy.pass();
  assert.equal(statusOf(await post()), 200);
  assert.equal(receiver.requests.length, 2);
});
