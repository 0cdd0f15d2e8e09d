import { Client, type Dispatcher, Pool } from 'undici';
import type { Clock } from '../base/clock.ts';
import type { ClientTls } from '../domain/client-tls.ts';
import { PLAIN_HTTP_REMEDY, plainHttpProblem } from '../domain/plain-http.ts';
import type { Route } from '../domain/proxy.ts';
import { checkTarget, guardedLookup, type Resolve } from './guard.ts';
import { Attempt, type AttemptOptions, Attempts } from './sender-attempt.ts';
import { Connection, type ConnectionOptions } from './sender-connection.ts';
import type { Cause, Outcome } from './sender-outcome.ts';
import { TlsContext } from './tls-context.ts';

export type { Answer, Failure, Outcome, Stage } from './sender-outcome.ts';

export interface SenderOptions {
  clock: Clock;
  /** May call loopback and private addresses; never cloud metadata. */
  allowPrivateNetwork: boolean;
  /** May leave this machine and the private network without TLS. */
  allowPlainHttp?: boolean;
  /** Client certificate, own authorities, another server name. */
  tls?: ClientTls;
  /** How its connections leave; straight to the receiver by default. */
  route?: Route;
  /** Most connections at a time. Sends beyond it wait for one, and their deadline runs meanwhile. */
  concurrency: number;
  /** One total deadline per attempt: connect, send, answer. */
  timeoutMs: number;
  /** How much of an answer's body is kept before the connection is closed. 65536 by default. */
  answerLimitBytes?: number;
  /** Resolves host names; `dns.lookup` by default. */
  resolve?: Resolve;
}

export interface SendRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The only outbound HTTP: one sender per endpoint. */
export interface Sender {
  /** POSTs once: no redirects, no retries. Never rejects. */
  send(request: SendRequest): Promise<Outcome>;
  /** Lets the attempts under way end, then closes the connections. */
  close(): Promise<void>;
  /** Ends the attempts under way as `aborted` at once and closes the connections. */
  destroy(): Promise<void>;
}

export function createSender(options: SenderOptions): Sender {
  return new PooledSender(options);
}

const ANSWER_LIMIT_BYTES = 65_536;
const URL_INVALID: Cause = {
  stage: 'blocked',
  code: 'URL_INVALID',
  message: 'The webhook URL cannot be parsed.',
};
const CLOSED: Cause = { stage: 'aborted', code: 'CLOSED', message: 'The sender of this endpoint is closed.' };
const DESTROYED: Cause = {
  stage: 'aborted',
  code: 'DESTROYED',
  message: 'The attempt was aborted at shutdown.',
};

interface Target {
  readonly origin: string;
  readonly path: string;
}

/** A query that a URL parser leaves as it is. */
const PLAIN_QUERY = /^\?[\w%&=+.~*-]*$/;

/** How the connections of a sender are made. */
export function connectionOptions(options: SenderOptions, opening: Set<Connection>): ConnectionOptions {
  const { clock, timeoutMs, allowPrivateNetwork, allowPlainHttp = false, resolve, tls = {}, route } = options;
  return {
    clock,
    timeoutMs,
    lookup: guardedLookup(allowPrivateNetwork, resolve),
    plainLookup: guardedLookup(allowPrivateNetwork, resolve, !allowPlainHttp),
    tls: new TlsContext(tls, clock),
    proxy: route?.kind === 'proxy' ? route.proxy : undefined,
    opening,
  };
}

class PooledSender implements Sender {
  readonly #options: SenderOptions;
  readonly #attemptOptions: AttemptOptions;
  readonly #connectionOptions: ConnectionOptions;
  readonly #underWay = new Attempts();
  readonly #opening = new Set<Connection>();
  /** The pool of the origin last sent to. When the endpoint's URL moves, the old pool drains. */
  #current: { origin: string; pool: Pool } | undefined;
  /** The target that was last judged fit, without its query; what its name resolves to is judged at every connection. */
  #judged: { readonly beforeQuery: string; readonly origin: string; readonly pathname: string } | undefined;
  /** The current pool and those that drain. */
  readonly #pools = new Set<Pool>();
  #closed = false;

