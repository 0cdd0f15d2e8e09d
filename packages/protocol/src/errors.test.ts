import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type ErrorName, errorByCode } from './errors.ts';

const names = Object.keys(ERRORS) as ErrorName[];

test('no two names share a code, and errorByCode finds each', () => {
  assert.equal(new Set(names.map((name) => ERRORS[name].code)).size, names.length);
  for (const name of names) assert.equal(errorByCode(ERRORS[name].code)?.name, name);
  assert.equal(errorByCode(1), undefined);
});

test('every text and remedy is a sentence that fits into a table', () => {
  for (const name of names) {
    const { text, remedy } = ERRORS[name];
    assert.match(text, /^[A-Z][^|\n]+\.$/, name);
    assert.match(remedy, /^[A-Z][^|\n]+\.$/, name);
  }
});
