import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fullBucket, refill, takeToken, waitForToken } from './token-bucket.ts';

test("a bucket holds one second's worth, at least one token", () => {
  assert.deepEqual(fullBucket(10, 5), { tokens: 10, at: 5 });
  assert.deepEqual(fullBucket(0.5, 5), { tokens: 1, at: 5 });
  assert.equal(refill(fullBucket(10, 0), 10, 60_000).tokens, 10);
  assert.equal(refill({ tokens: 0, at: 0 }, 0.5, 60_000).tokens, 1);
});

test('an empty bucket says how long to wait, and has a token then', () => {
  const empty = { tokens: 0, at: 0 };
  assert.equal(waitForToken(fullBucket(1, 0), 1), 0);
  assert.equal(waitForToken(empty, 4), 250);
  assert.equal(waitForToken(empty, 0.1), 10_000);
  assert.equal(waitForToken(refill(empty, 4, 100), 4), 150);
  assert.equal(waitForToken(refill(empty, 4, 250), 4), 0);
});

test('who waits as told never gets more than the rate and one burst', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 500, noNaN: true }),
      fc.integer({ min: 1, max: 300 }),
      (rate, takes) => {
        let at = 0;
        let bucket = fullBucket(rate, at);
        for (let taken = 1; taken <= takes; taken += 1) {
          const wait = waitForToken(bucket, rate);
          at += wait;
          bucket = refill(bucket, rate, at);
          assert.ok(bucket.tokens >= 1 - 1e-9, 'the wait was too short');
          bucket = takeToken(bucket);
          assert.ok(taken <= (at * rate) / 1000 + Math.max(1, rate) + 1e-6, `${taken} within ${at} ms`);
        }
      },
    ),
  );
});
