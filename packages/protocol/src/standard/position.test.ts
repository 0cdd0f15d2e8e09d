import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildPosition, parsePosition } from './position.ts';

test('property: a position comes back as it was', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (position) => parsePosition(buildPosition(position)) === position));
});

test('what is no position is not written', () => {
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => buildPosition(value), RangeError);
  }
});

test('nor read, and each has one spelling', () => {
  assert.equal(parsePosition('0'), 0);
  assert.equal(parsePosition(String(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER);
  for (const text of [
    '',
    '00',
    '07',
    '+7',
    '-7',
    ' 7',
    '7 ',
    '7.0',
    '7e1',
    '0x7',
    '7, 7',
    '9007199254740992',
    '9'.repeat(17),
  ]) {
    assert.equal(parsePosition(text), undefined, text);
  }
});
