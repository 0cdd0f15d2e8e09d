import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { routeOf, type WebhookProxy } from '../../src/domain/proxy.ts';
import { createSender, type Outcome, type SenderOptions } from '../../src/webhook/sender.ts';
import { type ConnectProxy, type ProxyScript, startConnectProxy } from '../support/connect-proxy.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { selfSigned } from '../support/self-signed.ts';

const identity = selfSigned({ name: 'hooks.example.com' });
const AUTHORIZATION = `Basic ${Buffer.from('confab:hunter2').toString('base64')}`;

const called = (proxy: Pick<ConnectProxy, 'port'>): WebhookProxy => ({
  name: 'corp',
  host: '127.0.0.1',
  port: proxy.port,
  authorization: AUTHORIZATION,
  default: true,
});

interface Options extends Partial<SenderOptions> {
  readonly addresses?: readonly string[];
}

function setUp(t: TestContext, proxy: Pick<ConnectProxy, 'port'>, options: Options = {}) {
  const { addresses = ['127.0.0.1'], ...rest } = options;
  const clock = new ManualClock();
  const answer: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }));
  const sender = createSender({
    clock,
    allowPrivateNetwork: true,
    concurrency: 1,
    timeoutMs: 1_000,
    tls: { ca: identity.cert },
    route: routeOf(undefined, [called(proxy)]),
    resolve: (_hostname, _options, callback) => setImmediate(callback, null, answer),
    ...rest,
  });
  t.after(() => sender.destroy());
  const post = (url: string, body = '{}') => sender.send({ url, headers: {}, body });
  return { clock, sender, post };
}

function failure(outcome: Outcome) {
  assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
  assert.doesNotMatch(outcome.message, /hunter2|Basic/, 'credentials stay untold');
  return { place: `${outcome.stage} ${outcome.code}`, message: outcome.message };
}

test('webhooks go through the proxy, which is asked for the judged address and gets its credentials', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: identity });
  await using plain = await startReceiver();
  await using proxy = await startConnectProxy();
  const { post } = setUp(t, proxy);
  for (const body of ['first', 'second', 'x'.repeat(100_000)]) {
    const outcome = await post(`https://hooks.example.com:${receiver.port}/im`, body);
    assert.ok(outcome.kind === 'answer' && outcome.status === 200, JSON.stringify(outcome));
  }
  assert.equal((await post(`http://backend:${plain.port}/`, 'plain')).kind, 'answer');
  assert.equal((await post(`http://127.0.0.1:${plain.port}/`, 'literal')).kind, 'answer');
  assert.deepEqual(
    receiver.requests.map(({ body, headers }) => [body.length, headers.host, headers['proxy-authorization']]),
    [5, 6, 100_000].map((length) => [length, `hooks.example.com:${receiver.port}`, undefined]),
  );
  assert.deepEqual(
    plain.requests.map(({ body }) => body),
    ['plain', 'literal'],
  );
  const [tls, name, literal] = proxy.targets;
  assert.deepEqual(
    [tls, name, literal],
    [receiver.port, plain.port, plain.port].map((port) => `127.0.0.1:${port}`),
  );
  assert.equal(proxy.targets.length, 3, 'a kept connection keeps its tunnel');
  assert.match(proxy.heads[0] ?? '', new RegExp(`\r\nProxy-Authorization: ${AUTHORIZATION}\r\n`));
  assert.ok(
    !proxy.heads.join('').includes('hooks.example.com'),
    'no name, which the proxy might take for another address',
  );
});

test('the receiver is verified through the tunnel', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: selfSigned() });
  await using proxy = await startConnectProxy();
  const { post } = setUp(t, proxy);
  assert.match(failure(await post(`https://hooks.example.com:${receiver.port}/`)).place, /^tls /);
  assert.equal(receiver.requests.length, 0);
});

test('the proxy never hears of a target that may not be called', async (t) => {
  await using proxy = await startConnectProxy();
  const shut = { allowPrivateNetwork: false };
  for (const [url, options] of [
    ['https://127.0.0.1/', shut],
    ['https://10.0.0.1/', shut],
    ['https://[::ffff:10.0.0.1]/', shut],
    ['https://intranet.example.com/', { ...shut, addresses: ['10.0.0.1'] }],
    ['https://both.example.com/', { ...shut, addresses: ['8.8.8.8', '192.168.0.1'] }],
    ['http://169.254.169.254/latest/meta-data', {}],
    ['https://100.100.100.200/', {}],
    ['https://cloud.example.com/', { addresses: ['169.254.169.254'] }],
    ['https://cloud6.example.com/', { addresses: ['fd00:ec2::254'] }],
    ['https://metadata.google.internal/', { addresses: ['8.8.8.8'] }],
    ['https://metadata.tencentyun.com./', { addresses: ['8.8.8.8'] }],
    ['http://8.8.8.8/', {}],
    ['http://public.example.com/', { addresses: ['8.8.8.8'] }],
  ] as const) {
    const { post } = setUp(t, proxy, options);
    assert.equal(failure(await post(url)).place, 'blocked ADDRESS_BLOCKED', url);
  }
  assert.equal(proxy.connections, 0);
});

