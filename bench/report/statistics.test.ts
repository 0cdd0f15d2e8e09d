import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, percentile, percentileOfRounded, ratios } from './statistics.ts';

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 2, 9]), 3);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('a percentile is one of the values', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile(hundred, 0), 1);
});

test('at least the share p of the values does not exceed the percentile, and fewer any value below it', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, p) => {
      const found = percentile(all, p);
      assert.ok(all.filter((value) => value <= found).length >= p * all.length);
      assert.ok(all.filter((value) => value < found).length < p * all.length);
    }),
  );
});

test('of values that were rounded, a percentile lies between the numbers', () => {
  const share = (ones: number) =>
    percentileOfRounded([...Array(ones).fill(1), ...Array(100 - ones).fill(2)], 0.9);
  assert.equal(share(100), 1.4);
  assert.equal(share(90), 1.5);
  assert.equal(share(80), 2);
  assert.equal(share(0), 2.4);
});

test('of many values that were rounded, it is about that of the values', () => {
  const values = Array.from({ length: 10_000 }, (_, index) => 6.49 * (index / 10_000) ** 3);
  for (const p of [0.5, 0.9, 0.99]) {
    const found = percentileOfRounded(
      values.map((value) => Math.round(value)),
      p,
    );
    assert.ok(Math.abs(found - percentile(values, p)) < 0.25, `${p}: ${found}`);
  }
});

test('ratios are taken pair by pair', () => {
  assert.deepEqual(ratios([6, 8, 1], [12, 8]), [0.5, 1]);
});
