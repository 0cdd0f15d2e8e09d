import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { ServerTls } from '../domain/certificate-files.ts';
import { ClientAddress } from './client-address.ts';
import { refuseUnreadable } from './client-fault.ts';
import type { HttpFault, HttpHandler, HttpReply } from './http.ts';

export interface RestServerOptions {
  readonly handlers: readonly HttpHandler[];
  readonly config: {
    /** Port 0 takes any free one. */
    readonly listen: { readonly host: string; readonly port: number };
    /** PEM texts; absent: plain HTTP. */
    readonly tls?: ServerTls;
    readonly trustedProxies: readonly string[];
    /** Most bytes of one request body. */
    readonly bodyBytes: number;
    readonly timeouts?: Timeouts;
  };
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Told of every answer: the command, its ErrorCode or else the HTTP status, how long it took, and what is logged of it. */
  onReply?(command: string, code: number, seconds: number, log: NonNullable<HttpReply['log']>): void;
}

/** How long a client may take, in milliseconds. */
export interface Timeouts {
  /** From the first byte to the end of the headers. */
  readonly headersMs: number;
  /** From the first byte to the end of the body. */
  readonly requestMs: number;
  /** Silence of a connection between two requests; longer than the usual 60 s of proxies before us. */
  readonly keepAliveMs: number;
  /** Silence of a connection while an answer is made or taken. */
  readonly silenceMs: number;
}

const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 65_000, silenceMs: 60_000 };

/** Connections beyond these are closed at once. */
const MAX_CONNECTIONS = 10_000;
const MAX_LOGGED_PATH = 200;

const JSON_TYPE = 'application/json';
const NOT_FOUND: HttpReply = {
  status: 404,
  body: '{"error":"Nothing is served under this path; check the URL"}',
};
const FAILED: HttpReply = { status: 500, body: '{"error":"The server failed; its log says more"}' };
const FAULTS: Readonly<Record<HttpFault, HttpReply>> = {
  'body-too-large': { status: 413, body: '{"error":"The body is over limits.bodyBytes; send less"}' },
  'content-encoding': { status: 415, body: '{"error":"Content-Encoding: only identity is understood"}' },
};

export function createRestServer(options: RestServerOptions): RestServer {
  return new RestServer(options);
}

/** The one HTTP server: limits, the caller's address, a request id, one log line per request, an orderly end. */
export class RestServer {
  readonly #options: RestServerOptions;
  readonly #handlers: readonly HttpHandler[];
  readonly #clientAddress: ClientAddress;
  readonly #server: Server;
  readonly #tlsServer: TlsServer | undefined;
  /** The answer that a connection waits for, or gets. One entry for as long as it lasts, not one a request: see `BoundedMap`. */
  readonly #answers = new WeakMap<object, { current: ServerResponse | undefined }>();
  #stopping = false;
  #closed: Promise<void> | undefined;

