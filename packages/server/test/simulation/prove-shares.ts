import { Worker } from 'node:worker_threads';
import { Coverage, type CoverageEntry } from './coverage.ts';
import type { Proof } from './prover.ts';

/** A `Proof` as it travels between threads. */
export interface ShareResult extends Omit<Proof, 'coverage'> {
  readonly coverage: readonly CoverageEntry[];
}

/** The seeds `from` … `from + count - 1` in so many threads at once; `onHistory` is told how many are done in all. */
export async function proveInShares(
  { from, count, jobs }: { readonly from: number; readonly count: number; readonly jobs: number },
  onHistory: (done: number) => void,
): Promise<Proof> {
  const done: number[] = [];
  const size = Math.ceil(count / jobs);
  const shares = Array.from({ length: jobs }, (_, job) => {
    const first = Math.min(job * size, count);
    const share = { from: from + first, count: Math.min(size, count - first) };
    return proveShare(share, (ownDone) => {
      done[job] = ownDone;
      onHistory(done.reduce((sum, number) => sum + number, 0));
    });
  });
  return merge(await Promise.all(shares));
}

function proveShare(
  share: { readonly from: number; readonly count: number },
  onHistory: (done: number) => void,
): Promise<ShareResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./prove-worker.ts', import.meta.url), { workerData: share });
    worker.on('message', (message: number | ShareResult) => {
      if (typeof message === 'number') onHistory(message);
      else resolve(message);
    });
    worker.on('error', reject);
  });
}

export function merge(shares: readonly ShareResult[]): Proof {
  const sum = (key: 'histories' | 'full' | 'severalNodes' | 'sends' | 'faults' | 'steps') =>
    shares.reduce((total, share) => total + share[key], 0);
  const coverage = new Coverage();
  for (const share of shares)
    for (const [fault, call, count] of share.coverage) coverage.add(fault, call, count);
  return {
    histories: sum('histories'),
    full: sum('full'),
    severalNodes: sum('severalNodes'),
    sends: sum('sends'),
    faults: sum('faults'),
    steps: sum('steps'),
    coverage,
    broken: shares.flatMap(({ broken }) => broken),
  };
}
