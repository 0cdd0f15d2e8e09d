import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withLastRun } from './document.ts';

test('what stood between the marks is replaced, again and again', () => {
  const page = 'before\n<!-- last run -->\nold\n<!-- end of last run -->\nafter\n';
  const once = withLastRun(page, 'new');
  assert.equal(once, 'before\n<!-- last run -->\n\nnew\n\n<!-- end of last run -->\nafter\n');
  assert.equal(withLastRun(once, 'new'), once);
});

test('a page without the marks is refused', () => {
  assert.throws(
    () => withLastRun('<!-- end of last run --> <!-- last run -->', 'new'),
    /has no "<!-- last run -->"/,
  );
});
