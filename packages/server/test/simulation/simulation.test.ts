import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Coverage } from './coverage.ts';
import { makePlan } from './make-plan.ts';
import { ALL_FAULTS } from './plan.ts';
import { Prover } from './prover.ts';

/** More of them, and others: `npm run prove`. */
const SEEDS = 2_000;

test('nothing is lost, reordered or repeated beyond the bounds in any of the seeds', async () => {
  const proof = await new Prover().prove(0, SEEDS);
  assert.deepEqual(proof.broken, [], 'rerun a seed with: npm run prove -- --seed N');
  assert.equal(proof.histories, SEEDS);
  assert.ok(proof.full > SEEDS * 0.8, `only ${proof.full} histories had 20 sends and 3 faults`);
  assert.ok(proof.severalNodes > SEEDS * 0.2, `only ${proof.severalNodes} histories had several nodes`);
  const struck = new Set(proof.coverage.faults());
  assert.deepEqual(
    ALL_FAULTS.filter((fault) => !struck.has(fault)),
    [],
    'faults that never struck',
  );
});

test('nothing is wrong in seeds of which the model once said so', async () => {
  const prover = new Prover();
  for (const seed of [
    200_086_509, 300_114_825, 400_054_938, 400_071_784, 500_009_550, 500_430_381, 500_549_006, 600_152_944,
    700_312_300, 700_562_646, 700_601_337, 800_090_820, 800_112_646, 900_166_771, 900_226_335,
  ]) {
    const { violation } = await prover.run(makePlan(seed), new Coverage());
    assert.deepEqual([seed, violation], [seed, undefined]);
  }
});

test('a seed is run again exactly', async () => {
  const prover = new Prover();
  for (const seed of [3, 97, 99]) {
    const traces = [[], []] as [string[], string[]];
    for (const trace of traces) {
      await prover.run(makePlan(seed), new Coverage(), undefined, (line) => trace.push(line));
    }
    assert.ok(traces[0].length > 100);
    assert.deepEqual(traces[0], traces[1]);
  }
});
