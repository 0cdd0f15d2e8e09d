import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt, printable } from './printable.ts';

test('control characters and turned writing become visible, other scripts and emoji stay', () => {
  assert.equal(printable('a\u0007b\u202ec'), 'a\u{fffd}b\u{fffd}c');
  assert.equal(printable('one\r\n\ttwo'), 'one two');
  assert.equal(printable('你好 👩‍💻'), '你好 👩‍💻');
});

test('an excerpt counts characters, not halves of them', () => {
  assert.equal(excerpt('abcdef', 6), 'abcdef');
  assert.equal(excerpt('abcdefg', 6), 'abcde…');
  assert.equal(excerpt('😀😀😀', 2), '😀…');
});
