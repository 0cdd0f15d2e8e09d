import { connect, isIPv6, type Socket } from 'node:net';
import type { WebhookProxy } from '../domain/proxy.ts';
import { ConnectFailure, causeOf } from './sender-outcome.ts';

/** More than any proxy says before the tunnel stands. */
const HEAD_MAX_BYTES = 16_384;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** A proxy that answered, but not with a tunnel. */
export class ProxyRefusal extends ConnectFailure {
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super({ stage: 'connect', code, message });
    this.status = status;
  }
}

/**
 * A tunnel to an address by HTTP CONNECT (RFC 9110 section 9.3.6). The proxy is asked for the address and not for a name: it was
 * judged here, and a name would let the proxy find out another one.
 *
 * `hold` gets the socket at once, so that it can be given up. Rejects with `ConnectFailure`; its message names the proxy, never
 * its credentials.
 */
export function openTunnel(
  proxy: WebhookProxy,
  address: string,
  port: number,
  hold: (socket: Socket) => void,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: proxy.host, port: proxy.port }).setNoDelay(true);
  let head: Buffer = Buffer.alloc(0);
  hold(socket);
  const fail = (error: ConnectFailure): void => {
    reject(error);
    socket.destroy();
  };
  const onError = (error: Error): void => fail(unreachable(proxy, error));
  const onEnd = (): void =>
    fail(
      new ProxyRefusal(
        'PROXY_CLOSED',
        `The proxy "${proxy.name}" closed the connection before it answered.`,
        0,
      ),
    );
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(END_OF_HEAD);
    if (end === -1 && head.length <= HEAD_MAX_BYTES) return;
    const refusal = end === -1 ? garbled(proxy) : judge(proxy, head, end);
    socket.pause().off('data', onData).off('error', onError).off('end', onEnd);
    if (refusal === undefined) resolve(socket);
    else fail(refusal);
  };
  socket.on('error', onError).on('end', onEnd).on('data', onData);
  socket.once('connect', () => socket.write(request(proxy, address, port)));
  return promise;
}

function request({ authorization }: WebhookProxy, address: string, port: number): string {
  const target = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`;
}

/** Why this is no tunnel; undefined when it is. The receiver has not been spoken to, so nothing may follow the head. */
function judge(proxy: WebhookProxy, head: Buffer, end: number): ProxyRefusal | undefined {
  const status = Number(/^HTTP\/1\.[01] (\d{3})[ \r]/.exec(head.toString('latin1', 0, 16))?.[1]);
  if (Number.isNaN(status)) return garbled(proxy);
  const called = `The proxy "${proxy.name}"`;
  if (status === 407) {
    return new ProxyRefusal(
      'PROXY_AUTH',
      `${called} asks for other credentials; correct them in proxies.`,
      status,
    );
  }
  if (status < 200 || status > 299) {
    return new ProxyRefusal('PROXY_REFUSED', `${called} answered HTTP ${status} to CONNECT.`, status);
  }
  return head.length > end + END_OF_HEAD.length ? garbled(proxy) : undefined;
}

function garbled({ name }: WebhookProxy): ProxyRefusal {
  return new ProxyRefusal('PROXY_MALFORMED', `The proxy "${name}" does not speak HTTP CONNECT.`, 0);
}

function unreachable({ name }: WebhookProxy, error: Error): ConnectFailure {
  if (error instanceof ConnectFailure) return error;
  const { code, message } = causeOf(error, 'connect');
  return new ConnectFailure({
    stage: 'connect',
    code,
    message: `The proxy "${name}" cannot be reached. ${message}`,
  });
}
