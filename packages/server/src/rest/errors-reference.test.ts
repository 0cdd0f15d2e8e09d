import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorsMarkdown } from './errors-reference.ts';

test('docs/errors.md is what the table says (scripts/docs.ts writes it)', () => {
  const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
  assert.equal(page, errorsMarkdown());
});
