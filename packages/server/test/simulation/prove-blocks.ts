import { Worker } from 'node:worker_threads';
import { Coverage, type CoverageEntry } from './coverage.ts';
import type { Proof } from './prover.ts';

/** Seeds that a thread works on at a time. */
export interface Block {
  readonly from: number;
  readonly count: number;
}

/** A `Proof` as it travels between threads and lies in files. */
export interface BlockResult extends Omit<Proof, 'coverage'> {
  readonly coverage: readonly CoverageEntry[];
}

export interface BlocksOptions extends Block {
  /** Threads. */
  readonly jobs: number;
  readonly blockSize?: number;
  /** What the first seeds came to; the others follow. */
  readonly before?: BlockResult;
  /** Told after each block what all seeds came to up to the first that is still open. */
  readonly onProgress?: (proof: BlockResult) => void;
}

/** More broken histories tell nothing new. */
const BROKEN_LIMIT = 20;

/** The seeds `from` … `from + count - 1` in several threads at once, in blocks; each thread takes the next as soon as it is free. */
export async function proveInBlocks(options: BlocksOptions): Promise<BlockResult> {
  const { from, count, jobs, blockSize = 500, before = NOTHING, onProgress } = options;
  let proof = before;
  let given = before.histories;
  /** Of blocks behind one that is still open, by their first seed. */
  const ahead = new Map<number, BlockResult>();

  function next(): Block | undefined {
    if (given >= count || proof.broken.length >= BROKEN_LIMIT) return undefined;
    const block = { from: from + given, count: Math.min(blockSize, count - given) };
    given += block.count;
    return block;
  }

  function settle(block: Block, result: BlockResult): void {
    ahead.set(block.from, result);
    for (;;) {
      const first = from + proof.histories;
      const following = ahead.get(first);
      if (following === undefined) break;
      ahead.delete(first);
      proof = merge([proof, following]);
    }
    onProgress?.(proof);
  }

  await Promise.all(Array.from({ length: jobs }, () => work(next, settle)));
  return proof;
}

/** One thread, until there is no block left. */
async function work(
  next: () => Block | undefined,
  settle: (block: Block, result: BlockResult) => void,
): Promise<void> {
  const worker = new Worker(new URL('./prove-worker.ts', import.meta.url));
  try {
    for (let block = next(); block !== undefined; block = next()) settle(block, await ask(worker, block));
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker, block: Block): Promise<BlockResult> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners().once('message', resolve).once('error', reject);
    worker.postMessage(block);
  });
}

const NOTHING: BlockResult = {
  histories: 0,
  full: 0,
  severalNodes: 0,
  sends: 0,
  faults: 0,
  steps: 0,
  coverage: [],
  broken: [],
};

function merge(blocks: readonly BlockResult[]): BlockResult {
  const sum = (key: 'histories' | 'full' | 'severalNodes' | 'sends' | 'faults' | 'steps') =>
    blocks.reduce((total, block) => total + block[key], 0);
  return {
    histories: sum('histories'),
    full: sum('full'),
    severalNodes: sum('severalNodes'),
    sends: sum('sends'),
    faults: sum('faults'),
    steps: sum('steps'),
    coverage: Coverage.of(...blocks.map(({ coverage }) => coverage)).entries(),
    broken: blocks.flatMap(({ broken }) => broken),
  };
}
