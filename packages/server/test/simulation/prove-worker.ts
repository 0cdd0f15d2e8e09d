/** One share of the seeds, in a thread of its own; tells how many are done and how many broke, and at last what came out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ShareProgress, ShareResult } from './prove-shares.ts';
import { Prover } from './prover.ts';

const TELL_EVERY = 100;
const { from, count } = workerData as { readonly from: number; readonly count: number };

const { coverage, ...sums } = await new Prover().prove(from, count, (done, broken) => {
  if (done % TELL_EVERY !== 0) return;
  const progress: ShareProgress = { done, broken };
  parentPort?.postMessage(progress);
});
const result: ShareResult = { ...sums, coverage: coverage.entries() };
parentPort?.postMessage(result);
