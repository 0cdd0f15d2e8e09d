import { parentPort, workerData } from 'node:worker_threads';
import { openInbox } from './inbox.ts';
import { collectStats } from './stats.ts';
import type { StatsAnswer } from './stats-threads.ts';

/** The thread of `statsThreads`: opens the file for reading, counts, answers, ends. */
function answer(): StatsAnswer {
  try {
    const inbox = openInbox(workerData.file, { readOnly: true });
    try {
      return { stats: collectStats(inbox, workerData.options) };
    } finally {
      inbox.close();
    }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

parentPort?.postMessage(answer());
