import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, rounded, timeline } from './plot.ts';

test('the longest bar fills the width, the others are in proportion', () => {
  const rows = bars(
    [
      { label: 'a', value: 50 },
      { label: 'least', value: 100 },
    ],
    'x/s',
  );
  assert.deepEqual(rows, [`a     ${'█'.repeat(24)} 50 x/s`, `least ${'█'.repeat(48)} 100 x/s`]);
});

test('bars of nothing are empty', () => {
  assert.deepEqual(bars([{ label: 'a', value: 0 }], 's'), ['a  0 s']);
});

test('a timeline keeps peaks when it is thinned', () => {
  const values = Array.from({ length: 480 }, (_, index) => (index === 105 ? 8 : 1));
  const line = timeline(values, 8);
  assert.equal(line.length, 48);
  assert.equal(line.indexOf('█'), 10);
  assert.equal(line[0], '▂');
});

test('numbers are printed with the digits that matter', () => {
  const shown = [1234.5, 45.67, 0.6, 7, Number.NaN].map(rounded);
  assert.deepEqual(shown, ['1,235', '45.7', '0.60', '7', '–']);
});
