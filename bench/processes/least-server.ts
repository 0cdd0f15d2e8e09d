import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startNode } from './children.ts';
import { freePort } from './free-port.ts';

const POLL_MS = 10;
const TRIES = 1_000;

export interface LeastServer extends AsyncDisposable {
  readonly sendUrl: string;
}

/** The yardstick's least server, its database in `folder`, posting to `receiver`. */
export async function startLeast(script: URL, folder: string, receiver: string): Promise<LeastServer> {
  const port = await freePort();
  const child = startNode(script, [String(port), receiver, join(folder, 'least.db')]);
  await listening(port, child);
  const query = 'sdkappid=1&identifier=administrator&usersig=x&random=1&contenttype=json';
  return {
    sendUrl: `http://127.0.0.1:${port}/v4/group_open_http_svc/send_group_msg?${query}`,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** It does not tell, and a request that is no message ends it: a connection without a word is the only question it bears. */
async function listening(port: number, child: Child): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(POLL_MS);
  }
  await child[Symbol.asyncDispose]();
  throw new Error(`The least server did not listen within ${(TRIES * POLL_MS) / 1000} s.`);
}
