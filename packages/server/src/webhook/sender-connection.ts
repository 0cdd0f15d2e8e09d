import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../base/clock.ts';
import type { WebhookProxy } from '../domain/proxy.ts';
import { ConnectFailure, causeOf, type Stage, timeoutCause } from './sender-outcome.ts';
import { connectThrough } from './through-proxy.ts';
import type { TlsContext } from './tls-context.ts';

export interface ConnectionOptions {
  clock: Clock;
  /** Longest time for name, TCP and TLS together. */
  timeoutMs: number;
  lookup: LookupFunction;
  /** Instead of `lookup`, for connections without TLS. */
  plainLookup: LookupFunction;
  tls: TlsContext;
  /** The way out; absent: straight to the receiver. */
  proxy?: WebhookProxy | undefined;
  /** Holds the connections being made, so that they can be given up; the connection enters and leaves by itself. */
  opening: Set<Connection>;
}

type Target = buildConnector.Options;

/** How far the socket has come; `send` once it is open. */
type ConnectionStage = Extract<Stage, 'dns' | 'connect' | 'tls' | 'send'>;

/**
 * One place in the pool and the socket that stands in it now. It makes the socket itself, because undici's own
 * connector cannot say whether a time-out struck in the look-up, in TCP or in TLS.
 */
export class Connection {
  #stage: ConnectionStage = 'connect';
  #socket: Socket | undefined;
  /** Ends a way through a proxy that has no socket at the moment: while it waits for a name. */
  #giveUp: (error: Error) => void = () => {};
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get stage(): ConnectionStage {
    return this.#stage;
  }

  /** Whether bytes written to the socket still wait for the other side to take them. */
  get hasUnsentBytes(): boolean {
    return this.#socket !== undefined && this.#socket.writableLength > 0;
  }

  /** Gives up the connection being made; resolves when its socket is closed. */
  async abort(error: Error): Promise<void> {
    this.#giveUp(error);
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy(error);
    await closed;
  }

  /** Makes a socket, as undici's `connect` option wants it. IP literals must have been checked before. */
  readonly connect: buildConnector.connector = (target, callback) => {
    if (this.#options.proxy === undefined) this.#connectDirectly(target, callback);
    else this.#connectThrough(this.#options.proxy, target, callback);
  };

  #connectDirectly({ hostname, port, protocol }: Target, callback: buildConnector.Callback): void {
    const secure = protocol === 'https:';
    let socket: Socket;
    try {
      socket = this.#openSocket(secure, hostname, port);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      queueMicrotask(() => callback(failure, null));
      return;
    }
    this.#socket = socket;
    this.#stage = isIP(hostname) === 0 ? 'dns' : 'connect';
    this.#options.opening.add(this);

    const { clock, timeoutMs } = this.#options;
    const timer = clock.setTimer(timeoutMs, () => {
      socket.destroy(new ConnectFailure(timeoutCause(this.#stage, timeoutMs)));
    });
    let pending = true;
    const end = (): void => {
      pending = false;
      timer.cancel();
      this.#options.opening.delete(this);
    };
    socket.on('lookup', (error: Error | null) => {
      if (error === null) this.#stage = 'connect';
    });
    socket.once('connect', () => {
      if (secure) this.#stage = 'tls';
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      end();
      this.#stage = 'send';
      callback(null, socket);
    });
    socket.on('error', (error) => {
      if (!pending) return;
      end();
      callback(new ConnectFailure(causeOf(error, this.#stage)), null);
    });
  }

  #connectThrough(
    proxy: WebhookProxy,
    { hostname, port, protocol }: Target,
    callback: buildConnector.Callback,
  ): void {
    const { clock, timeoutMs, lookup, plainLookup, tls, opening } = this.#options;
    const secure = protocol === 'https:';
    let pending = true;
    const end = (error: Error | null, socket: Socket | null): void => {
      if (!pending) return;
      pending = false;
      timer.cancel();
      opening.delete(this);
      if (error === null && socket !== null) {
        this.#stage = 'send';
        callback(null, socket);
        return;
      }
      this.#socket?.destroy();
      callback(new ConnectFailure(causeOf(error ?? new Error('closed'), this.#stage)), null);
    };
    const timer = clock.setTimer(timeoutMs, () =>
      end(new ConnectFailure(timeoutCause(this.#stage, timeoutMs)), null),
    );
    this.#socket = undefined;
    this.#stage = isIP(hostname) === 0 ? 'dns' : 'connect';
    this.#giveUp = (error) => end(error, null);
    opening.add(this);

    const progress = {
      stage: (stage: 'connect' | 'tls') => {
        this.#stage = stage;
      },
      hold: (socket: Socket) => {
        // Its end comes by `close`; an error after the tunnel stands is undici's business.
        socket.on('error', () => {});
        if (pending) this.#socket = socket;
        else socket.destroy();
      },
    };
    const open = async () =>
      connectThrough(
        proxy,
        {
          host: hostname,
          port: Number(port) || (secure ? 443 : 80),
          lookup: secure ? lookup : plainLookup,
          ...(secure && { tls: tls.options(hostname) }),
        },
        progress,
      );
    open().then(
      (socket) => end(null, socket),
      (error: Error) => end(error, null),
    );
  }

  /** Throws when this endpoint's certificates cannot be used. */
  #openSocket(secure: boolean, host: string, port: string): Socket {
    const { lookup, plainLookup, tls } = this.#options;
    if (!secure) return connectTcp({ host, port: Number(port) || 80, lookup: plainLookup }).setNoDelay(true);
    return connectTls({ host, port: Number(port) || 443, lookup, ...tls.options(host) }).setNoDelay(true);
  }
}
