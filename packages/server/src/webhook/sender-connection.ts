import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../base/clock.ts';
import { ConnectFailure, causeOf, type Stage, timeoutCause } from './sender-outcome.ts';
import type { TlsContext } from './tls-context.ts';

export interface ConnectionOptions {
  clock: Clock;
  /** Longest time for name, TCP and TLS together. */
  timeoutMs: number;
  lookup: LookupFunction;
  /** Instead of `lookup`, for connections without TLS. */
  plainLookup: LookupFunction;
  tls: TlsContext;
  /** Holds the connections being made, so that they can be given up; the connection enters and leaves by itself. */
  opening: Set<Connection>;
}

/** How far the socket has come; `send` once it is open. */
type ConnectionStage = Extract<Stage, 'dns' | 'connect' | 'tls' | 'send'>;

/**
 * One place in the pool and the socket that stands in it now. It makes the socket itself, because undici's own
 * connector cannot say whether a time-out struck in the look-up, in TCP or in TLS.
 */
export class Connection {
  #stage: ConnectionStage = 'connect';
  #socket: Socket | undefined;
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
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy(error);
    await closed;
  }

  /** Makes a socket, as undici's `connect` option wants it. IP literals must have been checked before. */
  readonly connect: buildConnector.connector = ({ hostname, port, protocol }, callback) => {
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
  };

  /** Throws when this endpoint's certificates cannot be used. */
  #openSocket(secure: boolean, host: string, port: string): Socket {
    const { lookup, plainLookup, tls } = this.#options;
    if (!secure) return connectTcp({ host, port: Number(port) || 80, lookup: plainLookup }).setNoDelay(true);
    return connectTls({ host, port: Number(port) || 443, lookup, ...tls.options(host) }).setNoDelay(true);
  }
}
