import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { AuthFailures, MAX_FAILURES } from './auth-failures.ts';

test('the 60th failure within a minute blocks that caller until his minute is over', () => {
  const clock = new ManualClock();
  const failures = new AuthFailures(clock);
  for (let i = 1; i < MAX_FAILURES; i++) failures.record('a');
  assert.equal(failures.blocked('a'), false);
  failures.record('a');
  assert.equal(failures.blocked('a'), true);
  assert.equal(failures.blocked('b'), false);
  clock.advance(59_999);
  assert.equal(failures.blocked('a'), true);
  clock.advance(1);
  assert.equal(failures.blocked('a'), false);
});

test('failures spread over more than a minute do not block', () => {
  const clock = new ManualClock();
  const failures = new AuthFailures(clock);
  for (let i = 0; i < MAX_FAILURES * 3; i++) {
    failures.record('a');
    assert.equal(failures.blocked('a'), false);
    clock.advance(1_100);
  }
});

test('a crowd of callers pushes out the oldest: memory is bounded', () => {
  const failures = new AuthFailures(new ManualClock());
  for (let i = 0; i < MAX_FAILURES; i++) failures.record('first');
  for (let i = 0; i < 10_000; i++) failures.record(`stranger ${i}`);
  assert.equal(failures.blocked('first'), false);
});
