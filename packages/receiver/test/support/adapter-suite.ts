import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { OPENIM_OK, POSITION_HEADER, standardHeaders, TENCENT_OK } from '@confab-im/protocol';
import { createReceiver, type Receiver } from '../../src/index.ts';
import { ManualClock } from './manual-clock.ts';
import { APP, openImBody, openImUrl, tencentBody, tencentUrl } from './requests.ts';
import { batchBody, ENDPOINT, SHARED, signatureHeaders } from './standard.ts';

/** A server that hands what it gets under `/im` to the receiver. */
export interface Mounted {
  readonly port: number;
  close(): Promise<void>;
}

export type Mount = (receiver: Receiver) => Promise<Mounted>;

const MAX_BODY_BYTES = 4096;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: { readonly [name: string]: unknown };
}

interface Post {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

/** What every adapter must do, over real sockets. */
export function adapterSuite(name: string, mount: Mount): void {
  const withServer = (title: string, body: (server: Server) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const server = await start(mount);
      try {
        await body(server);
      } finally {
        await server.close();
      }
    });

  withServer('a message is handled and answered in its dialect', async ({ post, handled }) => {
    const answer = await post({});
    assert.deepEqual([answer.status, answer.body], [200, TENCENT_OK]);
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    const openIm = await post({ path: openImUrl(), body: openImBody({ msgSeq: 7 }) });
    assert.deepEqual([openIm.status, openIm.body], [200, OPENIM_OK]);
    assert.deepEqual(handled, [42, 7]);
  });

  withServer('the content type is not looked at', async ({ post, handled }) => {
    for (const [seq, type] of ['text/plain', 'application/octet-stream', 'application/json'].entries()) {
      const answer = await post({
        headers: { 'content-type': type },
        body: tencentBody({ msgSeq: seq + 1 }),
      });
      assert.equal(answer.status, 200, type);
    }
    assert.deepEqual(handled, [1, 2, 3]);
  });

  withServer('webhook-id is the key where it is given', async ({ post, handled }) => {
    for (const id of ['a', 'b', 'a']) await post({ headers: { 'webhook-id': id } });
    assert.equal(handled.length, 2);
  });

  withServer('a foreign app, a GET and an unreadable body are refused', async ({ post, handled }) => {
    assert.equal((await post({ path: tencentUrl({ sdkAppId: 5 }) })).status, 403);
    assert.ok([404, 405].includes((await post({ method: 'GET' })).status));
    assert.equal((await post({ body: tencentBody().slice(0, -3) })).status, 400);
    assert.deepEqual(handled, []);
  });

  withServer('an oversized body is refused, with a length or without', async ({ post, handled }) => {
    const long = tencentBody({ cloudCustomData: 'x'.repeat(50_000) });
    assert.equal((await post({ body: long })).status, 413);
    assert.equal((await post({ body: long, headers: { 'transfer-encoding': 'chunked' } })).status, 413);
    assert.deepEqual(handled, []);
  });

  withServer('a compressed bomb is refused without being inflated', async ({ post, handled }) => {
    const bomb = gzipSync(new Uint8Array(3_000_000));
    assert.ok(bomb.byteLength < MAX_BODY_BYTES);
    assert.equal((await post({ body: bomb, headers: { 'content-encoding': 'gzip' } })).status, 415);
    assert.deepEqual(handled, []);
  });

  withServer(
    'a handler that fails is answered 500, and the retry is handled',
    async ({ post, handled, fail }) => {
      fail(1);
      assert.equal((await post({})).status, 500);
      assert.equal((await post({})).status, 200);
      assert.deepEqual(handled, [42]);
    },
  );

  withServer(
    'a signed batch is verified byte for byte, and answered with a position',
    async ({ post, handled }) => {
      const body = batchBody(1, 2, 3);
      const headers = { ...standardHeaders(ENDPOINT), ...(await signatureHeaders(body)) };
      const answer = await post({ path: '/im', headers, body });
      assert.deepEqual([answer.status, answer.headers[POSITION_HEADER]], [200, '3']);
      const changed = await post({
        path: '/im',
        headers,
        body: body.replace('good morning', 'good evening'),
      });
      assert.equal(changed.status, 403);
      assert.deepEqual(handled, [1, 2, 3]);
    },
  );

  withServer('a body that breaks off changes nothing', async ({ port, handled, receiver, refused }) => {
    const body = tencentBody();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`POST ${tencentUrl()} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body.slice(0, 40), () => socket.destroy());
    assert.equal(await refused, 'interrupted');
    await receiver.drain();
    assert.deepEqual(handled, []);
  });
}

interface Server extends Mounted {
  readonly receiver: Receiver;
  readonly handled: number[];
  /** The code of the first refusal. */
  readonly refused: Promise<string>;
  fail(times: number): void;
  post(post: Post): Promise<Answer>;
}

async function start(mount: Mount): Promise<Server> {
  const handled: number[] = [];
  let failures = 0;
  const refused = Promise.withResolvers<string>();
  const receiver = createReceiver({
    sdkAppId: APP,
    signingKeys: SHARED,
    requireSignature: false,
    clock: new ManualClock(),
    maxBodyBytes: MAX_BODY_BYTES,
    on: {
      'group.message.sent': ({ msgSeq }) => {
        if (failures-- > 0) throw new Error('as told');
        handled.push(msgSeq);
      },
    },
    observe: (outcome) => outcome.kind === 'refused' && refused.resolve(outcome.refused.code),
  });
  const mounted = await mount(receiver);
  return {
    ...mounted,
    receiver,
    handled,
    refused: refused.promise,
    fail: (times) => {
      failures = times;
    },
    post: (post) => send(mounted.port, post),
  };
}

function send(
  port: number,
  { path = tencentUrl(), method = 'POST', headers = {}, body = tencentBody() }: Post,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = headers['transfer-encoding'] ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const hasBody = method === 'POST';
    const request = httpRequest(
      {
        port,
        host: '127.0.0.1',
        path,
        method,
        headers: hasBody ? { ...length, ...headers } : headers,
        agent: false,
      },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
      },
    );
    request.on('error', reject);
    request.end(hasBody ? body : undefined);
  });
}
