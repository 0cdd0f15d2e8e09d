import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KeptProof } from './kept-proof.ts';
import { type BlockResult, proveInBlocks } from './prove-blocks.ts';
import { Prover } from './prover.ts';

async function alone(from: number, count: number): Promise<BlockResult> {
  const { coverage, ...sums } = await new Prover().prove(from, count);
  return { ...sums, coverage: coverage.entries().sort() };
}

const sorted = (proof: BlockResult): BlockResult => ({ ...proof, coverage: [...proof.coverage].sort() });

test('seeds in blocks and several threads come to what they come to in one', async () => {
  const told: number[] = [];
  const onProgress = ({ histories }: BlockResult) => told.push(histories);
  const proof = await proveInBlocks({ from: 40, count: 41, jobs: 3, blockSize: 4, onProgress });
  assert.deepEqual(sorted(proof), await alone(40, 41));
  assert.deepEqual([told.length, told.at(-1)], [11, 41]);
  assert.deepEqual(
    told,
    told.toSorted((one, other) => one - other),
  );
});

test('a proof that was interrupted goes on where its file ends, with the same sources and seeds alone', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'confab-proof-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'proof.json');
  const kept = new KeptProof(file, 40);
  assert.equal(kept.read(), undefined);
  kept.write(await proveInBlocks({ from: 40, count: 12, jobs: 2, blockSize: 4 }));
  const before = kept.read();
  assert.equal(before?.histories, 12);
  const whole = await proveInBlocks({ from: 40, count: 20, jobs: 2, blockSize: 4, before });
  assert.deepEqual(sorted(whole), await alone(40, 20));
  assert.throws(() => new KeptProof(file, 40, 'others').read(), /made of other sources; remove it/);
  writeFileSync(join(folder, 'torn.json'), '{');
  assert.throws(() => new KeptProof(join(folder, 'torn.json'), 40).read(), /torn.json holds no proof/);
  assert.throws(() => new KeptProof(file, 41).read(), /begins with seed 40; go on with --from 40/);
});
