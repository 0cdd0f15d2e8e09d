import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { RateLimit } from './rate.ts';

test('each app and command has its own count, which starts anew with each second', () => {
  const clock = new ManualClock();
  const rate = new RateLimit(2, clock);
  const calls = () => [rate.allow(1, 'a'), rate.allow(1, 'a'), rate.allow(1, 'a')];
  assert.deepEqual(calls(), [true, true, false]);
  assert.equal(rate.allow(1, 'b'), true);
  assert.equal(rate.allow(2, 'a'), true);
  clock.advance(999);
  assert.equal(rate.allow(1, 'a'), false);
  clock.advance(1);
  assert.deepEqual(calls(), [true, true, false]);
});

test('0 is no limit', () => {
  const rate = new RateLimit(0, new ManualClock());
  for (let i = 0; i < 1_000; i++) assert.equal(rate.allow(1, 'a'), true);
});
