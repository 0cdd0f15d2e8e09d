import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownTable } from './markdown-table.ts';

test('columns are aligned, bars escaped, missing cells empty', () => {
  const table = markdownTable([['Key', 'Means'], ['`a|b`', 'x'], ['c']]);
  assert.equal(
    table,
    ['| Key    | Means |', '| ------ | ----- |', '| `a\\|b` | x     |', '| c      |       |'].join('\n'),
  );
});
