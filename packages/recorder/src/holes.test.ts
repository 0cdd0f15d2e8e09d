import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeSeq, type SeqRange } from './holes.ts';

/** The ranges after numbers have been added in this order. */
function rangesOf(seqs: readonly number[]): SeqRange[] {
  const ranges = new Map<number, SeqRange>();
  for (const seq of seqs) {
    const sorted = [...ranges.values()].sort((a, b) => a.first - b.first);
    const below = sorted.findLast(({ first }) => first <= seq);
    const above = sorted.find(({ first }) => first > seq);
    const { remove, put } = mergeSeq(seq, below, above);
    for (const first of remove) assert.ok(ranges.delete(first));
    if (put) ranges.set(put.first, put);
  }
  return [...ranges.values()].sort((a, b) => a.first - b.first);
}

test('a number extends, joins or begins a range', () => {
  const below = { first: 1, last: 3 };
  const above = { first: 5, last: 9 };
  assert.deepEqual(mergeSeq(2, below, above), { remove: [], late: false });
  assert.deepEqual(mergeSeq(4, below, undefined), { remove: [1], put: { first: 1, last: 4 }, late: false });
  assert.deepEqual(mergeSeq(4, below, above), { remove: [1, 5], put: { first: 1, last: 9 }, late: true });
  assert.deepEqual(mergeSeq(4, undefined, above), { remove: [5], put: { first: 4, last: 9 }, late: false });
  assert.deepEqual(mergeSeq(6, below, undefined), {
    remove: [],
    put: { first: 6, last: 6 },
    opened: { first: 4, last: 5 },
    late: false,
  });
});

test('whatever the order and the repeats, the ranges cover exactly the numbers and never touch', () => {
  const seqs = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(seqs, (numbers) => {
      const ranges = rangesOf(numbers);
      const covered = ranges.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
      assert.deepEqual(
        covered,
        [...new Set(numbers)].sort((a, b) => a - b),
      );
      for (const [i, { first }] of ranges.entries()) {
        const before = ranges[i - 1];
        if (before) assert.ok(first > before.last + 1);
      }
    }),
  );
});
