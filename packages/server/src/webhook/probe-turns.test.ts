import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProbeTurns } from './probe-turns.ts';

test('probes begin 5 ms apart, and who has to wait is told how long', () => {
  const turns = new ProbeTurns();
  assert.deepEqual([turns.take(100), turns.take(100), turns.take(103), turns.take(105)], [0, 5, 2, 0]);
  assert.deepEqual([turns.take(108), turns.take(2_000)], [2, 0]);
});
