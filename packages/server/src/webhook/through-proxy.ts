import { isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { WebhookProxy } from '../domain/proxy.ts';
import { openTunnel, ProxyRefusal } from './tunnel.ts';

export interface ProxiedTarget {
  /** A name, or an IP literal that has been judged. */
  readonly host: string;
  readonly port: number;
  /** Hands out judged addresses only. */
  readonly lookup: LookupFunction;
  /** Options of TLS to the receiver; absent for plain HTTP. */
  readonly tls?: ConnectionOptions;
}

/** What the one who waits is told meanwhile. */
export interface Progress {
  stage(stage: 'connect' | 'tls'): void;
  /** The socket in use now; it is destroyed to give up. */
  hold(socket: Socket): void;
}

/** Addresses of a name that are tried, one after the other. */
const MAX_TRIED = 4;

/**
 * Connects to a receiver through a proxy. The name is resolved and judged here, before the proxy hears of it, and the proxy gets the
 * address: so the private network stays as shut as without it, and what a name means to the proxy does not matter.
 */
export async function connectThrough(
  proxy: WebhookProxy,
  { host, port, lookup, tls }: ProxiedTarget,
  { stage, hold }: Progress,
): Promise<Socket> {
  const addresses = isIP(host) === 0 ? await resolve(host, lookup) : [host];
  stage('connect');
  const tunnel = await firstTunnel(proxy, addresses.slice(0, MAX_TRIED), port, hold);
  if (tls === undefined) return tunnel;
  stage('tls');
  return new Promise((done, reject) => {
    const socket = connectTls({ ...tls, socket: tunnel, host });
    hold(socket);
    socket.once('secureConnect', () => done(socket));
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed during the handshake')));
  });
}

/** The next address is tried where the proxy could not reach the one before; a refusal or a dead proxy ends it. */
async function firstTunnel(
  proxy: WebhookProxy,
  addresses: readonly string[],
  port: number,
  hold: Progress['hold'],
): Promise<Socket> {
  let last: unknown;
  for (const address of addresses) {
    try {
      return await openTunnel(proxy, address, port, hold);
    } catch (error) {
      last = error;
      if (!(error instanceof ProxyRefusal) || error.status < 500) break;
    }
  }
  throw last;
}

function resolve(host: string, lookup: LookupFunction): Promise<string[]> {
  return new Promise((done, reject) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error !== null) reject(error);
      else done(typeof addresses === 'string' ? [addresses] : addresses.map(({ address }) => address));
    });
  });
}
