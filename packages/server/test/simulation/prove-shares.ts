import { Worker } from 'node:worker_threads';
import { Coverage, type CoverageEntry } from './coverage.ts';
import type { Proof } from './prover.ts';

/** A `Proof` as it travels between threads. */
export interface ShareResult extends Omit<Proof, 'coverage'> {
  readonly coverage: readonly CoverageEntry[];
}

export interface ShareProgress {
  readonly done: number;
  readonly broken: number;
}

/** The seeds `from` … `from + count - 1` in so many threads at once; `onHistory` is told of all together how many are done and broke. */
export async function proveInShares(
  { from, count, jobs }: { readonly from: number; readonly count: number; readonly jobs: number },
  onHistory: (done: number, broken: number) => void,
): Promise<Proof> {
  const progress: ShareProgress[] = [];
  const size = Math.ceil(count / jobs);
  const shares = Array.from({ length: jobs }, (_, job) => {
    const first = Math.min(job * size, count);
    const share = { from: from + first, count: Math.min(size, count - first) };
    return proveShare(share, (own) => {
      progress[job] = own;
      const sum = (key: keyof ShareProgress) => progress.reduce((total, share) => total + share[key], 0);
      onHistory(sum('done'), sum('broken'));
    });
  });
  return merge(await Promise.all(shares));
}

function proveShare(
  share: { readonly from: number; readonly count: number },
  onProgress: (progress: ShareProgress) => void,
): Promise<ShareResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./prove-worker.ts', import.meta.url), { workerData: share });
    worker.on('message', (message: ShareProgress | ShareResult) => {
      if ('done' in message) onProgress(message);
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
