import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration } from './duration.ts';

test('the two largest units, the second only when there is some of it', () => {
  const spans: readonly (readonly [number, string])[] = [
    [-5, '0 ms'],
    [340, '340 ms'],
    [12_999, '12 s'],
    [185_000, '3 min 5 s'],
    [3_600_000, '1 h'],
    [187_200_000, '2 d 4 h'],
    [172_800_000, '2 d'],
  ];
  for (const [ms, text] of spans) assert.equal(duration(ms), text);
});
