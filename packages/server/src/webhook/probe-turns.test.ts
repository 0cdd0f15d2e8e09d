import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProbeTurns } from './probe-turns.ts';

test('probes begin 25 ms apart, and who has to wait is told how long', () => {
  const turns = new ProbeTurns();
  assert.deepEqual([turns.take(100), turns.take(100), turns.take(123), turns.take(125)], [0, 25, 2, 0]);
  assert.deepEqual([turns.take(128), turns.take(2_000)], [22, 0]);
});

test('the more there are, the closer they come, down to 5 ms; and apart again when there are fewer', () => {
  const turns = new ProbeTurns();
  const inFiveSeconds = (from: number, most = Number.POSITIVE_INFINITY): number => {
    let count = 0;
    for (let at = from; at < from + 5_000; at += 1) if (count < most && turns.take(at) === 0) count += 1;
    return count;
  };
  const rounds = [0, 5_000, 10_000, 15_000, 20_000].map((from) => inFiveSeconds(from));
  assert.deepEqual(rounds, [200, 385, 715, 1_000, 1_000]);
  assert.equal(inFiveSeconds(25_000, 50), 50);
  assert.equal(inFiveSeconds(30_000), 200);
});
