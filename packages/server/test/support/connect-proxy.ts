import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the proxy answers to a CONNECT: open the tunnel, this text instead, or nothing at all. */
export type ProxyScript = (target: string) => 'tunnel' | 'hang' | string;

export interface ConnectProxy extends AsyncDisposable {
  readonly port: number;
  /** The targets asked for, in order. */
  readonly targets: readonly string[];
  /** The heads of the requests as they came. */
  readonly heads: readonly string[];
  readonly connections: number;
}

/** A proxy that speaks HTTP CONNECT on a socket of its own. */
export async function startConnectProxy(script: ProxyScript = () => 'tunnel'): Promise<ConnectProxy> {
  const targets: string[] = [];
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    connections += 1;
    keep(client).once('data', (head) => {
      heads.push(head.toString('latin1'));
      const [, target = ''] = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(heads.at(-1) ?? '') ?? [];
      targets.push(target);
      const answer = script(target);
      if (answer === 'hang') return;
      if (answer !== 'tunnel') {
        client.end(answer);
        return;
      }
      const url = new URL(`http://${target}`);
      const out = keep(connect(Number(url.port) || 80, url.hostname.replace(/^\[|\]$/g, '')));
      out.once('connect', () => {
        client.write('HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n');
        client.pipe(out).pipe(client);
      });
      out.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    heads,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
