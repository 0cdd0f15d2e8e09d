import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterDelivery, afterOverload, allowedAt, FORGIVEN_MS, heldFor, unthrottled } from './throttle.ts';

const CONCURRENCY = 64;

test('one round of refusals halves the limit once, the next round again, down to one', () => {
  let throttle = unthrottled(CONCURRENCY);
  for (let n = 0; n < 64; n += 1)
    throttle = afterOverload(throttle, CONCURRENCY, { startedAt: 0, at: 100 + n, waitMs: 0 });
  assert.equal(allowedAt(throttle, CONCURRENCY, 200), 32);
  for (let round = 0; round < 10; round += 1)
    throttle = afterOverload(throttle, CONCURRENCY, { startedAt: 200 + round, at: 200 + round, waitMs: 0 });
  assert.equal(allowedAt(throttle, CONCURRENCY, 300), 1);
});

test('deliveries bring it back, one more with each round', () => {
  let throttle = afterOverload(unthrottled(8), 8, { startedAt: 0, at: 0, waitMs: 0 });
  assert.equal(allowedAt(throttle, 8, 1), 4);
  for (let n = 0; n < 5; n += 1) throttle = afterDelivery(throttle, 8);
  assert.equal(allowedAt(throttle, 8, 1), 5);
  for (let n = 0; n < 30; n += 1) throttle = afterDelivery(throttle, 8);
  assert.equal(allowedAt(throttle, 8, 1), 8);
});

test('Retry-After holds the endpoint; a shorter one does not shorten it', () => {
  let throttle = afterOverload(unthrottled(4), 4, { startedAt: 0, at: 1_000, waitMs: 30_000 });
  throttle = afterOverload(throttle, 4, { startedAt: 0, at: 2_000, waitMs: 1_000 });
  assert.equal(heldFor(throttle, 2_000), 29_000);
  assert.equal(heldFor(throttle, 31_000), 0);
});

test('a limit that nobody had the use of is forgiven after a minute', () => {
  let throttle = afterOverload(unthrottled(64), 64, { startedAt: 0, at: 0, waitMs: 5_000 });
  assert.equal(allowedAt(throttle, 64, 5_000 + FORGIVEN_MS - 1), 32);
  assert.equal(allowedAt(throttle, 64, 5_000 + FORGIVEN_MS), 64);
  throttle = afterOverload(throttle, 64, { startedAt: 100_000, at: 100_000, waitMs: 0 });
  assert.equal(allowedAt(throttle, 64, 100_000), 32, 'and the next one halves what is allowed then');
});

test('whatever happens, at least one attempt and at most the concurrency may be under way', () => {
  const step = fc.record({
    gap: fc.nat(10_000),
    overloaded: fc.boolean(),
    age: fc.nat(5_000),
    waitMs: fc.nat(3_000),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_024 }),
      fc.array(step, { maxLength: 100 }),
      (concurrency, steps) => {
        let throttle = unthrottled(concurrency);
        let at = 0;
        for (const { gap, overloaded, age, waitMs } of steps) {
          at += gap;
          throttle = overloaded
            ? afterOverload(throttle, concurrency, { startedAt: at - age, at, waitMs })
            : afterDelivery(throttle, concurrency);
          const allowed = allowedAt(throttle, concurrency, at);
          assert.ok(Number.isInteger(allowed) && allowed >= 1 && allowed <= concurrency);
          assert.ok(heldFor(throttle, at) <= 3_000);
        }
      },
    ),
  );
});
