import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { retryAfterMs, retryDelay } from './backoff.ts';

const POLICY = { baseDelayMs: 500, maxDelayMs: 600_000, maxRetryAfterMs: 3_600_000 };
const LONGEST = 0.999_999;

test('the ceiling doubles with each attempt up to the longest delay', () => {
  const ceilings = [1, 2, 3, 4, 11, 12, 1_000_000].map((attempts) => retryDelay(POLICY, attempts, LONGEST));
  assert.deepEqual(
    ceilings.map((ms) => Math.ceil(ms / 500) * 500),
    [500, 1_000, 2_000, 4_000, 512_000, 600_000, 600_000],
  );
  assert.equal(retryDelay(POLICY, 0, LONGEST), retryDelay(POLICY, 1, LONGEST));
});

test('jitter is full: any delay from none to the ceiling', () => {
  assert.equal(retryDelay(POLICY, 5, 0), 0);
  assert.equal(retryDelay(POLICY, 5, 0.5), 4_000);
  const attempts = fc.integer({ min: 0, max: 200 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(attempts, random, fc.nat(10_000_000), (tries, chance, retryAfter) => {
      const delay = retryDelay(POLICY, tries, chance, retryAfter);
      const most = Math.max(POLICY.maxDelayMs, Math.min(retryAfter, POLICY.maxRetryAfterMs));
      assert.ok(Number.isInteger(delay) && delay >= 0 && delay <= most);
      assert.ok(delay >= Math.min(retryAfter, POLICY.maxRetryAfterMs));
    }),
  );
});

test("a receiver's Retry-After is the least, beyond the longest delay and up to a bound of its own", () => {
  assert.equal(retryDelay(POLICY, 1, 0, 30_000), 30_000);
  assert.equal(retryDelay(POLICY, 1, 0.5, 100), 250);
  assert.equal(retryDelay(POLICY, 1, 0, 3_000_000), 3_000_000);
  assert.equal(retryDelay(POLICY, 1, 0, 86_400_000), 3_600_000);
});

test('Retry-After is read in both forms', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const cases: readonly [string | undefined, number][] = [
    [undefined, 0],
    ['', 0],
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['1.5', 0],
    ['99999999999', 0],
  ];
  for (const [header, expected] of cases) assert.equal(retryAfterMs(header, now), expected, String(header));
});
