import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveInShares } from './prove-shares.ts';
import { Prover } from './prover.ts';

test('seeds in several threads come to what they come to in one', async () => {
  const alone = await new Prover().prove(40, 41);
  const told: number[] = [];
  const shared = await proveInShares({ from: 40, count: 41, jobs: 3 }, (done) => told.push(done));
  assert.deepEqual(shared.coverage.entries().sort(), alone.coverage.entries().sort());
  assert.deepEqual({ ...shared, coverage: undefined }, { ...alone, coverage: undefined });
});
