import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KILLS, runKills } from './kill-run.ts';

/** Each kind of death three times; `npm run prove:kills` does hundreds. */
test('kill -9 under load and at every boundary of a transaction: nothing lost, copied or reordered', async () => {
  const run = await runKills({ kills: KILLS.length * 3, seed: 1 });
  assert.deepEqual(run.broken, []);
  assert.deepEqual(Object.values(run.kills), [3, 3, 3, 3]);
  assert.ok(run.acknowledged > 0 && run.arrived >= run.acknowledged);
});
