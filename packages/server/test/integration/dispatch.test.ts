import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/dispatch-harness.ts';

test('each message arrives once, in order', async () => {
  await using world = await startWorld();
  await world.start();
  await world.send('g1', 5);
  await world.send('g2', 3);
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 3, 4, 5]);
  assert.deepEqual(world.arrived('g2'), [1, 2, 3]);
  assert.deepEqual(await world.store.lanes({ limit: 10 }), []);
});
