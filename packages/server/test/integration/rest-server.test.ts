import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import type { HttpHandler, HttpReply, HttpRequest } from '../../src/rest/http.ts';
import { createRestServer, type RestServerOptions } from '../../src/rest/server.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { selfSigned } from '../support/self-signed.ts';

const echo: HttpHandler = {
  prefix: '/',
  handle: ({ method, path, query, body, clientIp, requestId }) => ({
    status: 200,
    body: JSON.stringify({ method, path, query: [...query], body: body.toString(), clientIp, requestId }),
    log: { code: 0 },
  }),
};

async function start(handlers: HttpHandler[], config: Partial<RestServerOptions['config']> = {}) {
  const logged: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const clock = new ManualClock();
  const server = createRestServer({
    handlers,
    config: { listen: { host: '127.0.0.1', port: 0 }, trustedProxies: [], bodyBytes: 1_000, ...config },
    logger,
    clock,
    ids: { requestId: () => 'r1', groupIdSeed: () => '' },
  });
  const port = await server.start();
  return {
    server,
    port,
    logged,
    clock,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => server.abort(),
  };
}

/** Answers when it is told to. */
function held() {
  const arrived = Promise.withResolvers<HttpRequest>();
  const reply = Promise.withResolvers<HttpReply>();
  const handler: HttpHandler = {
    prefix: '/',
    handle: (request) => {
      arrived.resolve(request);
      return reply.promise;
    },
  };
  return { handler, arrived: arrived.promise, answer: () => reply.resolve({ status: 200, body: 'late' }) };
}

test('a request reaches its handler as values; the log line has neither query nor headers', async () => {
  await using rest = await start([echo]);
  const response = await fetch(`${rest.url}/a/b?usersig=secret&x=1&x=%2A`, {
    method: 'POST',
    body: 'hello',
    headers: { authorization: 'Bearer secret', 'x-forwarded-for': '203.0.113.7' },
  });
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(response.headers.get('content-length'), String((await response.clone().text()).length));
  assert.deepEqual(await response.json(), {
    method: 'POST',
    path: '/a/b',
    query: [
      ['usersig', 'secret'],
      ['x', '1'],
      ['x', '*'],
    ],
    body: 'hello',
    clientIp: '127.0.0.1',
    requestId: 'r1',
  });
  assert.equal(rest.logged.length, 1);
  const { time: _, ...line } = rest.logged[0] ?? {};
  assert.deepEqual(line, {
    level: 30,
    msg: 'request',
    requestId: 'r1',
    method: 'POST',
    path: '/a/b',
    status: 200,
    ms: 0,
    clientIp: '127.0.0.1',
    code: 0,
  });
});

test('the longest prefix serves; what nobody serves is 404', async () => {
  const named = (prefix: string): HttpHandler => ({ prefix, handle: () => ({ status: 200, body: prefix }) });
  await using rest = await start([named('/v4/'), named('/v4/admin/')]);
  const get = async (path: string) => (await fetch(rest.url + path)).text();
  assert.equal(await get('/v4/x'), '/v4/');
  assert.equal(await get('/v4/admin/x'), '/v4/admin/');
  assert.equal((await fetch(`${rest.url}/`)).status, 404);
});

test('X-Forwarded-For counts behind a trusted proxy', async () => {
  await using rest = await start([echo], { trustedProxies: ['127.0.0.0/8'] });
  const response = await fetch(rest.url, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  assert.equal(((await response.json()) as { clientIp: string }).clientIp, '203.0.113.7');
});

test('a body over the limit is refused, by its announced length and by its real one; the limit itself passes', async () => {
  await using rest = await start([echo]);
  const post = (body: RequestInit['body']) =>
    fetch(rest.url, { method: 'POST', body: body ?? null, duplex: 'half' } as RequestInit);
  assert.equal((await post('x'.repeat(1_000))).status, 200);
  assert.equal((await post('x'.repeat(1_001))).status, 413);
  const streamed = (chunks: number) =>
    ReadableStream.from(Array(chunks).fill(new TextEncoder().encode('x'.repeat(100))));
  assert.equal((await post(streamed(10))).status, 200);
  assert.equal((await post(streamed(11))).status, 413);
});

test('a handler gives faults of the request its own form', async () => {
  const own: HttpHandler = { ...echo, refuse: (fault) => ({ status: 200, body: fault }) };
  await using rest = await start([own]);
  const post = async (body: string, headers: Record<string, string> = {}) =>
    (await fetch(rest.url, { method: 'POST', body, headers })).text();
  assert.equal(await post('x'.repeat(1_001)), 'body-too-large');
  assert.equal(await post('x', { 'content-encoding': 'gzip' }), 'content-encoding');
});

test('an encoded body is refused, an identity one is not', async () => {
  await using rest = await start([echo]);
  const status = async (encoding: string) =>
    (await fetch(rest.url, { method: 'POST', body: 'x', headers: { 'content-encoding': encoding } })).status;
  assert.equal(await status('gzip'), 415);
  assert.equal(await status('identity'), 200);
});

test('a handler that fails gives 500 without its reason, which is in the log', async () => {
  const broken: HttpHandler = { prefix: '/', handle: () => Promise.reject(new Error('the reason')) };
  await using rest = await start([broken]);
  const response = await fetch(rest.url);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /the reason/);
  assert.match(JSON.stringify(rest.logged[0]), /the reason/);
});