  constructor(options: SenderOptions) {
    const { clock, timeoutMs, answerLimitBytes = ANSWER_LIMIT_BYTES } = options;
    this.#options = options;
    this.#attemptOptions = { clock, timeoutMs, answerLimitBytes };
    this.#connectionOptions = connectionOptions(options, this.#opening);
  }

  send({ url, headers, body }: SendRequest): Promise<Outcome> {
    if (this.#closed) return failed(CLOSED);
    const { route } = this.#options;
    if (route?.kind === 'missing') return failed(missing(route.name));
    const target = this.#knownTarget(url) ?? this.#judge(url);
    if ('stage' in target) return failed(target);
    const { origin, path } = target;
    const attempt = new Attempt(this.#attemptOptions, this.#underWay);
    this.#poolFor(origin).dispatch({ method: 'POST', path, headers, body }, attempt);
    return attempt.outcome;
  }

  /** One whose query alone differs from that of the last one. Parsing it took 3 of the 90 microseconds of a message. */
  #knownTarget(url: string): Target | undefined {
    const known = this.#judged;
    if (known === undefined || !url.startsWith(known.beforeQuery)) return undefined;
    const query = url.slice(known.beforeQuery.length);
    return PLAIN_QUERY.test(query) ? { origin: known.origin, path: known.pathname + query } : undefined;
  }

  #judge(url: string): Target | Cause {
    const target = URL.parse(url);
    if (target === null) return URL_INVALID;
    const judgement = checkTarget(target, this.#options.allowPrivateNetwork);
    if (!judgement.ok) return blocked(judgement.why);
    const plain = plainHttpProblem(target, this.#options);
    if (plain !== undefined) return blocked(`it ${plain}; ${PLAIN_HTTP_REMEDY}`);
    const { origin, pathname, search } = target;
    const mark = url.indexOf('?');
    if (mark !== -1 && target.hash === '')
      this.#judged = { beforeQuery: url.slice(0, mark), origin, pathname };
    return { origin, path: pathname + search };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#underWay.values().map((attempt) => attempt.outcome));
    await Promise.all([...this.#pools].map((pool) => this.#drain(pool)));
  }

  async destroy(): Promise<void> {
    this.#closed = true;
    for (const attempt of this.#underWay.values()) attempt.abort(DESTROYED);
    const opening = [...this.#opening].map((connection) => connection.abort(new Error(DESTROYED.message)));
    await Promise.all([...opening, ...[...this.#pools].map((pool) => pool.destroy())]);
    this.#pools.clear();
  }

  #poolFor(origin: string): Pool {
    if (this.#current?.origin === origin) return this.#current.pool;
    if (this.#current !== undefined) void this.#drain(this.#current.pool);
    const pool = new Pool(origin, {
      connections: this.#options.concurrency,
      allowH2: false,
      factory: (target) => new TrackedClient(target, new Connection(this.#connectionOptions)),
    });
    this.#current = { origin, pool };
    this.#pools.add(pool);
    return pool;
  }

  async #drain(pool: Pool): Promise<void> {
    if (!pool.destroyed) await pool.close();
    this.#pools.delete(pool);
  }
}

/** A client of undici that tells each attempt on which connection it travels. */
class TrackedClient extends Client {
  readonly #connection: Connection;

  constructor(origin: URL, connection: Connection) {
    // The attempt's own deadline bounds the whole exchange; undici's time-outs measure only parts and pauses.
    super(origin, {
      connect: connection.connect,
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#connection = connection;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (!(handler instanceof Attempt)) return super.dispatch(options, handler);
    handler.connection = this.#connection;
    const free = super.dispatch(options, handler);
    // undici 8.12 also answers "busy" when it refuses a request, and its pool would then wait for ever for this client.
    return free || handler.ended;
  }
}

/** An attempt that failed before it began. */
function failed(cause: Cause): Promise<Outcome> {
  return Promise.resolve({ kind: 'failed', ...cause, durationMs: 0 });
}

/** Going straight instead would show the receiver, and the network between, what the proxy was to hide. */
function missing(proxy: string): Cause {
  return {
    stage: 'blocked',
    code: 'PROXY_MISSING',
    message: `No attempt was made: the configuration has no proxy "${proxy}".`,
  };
}

function blocked(why: string): Cause {
  return { stage: 'blocked', code: 'ADDRESS_BLOCKED', message: `The webhook URL is refused: ${why}.` };
}
