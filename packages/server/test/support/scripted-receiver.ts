/**
 * An HTTP receiver on 127.0.0.1 that records every request and answers as the test scripts it.
 *
 *     await using receiver = await startReceiver(() => ({ status: 503, headers: { 'retry-after': '7' } }));
 *     … send to receiver.url …
 *     const [first] = await receiver.waitFor(1);
 *     receiver.reply(() => ({ body: '{"ActionStatus":"OK","ErrorCode":0}' }));   // from now on
 *
 * A script maps a recorded request to a reply; without one every request gets 200 and an OK body. Replies:
 *
 * - `{ status, headers, body }`: each optional (200, none, OK body). A redirect is a status and a `location`, a reply
 *   that is not JSON is a body.
 * - `body` may be an async iterable: each chunk is written when it yields, so that a test paces a dripping answer or
 *   never ends one (see `gate`).
 * - `until`: nothing is answered before this promise resolves.
 * - `'hang'`: never answers. `'reset'`: TCP reset instead of an answer.
 * - `{ half, ending }`: an answer whose Content-Length promises more than `half`, then nothing more, a reset or a close.
 * - `{ raw }`: these bytes as they are, then close.
 *
 * No time passes by itself: whatever waits, waits for the test or for `close()`, which destroys all sockets.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SecureVersion, TlsOptions } from 'node:tls';
import { resetSocket } from './reset-socket.ts';

export interface RecordedRequest {
  /** Order of arrival of the complete request, from 0. */
  index: number;
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** What `keyOf` made of the request; its path by default. */
  key: string;
  /** Requests of the same key without a finished answer when this one arrived, itself included. */
  concurrent: number;
  /** Number of the TCP connection it came on, from 0. */
  connection: number;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | AsyncIterable<string | Uint8Array>;
  until?: Promise<unknown>;
}

export type Reply =
  | ScriptedAnswer
  | 'hang'
  | 'reset'
  | { half: string; ending: 'hang' | 'reset' | 'close' }
  | { raw: string };

export type Script = (request: RecordedRequest) => Reply;

export interface ReceiverOptions {
  /** Groups requests for `concurrent` and `maxConcurrent`, say by group id. */
  keyOf?: (request: Pick<RecordedRequest, 'method' | 'url' | 'headers' | 'body'>) => string;
  /** Serve HTTPS with this identity. */
  tls?: ReceiverTls;
}

export interface ReceiverTls {
  key: string;
  cert: string;
  /** Ask for a client certificate that one of these (PEM) vouches for, and refuse connections without. */
  clientCa?: string;
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
}

