import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Resolve } from '../../src/webhook/guard.ts';
import { createSender, type Failure, type SenderOptions } from '../../src/webhook/sender.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { gate, startReceiver } from '../support/scripted-receiver.ts';

const TIMEOUT_MS = 1000;

interface Bench {
  clock: ManualClock;
  post(url: string, request?: { headers?: Record<string, string>; body?: string }): Promise<Failure>;
}

/** A sender whose every attempt must fail; `post` gives the failure without its duration. */
function setUp(t: TestContext, options: Partial<SenderOptions> = {}): Bench {
  const clock = new ManualClock();
  const sender = createSender({
    clock,
    allowPrivateNetwork: true,
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    ...options,
  });
  t.after(() => sender.destroy());
  return {
    clock,
    async post(url, { headers = {}, body = '{}' } = {}) {
      const outcome = await sender.send({ url, headers, body });
      assert.ok(outcome.kind === 'failed', `expected a failure, got ${JSON.stringify(outcome)}`);
      assert.match(outcome.message, /^[A-Z].*\.$/, 'the message is a sentence');
      return outcome;
    },
  };
}

function assertFailed({ stage, code }: Failure, expected: `${Failure['stage']} ${string}`): void {
  assert.equal(`${stage} ${code}`, expected);
}

/** Resolves when undici next reports on one of its diagnostics channels. */
function reported(
  name: 'request:headers' | 'request:bodyChunkReceived' | 'client:sendHeaders',
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const channel = `undici:${name}`;
  const listener = (): void => {
    unsubscribe(channel, listener);
    resolve();
  };
  subscribe(channel, listener);
  return promise;
}

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const resolving =
  (...addresses: string[]): Resolve =>
  (_hostname, _options, callback) => {
    const answer: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }));
    setImmediate(callback, null, answer);
  };

test('a private address is blocked before anything is connected', async (t) => {
  await using receiver = await startReceiver();
  const { post } = setUp(t, { allowPrivateNetwork: false });
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost', 'localhost.']) {
    assertFailed(await post(`http://${host}:${receiver.port}/`), 'blocked ADDRESS_BLOCKED');
  }
  assert.equal(receiver.connections, 0);
});

test('a name with one private address among public ones is blocked, and the address is not told', async (t) => {
  await using receiver = await startReceiver();
  const { post } = setUp(t, { allowPrivateNetwork: false, resolve: resolving('8.8.8.8', '127.0.0.1') });
  const failure = await post(`http://hooks.example.com:${receiver.port}/`);
  assertFailed(failure, 'blocked ADDRESS_BLOCKED');
  assert.doesNotMatch(failure.message, /127|8\.8/);
  assert.equal(receiver.connections, 0);
});

test('metadata is blocked even with allowPrivateNetwork', async (t) => {
  const { post } = setUp(t, { resolve: resolving('169.254.169.254') });
  assertFailed(await post('http://metadata.example.com/'), 'blocked ADDRESS_BLOCKED');
  assertFailed(await post('http://100.100.100.200/'), 'blocked ADDRESS_BLOCKED');
});

test('a URL that is none, of another scheme or with user-info is blocked', async (t) => {
  const { post } = setUp(t);
  assertFailed(await post('hooks.example.com/x'), 'blocked URL_INVALID');
  assertFailed(await post('ftp://hooks.example.com/x'), 'blocked ADDRESS_BLOCKED');
  const failure = await post('http://user:secret@hooks.example.com/x');
  assertFailed(failure, 'blocked ADDRESS_BLOCKED');
  assert.doesNotMatch(failure.message, /secret/);
});

test('a name that does not resolve', async (t) => {
  const resolve: Resolve = (hostname, _options, callback) => {
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
    setImmediate(callback, error, []);
  };
  const { post } = setUp(t, { resolve });
  assertFailed(await post('http://hooks.example.com/'), 'dns ENOTFOUND');
});

test('a refused connection, by address and by a name with two addresses', async (t) => {
  const receiver = await startReceiver();
  const { port } = receiver;
  await receiver.close();
  const { post } = setUp(t, { resolve: resolving('127.0.0.1', '127.0.0.2') });
  assertFailed(await post(`http://127.0.0.1:${port}/`), 'connect ECONNREFUSED');
  assertFailed(await post(`http://hooks.example.com:${port}/`), 'connect ECONNREFUSED');
});

test('headers that would inject or break framing are refused unsent', async (t) => {
  await using receiver = await startReceiver();
  const { post } = setUp(t);
  for (const headers of [
    { 'x-a': 'b\r\nwebhook-id: 1' },
    { 'x-a\r\nb': 'c' },
    { 'x-a': 'b\0' },
    { 'transfer-encoding': 'chunked' },
    { upgrade: 'h2c' },
    { expect: '100-continue' },
  ]) {
    assertFailed(await post(receiver.url, { headers }), 'send REQUEST_INVALID');
  }
  assert.equal(receiver.requests.length, 0);
});

test('a reset instead of an answer, and in the middle of one', async (t) => {
  await using receiver = await startReceiver(() => 'reset');
  const { post } = setUp(t);
  assertFailed(await post(receiver.url), 'headers ECONNRESET');

  receiver.reply(() => ({ half: '{"Action', ending: 'reset' }));
  assertFailed(await post(receiver.url), 'body ECONNRESET');
});

