import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below every system's range for outgoing connections, so that none of them takes the port while it is not listened on. */
const LOWEST = 20_000;
const COUNT = 10_000;
const TRIES = 100;

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`None of ${TRIES} ports from ${LOWEST} on was free.`);
}