test('a proxy that fails is a verdict of its own, and nothing goes past it', async (t) => {
  await using receiver = await startReceiver(undefined, { tls: identity });
  const url = `https://hooks.example.com:${receiver.port}/`;
  const answers: readonly (readonly [string, string, RegExp])[] = [
    ['HTTP/1.1 407 Auth\r\n\r\n', 'connect PROXY_AUTH', /"corp" asks for other credentials/],
    ['HTTP/1.1 403 No\r\nX: y\r\n\r\nno', 'connect PROXY_REFUSED', /"corp" answered HTTP 403 to CONNECT/],
    ['HTTP/1.1 502 Bad\r\n\r\n', 'connect PROXY_REFUSED', /HTTP 502/],
    ['', 'connect PROXY_CLOSED', /closed the connection before it answered/],
    ['HTTP/1.1 200 OK\r\n', 'connect PROXY_CLOSED', /closed/],
    ['HTTP/1.1 200 OK\r\n\r\nearly', 'connect PROXY_MALFORMED', /does not speak HTTP CONNECT/],
    ['SSH-2.0-OpenSSH\r\n\r\n', 'connect PROXY_MALFORMED', /does not speak/],
    [`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}`, 'connect PROXY_MALFORMED', /does not speak/],
  ];
  for (const [answer, place, message] of answers) {
    await using proxy = await startConnectProxy(() => answer);
    const failed = failure(await setUp(t, proxy).post(url));
    assert.equal(failed.place, place, answer.slice(0, 30));
    assert.match(failed.message, message);
  }
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const address = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  assert.ok(typeof address === 'object' && address !== null);
  const dead = failure(await setUp(t, address).post(url));
  assert.equal(dead.place, 'connect ECONNREFUSED');
  assert.match(dead.message, /^The proxy "corp" cannot be reached/);
  const gone = setUp(t, address, { route: routeOf('gone', [called(address)]) });
  assert.equal(failure(await gone.post(url)).place, 'blocked PROXY_MISSING');
  assert.equal(receiver.connections, 0);
});

test('a silent proxy costs one time-out, and its socket is closed', async (t) => {
  const asked = Promise.withResolvers<void>();
  const script: ProxyScript = () => {
    asked.resolve();
    return 'hang';
  };
  await using proxy = await startConnectProxy(script);
  const { clock, sender, post } = setUp(t, proxy);
  const waiting = post('https://hooks.example.com/');
  await asked.promise;
  clock.advance(1_000);
  assert.equal(failure(await waiting).place, 'connect TIMEOUT');
  const aborted = post('https://hooks.example.com/');
  await sender.destroy();
  assert.equal(failure(await aborted).place, 'aborted DESTROYED');
});

test('an address that the proxy cannot reach gives way to the next one', async (t) => {
  await using receiver = await startReceiver();
  const target = `127.0.0.1:${receiver.port}`;
  await using proxy = await startConnectProxy((asked) =>
    asked === target ? 'tunnel' : 'HTTP/1.1 504 Late\r\n\r\n',
  );
  const { post } = setUp(t, proxy, { addresses: ['fd00::1', '10.9.9.9', '127.0.0.1'] });
  assert.equal((await post(`http://backend:${receiver.port}/`)).kind, 'answer');
  assert.deepEqual(proxy.targets, [`[fd00::1]:${receiver.port}`, `10.9.9.9:${receiver.port}`, target]);
});

test('no environment variable names a proxy', async (t) => {
  await using receiver = await startReceiver();
  await using proxy = await startConnectProxy();
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
    process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;
    t.after(() => delete process.env[name]);
  }
  const { post } = setUp(t, proxy, { route: routeOf(undefined, []) });
  assert.equal((await post(receiver.url)).kind, 'answer');
  assert.equal(proxy.connections, 0);
});

test('a route: the default proxy, the one that is named, none for `direct`; a missing one is never passed by', () => {
  const corp = called({ port: 1 });
  const other = { ...corp, name: 'other', default: false };
  assert.deepEqual(routeOf(undefined, [other, corp]), { kind: 'proxy', proxy: corp });
  assert.deepEqual(routeOf('other', [other, corp]), { kind: 'proxy', proxy: other });
  assert.deepEqual(routeOf('direct', [other, corp]), { kind: 'direct' });
  assert.deepEqual(routeOf(undefined, [other]), { kind: 'direct' });
  assert.deepEqual(routeOf('gone', [other, corp]), { kind: 'missing', name: 'gone' });
});
