import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, runCluster } from './cluster-run.ts';

/** Longer than 6 s of a lease, on a machine that is busy. */
const TAKEN_OVER_MS = 10_000;

/** Each fault once; `npm run prove:nodes` does hundreds. */
test('three nodes on one PostgreSQL, killed, paused and stopped, and their database: nothing lost, copied or reordered', async () => {
  const run = await runCluster({ faults: FAULTS.length, seed: 1 });
  assert.deepEqual(run.broken, []);
  assert.deepEqual(
    Object.values(run.faults),
    FAULTS.map(() => 1),
  );
  assert.ok(run.acknowledged > 0 && run.arrived >= run.acknowledged);
  for (const ms of run.takeOvers) assert.ok(ms <= TAKEN_OVER_MS, `taken over after ${ms} ms`);
});
