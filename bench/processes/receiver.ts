import { setTimeout as sleep } from 'node:timers/promises';
import { startNode } from './children.ts';
import { freePort } from './free-port.ts';
import type { ReceiverCounts } from './receiver-process.ts';

const SCRIPT = new URL('./receiver-process.ts', import.meta.url);
const POLL_MS = 100;
/** Long enough for an open breaker to probe and close, several times over. */
const STALL_MS = 30_000;

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  counts(): Promise<ReceiverCounts>;
  /** Resolves when at least `expected` webhooks are here and no more come; rejects when none comes any more before that. */
  settled(expected: number): Promise<ReceiverCounts>;
}

/** An app backend in a process of its own. */
export async function startReceiver(
  options: { readonly mode?: 'answer' | 'hang'; readonly port?: number } = {},
): Promise<Receiver> {
  const { mode = 'answer', port = await freePort() } = options;
  const child = startNode(SCRIPT, [String(port), mode]);
  await child.next();
  const counts = () => child.ask<ReceiverCounts>('counts');
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    async settled(expected) {
      // Requests that the load generator cut off at its end may still have been accepted: the count goes a little over.
      const QUIET_MS = 500;
      for (;;) {
        await sleep(POLL_MS);
        const now = await counts();
        const quietMs = Date.now() - now.lastAt;
        if (now.received >= expected && quietMs > QUIET_MS) return now;
        if (now.lastAt > 0 && quietMs > STALL_MS) {
          throw new Error(
            `${expected} messages were accepted, but only ${now.received} webhooks came, and none for ${STALL_MS / 1000} s.`,
          );
        }
      }
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
