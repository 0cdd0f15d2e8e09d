import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { Alarm } from './alarm.ts';

function setUp(): { clock: ManualClock; alarm: Alarm; rung: number[] } {
  const clock = new ManualClock();
  const rung: number[] = [];
  return { clock, alarm: new Alarm(clock, () => rung.push(clock.monotonic())), rung };
}

test('it rings once, at the earliest moment asked for', () => {
  const { clock, alarm, rung } = setUp();
  alarm.within(300);
  alarm.within(100);
  alarm.within(200);
  assert.equal(clock.pending, 1);
  clock.advance(1_000);
  assert.deepEqual(rung, [100]);
});

test('what is past rings in a millisecond, never at once', () => {
  const { clock, alarm, rung } = setUp();
  alarm.within(-5_000);
  assert.deepEqual(rung, []);
  clock.advance(1);
  assert.deepEqual(rung, [1]);
});

test('it can be set again, also while it rings', () => {
  const clock = new ManualClock();
  const rung: number[] = [];
  const alarm: Alarm = new Alarm(clock, () => {
    rung.push(clock.monotonic());
    if (rung.length < 3) alarm.within(10);
  });
  alarm.within(10);
  clock.advance(100);
  assert.deepEqual(rung, [10, 20, 30]);
  alarm.within(5);
  clock.advance(100);
  assert.deepEqual(rung, [10, 20, 30, 105]);
});

test('cancelled, it is silent until it is set again, for later too', () => {
  const { clock, alarm, rung } = setUp();
  alarm.within(10);
  alarm.cancel();
  assert.equal(clock.pending, 0);
  alarm.within(50);
  clock.advance(1_000);
  assert.deepEqual(rung, [50]);
});
