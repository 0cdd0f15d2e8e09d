import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alignTable, bar, displayWidth, printable } from './table.ts';

test('text stands left, numbers stand right, wide letters count twice', () => {
  const rows = [
    ['Group', 'messages'],
    ['研发组', 1234567],
    ['g', 8],
  ];
  assert.deepEqual(alignTable(rows), ['Group    messages', '研发组  1,234,567', 'g               8']);
});

test('columns line up whatever the text', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.nat()), { minLength: 1 }), (rows) => {
      const widths = new Set(alignTable(rows).map(displayWidth));
      assert.equal(widths.size, 1);
    }),
  );
});

test('text from outside cannot steer the terminal', () => {
  assert.equal(printable('a\x1b[2Jb\r\n\u202ec\u009b'), 'a\ufffd[2Jb\ufffd\ufffd\ufffdc\ufffd');
  assert.equal(printable('x'.repeat(500)).length, 121);
});

test('a bar is as long as its share', () => {
  assert.equal(bar(10, 10, 4), '████');
  assert.equal(bar(5, 10, 4), '██');
  assert.equal(bar(1, 16, 4), '▎');
  assert.equal(bar(1, 1_000_000, 4), '▏');
  assert.equal(bar(0, 10, 4), '');
});
