import { Worker } from 'node:worker_threads';
import type { Stats, StatsOptions } from './stats.ts';

/** What the thread answers with. */
export type StatsAnswer = { readonly stats: Stats } | { readonly error: Error };

/** Sources run as they are, built files are JavaScript: the thread's file has the ending of this one. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './stats-worker.ts' : './stats-worker.js',
  import.meta.url,
);

export interface StatsThreads {
  stats(options: StatsOptions): Promise<Stats>;
  /** Resolves when no thread runs or waits. */
  idle(): Promise<void>;
}

/**
 * Counts in a thread, so that a large inbox never holds up a webhook that waits for its answer. One thread runs at a time, and
 * callers who ask the same while it does share its answer: reloading a page starts no second count.
 */
export function statsThreads(file: string): StatsThreads {
  const asked = new Map<string, Promise<Stats>>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    stats(options) {
      const question = JSON.stringify(options);
      const known = asked.get(question);
      if (known) return known;
      const made = last.then(() => countInThread(file, options)).finally(() => asked.delete(question));
      asked.set(question, made);
      last = made.catch(() => undefined);
      return made;
    },
    async idle() {
      await last;
    },
  };
}

function countInThread(file: string, options: StatsOptions): Promise<Stats> {
  const worker = new Worker(WORKER, { workerData: { file, options } });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: StatsAnswer) => {
      if ('stats' in answer) resolve(answer.stats);
      else reject(answer.error);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that counts ended without an answer.')));
  });
}
