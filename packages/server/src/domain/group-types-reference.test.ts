import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { groupTypesMarkdown } from './group-types-reference.ts';

test('docs/group-types.md is what the table says (scripts/docs.ts writes it)', () => {
  const page = readFileSync(new URL('../../../../docs/group-types.md', import.meta.url), 'utf8');
  assert.equal(page, groupTypesMarkdown());
});

test('every column of the table shows on the page', () => {
  for (const type of Object.keys(GROUP_TYPE_TRAITS))
    assert.match(groupTypesMarkdown(), new RegExp(`\\| ${type} `));
});
