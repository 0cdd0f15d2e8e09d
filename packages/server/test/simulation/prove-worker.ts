/** Proves one block of seeds after the other, in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import type { Block, BlockResult } from './prove-blocks.ts';
import { Prover } from './prover.ts';

const prover = new Prover();
parentPort?.on('message', async ({ from, count }: Block) => {
  const { coverage, ...sums } = await prover.prove(from, count);
  const result: BlockResult = { ...sums, coverage: coverage.entries() };
  parentPort?.postMessage(result);
});
