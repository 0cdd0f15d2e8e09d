import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mounted } from './adapter-suite.ts';

/** Starts a server on a free port of this machine. */
export async function listen(listener: RequestListener): Promise<Mounted> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