  constructor(options: RestServerOptions) {
    const { tls, trustedProxies, timeouts = TIMEOUTS } = options.config;
    this.#options = options;
    // The longest prefix first, so that `/` may be served beside `/v4/`.
    this.#handlers = [...options.handlers].sort((a, b) => b.prefix.length - a.prefix.length);
    this.#clientAddress = new ClientAddress(trustedProxies);
    const limits = {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      connectionsCheckingInterval: Math.ceil(timeouts.headersMs / 4),
    };
    if (tls === undefined) this.#server = createServer(limits);
    else this.#server = this.#tlsServer = createTlsServer({ ...limits, ...tls });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.timeout = timeouts.silenceMs;
    this.#server.on('request', (request, response) => this.#receive(request, response));
    this.#server.on('clientError', (error, socket) => {
      // In the middle of an answer a second one would be read as a part of the first.
      if (this.#answers.get(socket)?.current?.headersSent === true) socket.destroy(error);
      else refuseUnreadable(error, socket);
    });
  }

  /** Resolves with the port once connections are accepted; rejects with an error that says why they cannot be. */
  start(): Promise<number> {
    const { host, port } = this.#options.config.listen;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
      this.#server.listen(port, host, () => {
        this.#server.removeAllListeners('error');
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** New connections are served with this certificate. Throws when it cannot be used; the old one stays then. */
  replaceTls(tls: ServerTls): void {
    this.#tlsServer?.setSecureContext(tls);
  }

  /** Accepts nothing more and lets running requests end; after `budgetMs` their connections are cut. */
  async stop(budgetMs: number): Promise<void> {
    const timer = this.#options.clock.setTimer(budgetMs, () => this.#server.closeAllConnections());
    await this.#close();
    timer.cancel();
  }

  /** Cuts every connection now. */
  async abort(): Promise<void> {
    const closed = this.#close();
    this.#server.closeAllConnections();
    await closed;
  }

  #close(): Promise<void> {
    this.#stopping = true;
    this.#closed ??= new Promise((resolve) => {
      // The only error is that the server does not run.
      this.#server.close(() => resolve());
    });
    return this.#closed;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    this.#answersOn(request.socket, response);
    const exchange = this.#exchange(request, response);
    const { handler } = exchange;
    const limit = this.#options.config.bodyBytes;
    const encoding = request.headers['content-encoding'];
    if (handler === undefined) {
      this.#reply(exchange, NOT_FOUND);
    } else if (encoding !== undefined && encoding !== 'identity') {
      this.#refuse(exchange, 'content-encoding');
    } else if (Number(request.headers['content-length'] ?? 0) > limit) {
      this.#refuse(exchange, 'body-too-large');
    } else {
      this.#readBody(exchange, handler, limit);
    }
  }

  #answersOn(socket: object, response: ServerResponse): void {
    let answer = this.#answers.get(socket);
    if (answer === undefined) {
      answer = { current: undefined };
      this.#answers.set(socket, answer);
    }
    const own = answer;
    own.current = response;
    response.once('close', () => {
      if (own.current === response) own.current = undefined;
    });
  }

  #readBody(exchange: Exchange, handler: HttpHandler, limit: number): void {
    const { request, response } = exchange;
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else if (!response.headersSent) this.#refuse(exchange, 'body-too-large');
    });
    request.on('end', () => {
      const [first] = chunks;
      const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      if (size <= limit) void this.#handle(exchange, handler, body);
    });
    // A connection that broke in the middle of a request: nobody is left to answer.
    request.on('error', () => response.destroy());
  }

  #exchange(request: IncomingMessage, response: ServerResponse): Exchange {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    return {
      request,
      response,
      path,
      search: mark === -1 ? '' : url.slice(mark + 1),
      handler: this.#handlers.find(({ prefix }) => path.startsWith(prefix)),
      requestId: this.#options.ids.requestId(),
      clientIp: this.#clientAddress.of(request.socket.remoteAddress, request.headers['x-forwarded-for']),
      startedAt: this.#options.clock.monotonic(),
    };
  }

  async #handle(exchange: Exchange, handler: HttpHandler, body: Buffer): Promise<void> {
    const { request, path, search, clientIp, requestId } = exchange;
    let reply = FAILED;
    try {
      reply = await handler.handle({
        method: request.method ?? 'GET',
        path,
        query: new URLSearchParams(search),
        headers: request.headers,
        body,
        clientIp,
        requestId,
        secure: this.#tlsServer !== undefined,
      });
    } catch (error) {
      this.#options.logger.error({ err: error, requestId, path: shortened(path) }, 'a handler failed');
      reply = handler.failed?.(requestId) ?? FAILED;
    }
    this.#reply(exchange, reply);
  }

  #refuse(exchange: Exchange, fault: HttpFault): void {
    this.#reply(exchange, exchange.handler?.refuse?.(fault) ?? FAULTS[fault]);
  }

  #reply(exchange: Exchange, reply: HttpReply): void {
    const { request, response, path, clientIp, requestId, startedAt } = exchange;
    const headers: Record<string, string | number> = {
      'content-type': reply.contentType ?? JSON_TYPE,
      'content-length': Buffer.byteLength(reply.body),
      ...reply.headers,
    };
    if (this.#stopping) headers.connection = 'close';
    response.writeHead(reply.status, headers);
    response.end(reply.body);
    const { clock, logger, onReply } = this.#options;
    const took = clock.monotonic() - startedAt;
    const { log = {} } = reply;
    onReply?.(String(log.command ?? 'other'), Number(log.code ?? reply.status), took / 1000, log);
    if (!logger.isLevelEnabled('info')) return;
    const ms = Math.round(took * 10) / 10;
    const { method } = request;
    const line = {
      requestId,
      method,
      path: shortened(path),
      status: reply.status,
      ms,
      clientIp,
      ...reply.log,
    };
    logger.info(line, 'request');
  }
}

/** One request on its way, and what is known of it from its head. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly search: string;
  readonly handler: HttpHandler | undefined;
  readonly requestId: string;
  readonly clientIp: string;
  readonly startedAt: number;
}

function shortened(path: string): string {
  return path.length > MAX_LOGGED_PATH ? `${path.slice(0, MAX_LOGGED_PATH)}…` : path;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where} is in use; stop the program that listens there, or set listen to another port`,
    EACCES: `This account may not listen on ${where}; set listen to a port above 1023`,
    EADDRNOTAVAIL: `This machine has no address ${host}; set listen to one of its own, or to 0.0.0.0`,
  };
  const reason = reasons[error.code ?? ''] ?? `Listening on ${where} failed: ${error.message}`;
  return new Error(reason, { cause: error });
}