test('a connection closed before and within the answer', async (t) => {
  await using receiver = await startReceiver(() => ({ raw: '' }));
  const { post } = setUp(t);
  assertFailed(await post(receiver.url), 'headers CONNECTION_CLOSED');
  receiver.reply(() => ({ raw: 'HTTP/1.1 103 Early Hints\r\n\r\n' }));
  assertFailed(await post(receiver.url), 'headers CONNECTION_CLOSED');
  receiver.reply(() => ({ half: '{"Action', ending: 'close' }));
  assertFailed(await post(receiver.url), 'body CONNECTION_CLOSED');
  receiver.reply(() => ({ raw: 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{' }));
  assertFailed(await post(receiver.url), 'body ANSWER_INCOMPLETE');
});

test('an answer that is not HTTP, and one with too large a head', async (t) => {
  await using receiver = await startReceiver(() => ({ raw: '220 mail.example.com ESMTP\r\n' }));
  const { post } = setUp(t);
  assertFailed(await post(receiver.url), 'headers ANSWER_MALFORMED');
  receiver.reply(() => ({ raw: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n' }));
  assertFailed(await post(receiver.url), 'body ANSWER_MALFORMED');
  receiver.reply(() => ({ raw: `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}\r\n\r\n` }));
  assertFailed(await post(receiver.url), 'headers ANSWER_HEADERS_TOO_LARGE');
});

test('the deadline strikes in the look-up', async (t) => {
  const { clock, post } = setUp(t, { resolve: () => {} });
  const failing = post('http://hooks.example.com/');
  clock.advance(TIMEOUT_MS - 1);
  assert.notEqual(clock.pending, 0, 'still waiting');
  clock.advance(1);
  const failure = await failing;
  assertFailed(failure, 'dns TIMEOUT');
  assert.equal(failure.durationMs, TIMEOUT_MS);
  assert.equal(clock.pending, 0);
});

test('the deadline strikes in TCP, and the request is not sent after it', async (t) => {
  await using receiver = await startReceiver();
  const { clock, post } = setUp(t);
  const failing = post(receiver.url);
  clock.advance(TIMEOUT_MS);
  assertFailed(await failing, 'connect TIMEOUT');
  receiver.reply(() => 'reset');
  assertFailed(await post(`${receiver.url}/next`), 'headers ECONNRESET');
  assert.deepEqual(
    receiver.requests.map(({ url }) => url),
    ['/next'],
  );
});

test('the deadline strikes in the TLS handshake', async (t) => {
  const greeted = gate();
  const silent = createServer((socket) => socket.once('data', greeted.open));
  const port = await listen(t, silent);
  const { clock, post } = setUp(t);
  const failing = post(`https://127.0.0.1:${port}/`);
  await greeted.opened;
  clock.advance(TIMEOUT_MS);
  assertFailed(await failing, 'tls TIMEOUT');
});

test('the deadline strikes while the receiver does not take the request', async (t) => {
  const port = await listen(t, createServer({ pauseOnConnect: true }));
  const { clock, post } = setUp(t);
  const sending = reported('client:sendHeaders');
  // More than the kernel's buffers on both sides hold.
  const failing = post(`http://127.0.0.1:${port}/`, { body: 'x'.repeat(64 << 20) });
  await sending;
  clock.advance(TIMEOUT_MS);
  assertFailed(await failing, 'send TIMEOUT');
});

test('the deadline strikes before the head of the answer', async (t) => {
  await using receiver = await startReceiver(() => 'hang');
  const { clock, post } = setUp(t);
  const failing = post(receiver.url);
  await receiver.waitFor(1);
  clock.advance(TIMEOUT_MS);
  assertFailed(await failing, 'headers TIMEOUT');
  await receiver.idle();
});

test('the deadline is one for the whole exchange: an answer that drips does not outlive it', async (t) => {
  const drips = Array.from({ length: 20 }, gate);
  async function* dripping(): AsyncGenerator<string> {
    for (const drip of drips) {
      await drip.opened;
      yield '.';
    }
  }
  await using receiver = await startReceiver(() => ({ body: dripping() }));
  const { clock, post } = setUp(t);
  const head = reported('request:headers');
  const failing = post(receiver.url);
  await head;
  let dripped = 0;
  while (clock.pending > 0) {
    const arrived = reported('request:bodyChunkReceived');
    drips[dripped++]?.open();
    await arrived;
    clock.advance(TIMEOUT_MS * 0.3);
  }
  const failure = await failing;
  assertFailed(failure, 'body TIMEOUT');
  assert.deepEqual([dripped, failure.durationMs], [4, TIMEOUT_MS]);
  await receiver.idle();
});

test('half an answer, then silence', async (t) => {
  await using receiver = await startReceiver(() => ({ half: '{"Action', ending: 'hang' }));
  const { clock, post } = setUp(t);
  const chunk = reported('request:bodyChunkReceived');
  const failing = post(receiver.url);
  await chunk;
  clock.advance(TIMEOUT_MS);
  assertFailed(await failing, 'body TIMEOUT');
});
