/** One share of the seeds, in a thread of its own; tells how many are done, and at last what came out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ShareResult } from './prove-shares.ts';
import { Prover } from './prover.ts';

const TELL_EVERY = 100;
const { from, count } = workerData as { readonly from: number; readonly count: number };

const { coverage, ...sums } = await new Prover().prove(from, count, (done) => {
  if (done % TELL_EVERY === 0) parentPort?.postMessage(done);
});
const result: ShareResult = { ...sums, coverage: coverage.entries() };
parentPort?.postMessage(result);
