import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { steadyNow } from './clock.ts';

test('a clock set forward is followed, one set back is not, and time goes on either way', () => {
  const clock = new ManualClock(1_000_000);
  const now = steadyNow(clock);
  assert.equal(now(), 1_000_000);
  clock.jump(-3_600_000);
  assert.equal(now(), 1_000_000);
  clock.advance(500);
  assert.equal(now(), 1_000_500);
  clock.jump(3_600_000);
  assert.equal(now(), 1_000_500);
  clock.jump(10_000);
  assert.equal(now(), 1_010_500);
  clock.jump(-10_000);
  clock.advance(250);
  assert.equal(now(), 1_010_750);
});
