import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Ended, Pace } from './pace.ts';

const DELIVERED: Ended = { startedAt: 0, at: 0, kind: 'delivered' };

function tryStart(pace: Pace, at: number, probe = false): number {
  const wait = pace.wait(at, probe);
  if (wait === 0) pace.begin();
  return wait;
}

test('as many at a time as there are places', () => {
  const pace = new Pace({ concurrency: 2 }, 0);
  assert.deepEqual(
    [tryStart(pace, 0), tryStart(pace, 0), tryStart(pace, 0)],
    [0, 0, Number.POSITIVE_INFINITY],
  );
  assert.equal(pace.inFlight, 2);
  pace.end(DELIVERED);
  assert.equal(tryStart(pace, 0), 0);
});

test('a second’s worth at once, then one by one', () => {
  const pace = new Pace({ concurrency: 100, ratePerSecond: 4 }, 1_000);
  const first = Array.from({ length: 5 }, () => tryStart(pace, 1_000));
  assert.deepEqual(first, [0, 0, 0, 0, 250]);
  const wait = tryStart(pace, 1_249);
  assert.ok(wait > 0 && wait <= 2);
  assert.equal(tryStart(pace, 1_250), 0);
  assert.equal(tryStart(pace, 1_250), 250);
});

test('less than one per second is possible', () => {
  const pace = new Pace({ concurrency: 1, ratePerSecond: 0.5 }, 0);
  assert.equal(tryStart(pace, 0), 0);
  pace.end(DELIVERED);
  assert.equal(tryStart(pace, 0), 2_000);
  assert.equal(tryStart(pace, 2_000), 0);
});

test('an attempt that finds no place costs no token', () => {
  const pace = new Pace({ concurrency: 1, ratePerSecond: 2 }, 0);
  assert.equal(tryStart(pace, 0), 0);
  for (let index = 0; index < 10; index += 1) assert.equal(tryStart(pace, 0), Number.POSITIVE_INFINITY);
  pace.end(DELIVERED);
  assert.equal(tryStart(pace, 0), 0);
});

test('whoever waits as long as told may start, and no window holds more than rate and burst', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(400), { maxLength: 60 }), (rate, gaps) => {
      const pace = new Pace({ concurrency: 1_000, ratePerSecond: rate }, 0);
      const starts: number[] = [];
      let at = 0;
      for (const gap of gaps) {
        at += gap;
        const wait = tryStart(pace, at);
        if (wait > 0) {
          at += wait;
          assert.equal(tryStart(pace, at), 0);
        }
        starts.push(at);
      }
      for (const [index, from] of starts.entries()) {
        const within = starts.slice(index).filter((start) => start < from + 1_000).length;
        assert.ok(within <= 2 * rate, `${within} in a second at ${rate}/s`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a receiver that says "too much" gets half as many, and none before its Retry-After', () => {
  const pace = new Pace({ concurrency: 4 }, 0);
  for (let n = 0; n < 4; n += 1) assert.equal(tryStart(pace, 0), 0);
  pace.end({ startedAt: 0, at: 10, kind: 'failed', overload: { waitMs: 5_000 } });
  for (let n = 0; n < 3; n += 1) pace.end({ startedAt: 0, at: 10, kind: 'failed', overload: { waitMs: 0 } });
  assert.equal(tryStart(pace, 10), 5_000);
  assert.equal(tryStart(pace, 10, true), 5_000, 'a probe waits too');
  assert.deepEqual([tryStart(pace, 5_010), tryStart(pace, 5_010)], [0, 0]);
  assert.equal(tryStart(pace, 5_010), Number.POSITIVE_INFINITY);
  assert.equal(tryStart(pace, 5_010, true), 0, 'a probe has a place of its own');
  for (let n = 0; n < 3; n += 1) pace.end({ startedAt: 5_010, at: 5_020, kind: 'delivered' });
  assert.equal(pace.allowed(5_020), 3);
});
