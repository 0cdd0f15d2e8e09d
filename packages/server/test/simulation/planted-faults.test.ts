import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadWithFault } from './load-with-fault.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';
import { Prover, plantedFault } from './prover.ts';

/** The rarest needs some 3,000, most of them fewer than 50. */
const LIMIT = 5_000;
/** Its history has much in it that has nothing to do with the bug. */
const LONG_STORY = 10;

describe('the simulation finds every planted bug', () => {
  const prover = new Prover();
  for (const fault of PLANTED_FAULTS) {
    test(`${fault.name}: ${fault.bug}`, async () => {
      const { after } = await prover.catchFault(fault, 0, LIMIT);
      assert.ok(after !== undefined, `not caught in ${LIMIT} histories`);
    });
  }
});

test('a broken history is shrunk, and the short one breaks the same rule', async () => {
  const prover = new Prover();
  const system = await loadWithFault(plantedFault('retry-overtakes'));
  const caught = await prover.catchFault(plantedFault('retry-overtakes'), LONG_STORY, LIMIT);
  assert.ok(caught.after !== undefined);
  const plan = await prover.shortest(LONG_STORY + caught.after - 1, system);
  assert.ok(plan !== undefined);
  assert.ok(plan.steps.length <= 6, `${plan.steps.length} steps are left`);
  assert.ok(plan.faults.length <= 2, `${plan.faults.length} faults are left`);
});

test('a planted bug that no longer fits its file says so', async () => {
  const stale = { ...plantedFault('retry-overtakes'), name: 'stale', find: 'no such text' };
  await assert.rejects(loadWithFault(stale), /planted fault stale: webhook\/lane\.ts does not hold its text/);
});