export interface Receiver extends AsyncDisposable {
  /** Origin without final slash, like `http://127.0.0.1:40001`. */
  readonly url: string;
  readonly port: number;
  /** Everything recorded so far, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** TCP connections accepted so far. */
  readonly connections: number;
  /** Swaps the script for the requests that arrive from now on. */
  reply(script: Script): void;
  /** Serves HTTPS as somebody else from the next connection on. */
  identify(tls: ReceiverTls): void;
  /** Resolves with all requests as soon as `count` of them have been recorded. */
  waitFor(count: number): Promise<readonly RecordedRequest[]>;
  /** The most requests of one key that were ever under way together; of any key if none is given. */
  maxConcurrent(key?: string): number;
  /** Resolves when every socket open now has closed. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A promise and the function that resolves it, for `until` and for pacing bodies. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

const OK_BODY = '{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""}';

export async function startReceiver(
  script: Script = () => ({}),
  options: ReceiverOptions = {},
): Promise<Receiver> {
  const receiver = new ScriptedReceiver(script, options);
  await receiver.listen();
  return receiver;
}

class ScriptedReceiver implements Receiver {
  readonly requests: RecordedRequest[] = [];
  connections = 0;
  #script: Script;
  readonly #keyOf: NonNullable<ReceiverOptions['keyOf']>;
  readonly #server;
  readonly #scheme: string;
  readonly #sockets = new Map<Socket, { serial: number; closed: Gate }>();
  readonly #underWay = new Map<string, number>();
  readonly #most = new Map<string, number>();
  readonly #waiting: { count: number; gate: Gate }[] = [];

  constructor(script: Script, { keyOf, tls }: ReceiverOptions) {
    this.#script = script;
    this.#keyOf = keyOf ?? (({ url }) => new URL(url, 'http://receiver').pathname);
    this.#scheme = tls === undefined ? 'http' : 'https';
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#take(request, response);
    };
    this.#server = tls === undefined ? createServer(onRequest) : createTlsServer(tlsOptions(tls), onRequest);
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) =>
      this.#accept(socket),
    );
  }

  async listen(): Promise<void> {
    const listening = gate();
    this.#server.listen(0, '127.0.0.1', listening.open);
    await listening.opened;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  reply(script: Script): void {
    this.#script = script;
  }

  identify(tls: ReceiverTls): void {
    if (!(this.#server instanceof TlsServer)) throw new Error('this receiver speaks plain HTTP');
    this.#server.setSecureContext(tlsOptions(tls));
  }

  async waitFor(count: number): Promise<readonly RecordedRequest[]> {
    if (this.requests.length < count) {
      const reached = gate();
      this.#waiting.push({ count, gate: reached });
      await reached.opened;
    }
    return this.requests;
  }

  maxConcurrent(key?: string): number {
    return key === undefined ? Math.max(0, ...this.#most.values()) : (this.#most.get(key) ?? 0);
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#sockets.values()].map(({ closed }) => closed.opened));
  }

  async close(): Promise<void> {
    const closed = gate();
    this.#server.close(() => closed.open());
    for (const socket of this.#sockets.keys()) socket.destroy();
    await closed.opened;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket): void {
    const closed = gate();
    this.#sockets.set(socket, { serial: this.connections++, closed });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      closed.open();
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // The sender went away in the middle of its request: nothing to record.
    }
    const recorded = this.#record(request, Buffer.concat(chunks).toString('utf8'));
    response.once('close', () => {
      this.#underWay.set(recorded.key, (this.#underWay.get(recorded.key) ?? 1) - 1);
    });
    await perform(this.#script(recorded), request.socket, response);
  }

  #record({ method = '', url = '', headers, socket }: IncomingMessage, body: string): RecordedRequest {
    const key = this.#keyOf({ method, url, headers, body });
    const concurrent = (this.#underWay.get(key) ?? 0) + 1;
    this.#underWay.set(key, concurrent);
    this.#most.set(key, Math.max(concurrent, this.#most.get(key) ?? 0));
    const connection = this.#sockets.get(socket)?.serial ?? -1;
    const recorded = { index: this.requests.length, method, url, headers, body, key, concurrent, connection };
    this.requests.push(recorded);
    for (const waiter of this.#waiting) if (this.requests.length >= waiter.count) waiter.gate.open();
    return recorded;
  }
}

function tlsOptions({ clientCa, ...tls }: ReceiverTls): TlsOptions {
  const asked = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return { ...tls, ...asked };
}

async function perform(reply: Reply, socket: Socket, response: ServerResponse): Promise<void> {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    resetSocket(socket);
    return;
  }
  if ('raw' in reply) {
    socket.end(reply.raw);
    return;
  }
  if ('half' in reply) {
    performHalf(reply, socket, response);
    return;
  }
  await reply.until;
  const { status = 200, headers = {}, body = OK_BODY } = reply;
  response.writeHead(status, headers);
  if (typeof body === 'string') {
    response.end(body);
    return;
  }
  response.flushHeaders();
  // Rejects when the sender goes away before the end, which is the sender's business.
  await pipeline(Readable.from(body), response).catch(() => {});
}

function performHalf(
  { half, ending }: { half: string; ending: 'hang' | 'reset' | 'close' },
  socket: Socket,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'content-length': Buffer.byteLength(half) * 2 });
  response.write(half, () => {
    if (ending === 'reset') resetSocket(socket);
    else if (ending === 'close') socket.end();
  });
}
