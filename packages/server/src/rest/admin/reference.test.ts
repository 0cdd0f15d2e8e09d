import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { adminApiMarkdown } from './reference.ts';

test('docs/admin-api.md is what the table says (scripts/docs.ts writes it)', () => {
  const page = readFileSync(new URL('../../../../../docs/admin-api.md', import.meta.url), 'utf8');
  assert.equal(page, adminApiMarkdown());
});
