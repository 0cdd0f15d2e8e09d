import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearest } from './nearest.ts';

const KEYS = ['listen', 'store', 'limits', 'apps', 'onHeadFailure'];

test('finds what was meant', () => {
  assert.equal(nearest('lissten', KEYS), 'listen');
  assert.equal(nearest('lsiten', KEYS), 'listen');
  assert.equal(nearest('Store', KEYS), 'store');
  assert.equal(nearest('app', KEYS), 'apps');
  assert.equal(nearest('onheadfailure', KEYS), 'onHeadFailure');
});

test('is silent when nothing is near', () => {
  assert.equal(nearest('port', ['listen', 'store']), undefined);
  assert.equal(nearest('database', KEYS), undefined);
  assert.equal(nearest('', []), undefined);
});

test('a word with one slip is found among words that differ in length', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 5, maxLength: 12 }),
      fc.nat(11),
      fc.string({ minLength: 1, maxLength: 1 }),
      (word, at, letter) => {
        const index = at % word.length;
        const slipped = word.slice(0, index) + letter + word.slice(index + 1);
        assert.equal(nearest(slipped, [word]), word);
      },
    ),
  );
});