test('a handler that fails says so in its own form', async () => {
  const failed = (requestId: string) => ({ status: 500, body: `own form ${requestId}` });
  const broken: HttpHandler = { prefix: '/', handle: () => Promise.reject(new Error('x')), failed };
  await using rest = await start([broken]);
  const response = await fetch(rest.url);
  assert.deepEqual([response.status, await response.text()], [500, 'own form r1']);
});

test('a client that does not get on with its request is cut off', async () => {
  const timeouts = { headersMs: 40, requestMs: 80, keepAliveMs: 1_000, silenceMs: 10_000 };
  await using rest = await start([echo], { timeouts });
  for (const beginning of [
    'POST / HTTP/1.1\r\nHost: x\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
  ]) {
    const socket = connect(rest.port, '127.0.0.1');
    socket.write(beginning);
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    await once(socket, 'close');
    assert.match(answer, /^HTTP\/1.1 408 /);
  }
});

test('bytes that are not HTTP get 400, and the server goes on', async () => {
  await using rest = await start([echo]);
  const socket = connect(rest.port, '127.0.0.1');
  socket.write('\u0016\u0003\u0001 not http\r\n\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  assert.match(chunk.toString(), /^HTTP\/1.1 400 /);
  socket.destroy();
  assert.equal((await fetch(rest.url)).status, 200);
});

test('a URL that is too long, and what is no request, are answered with a reason', async () => {
  await using rest = await start([echo]);
  const long = await fetch(`${rest.url}/v4/x?data=${'x'.repeat(20_000)}`);
  assert.equal(long.status, 431);
  assert.equal(long.headers.get('connection'), 'close');
  assert.match(await long.text(), /^\{"error":".*over 16 KiB together; send long values in the body/);
  assert.equal((await fetch(rest.url)).status, 200);
});

test('what is no request ends its connection with one answer, whatever was asked before it', async () => {
  const slow = held();
  await using rest = await start([slow.handler]);
  const socket = connect(rest.port, '127.0.0.1');
  let got = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    got += chunk;
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await slow.arrived;
  socket.write('\u0016\u0003\u0001 not http\r\n\r\n');
  await closed;
  slow.answer();
  assert.equal(got.match(/HTTP\/1\.1 400 /g)?.length, 1, got);
  assert.equal((await fetch(rest.url, { method: 'HEAD' })).status, 200);
});

test('a port that is in use is a clear error', async () => {
  const occupant = createServer();
  occupant.listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  const { port } = occupant.address() as AddressInfo;
  await assert.rejects(start([echo], { listen: { host: '127.0.0.1', port } }), {
    message: `127.0.0.1:${port} is in use; stop the program that listens there, or set listen to another port`,
  });
  occupant.close();
});

test('stop() lets the running request end, accepts nothing more, and may be called twice', async () => {
  const { handler, arrived, answer } = held();
  await using rest = await start([handler]);
  const running = fetch(rest.url);
  await arrived;
  const stopped = Promise.all([rest.server.stop(5_000), rest.server.stop(5_000)]);
  await assert.rejects(fetch(rest.url));
  answer();
  const response = await running;
  assert.equal(await response.text(), 'late');
  assert.equal(response.headers.get('connection'), 'close');
  await stopped;
  assert.equal(rest.clock.pending, 0);
});

test('stop() cuts what has not ended when its budget is used up', async () => {
  const { handler, arrived } = held();
  await using rest = await start([handler]);
  const running = assert.rejects(fetch(rest.url));
  await arrived;
  const stopped = rest.server.stop(5_000);
  rest.clock.advance(5_000);
  await stopped;
  await running;
});

test('abort() cuts a running request at once', async () => {
  const { handler, arrived } = held();
  await using rest = await start([handler]);
  const running = assert.rejects(fetch(rest.url));
  await arrived;
  await rest.server.abort();
  await running;
});

test('TLS', async () => {
  const { cert, key } = selfSigned();
  await using rest = await start([echo], { tls: { cert, key } });
  const request = httpsRequest({
    port: rest.port,
    host: '127.0.0.1',
    path: '/x',
    ca: cert,
    servername: 'localhost',
  });
  request.end();
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  assert.equal(response.statusCode, 200);
  response.resume();
});
