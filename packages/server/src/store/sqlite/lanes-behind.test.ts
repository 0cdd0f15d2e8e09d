import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LanesBehind } from './lanes-behind.ts';

test('it knows what was added and not deleted', () => {
  const lanes = new LanesBehind();
  lanes.add(1, 10);
  lanes.add(1, 11);
  lanes.add(2, 10);
  lanes.delete(1, 10);
  assert.deepEqual(
    [lanes.has(1, 10), lanes.has(1, 11), lanes.has(2, 10), lanes.has(2, 11)],
    [false, true, true, false],
  );
  lanes.deleteAll(1);
  assert.deepEqual([lanes.has(1, 11), lanes.has(2, 10)], [false, true]);
});

test('it holds no more than its limit, and knows less rather than wrong', () => {
  const lanes = new LanesBehind(2);
  for (const stream of [1, 2]) lanes.add(1, stream);
  lanes.delete(1, 1);
  lanes.add(1, 3);
  assert.ok(lanes.has(1, 2), 'what was deleted made room');
  lanes.add(1, 4);
  assert.deepEqual(
    [2, 3, 4].map((stream) => lanes.has(1, stream)),
    [false, false, true],
  );
});
