import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERRORS, type ErrorName, errorByCode } from './errors.ts';

const DOCS = new URL('../../../docs/errors.md', import.meta.url);
const names = Object.keys(ERRORS) as ErrorName[];

function expectedRow(name: ErrorName): string[] {
  const { code, text, remedy, retryable } = ERRORS[name];
  return [`\`${name}\``, String(code), text, remedy, retryable ? 'yes' : 'no'];
}

test('docs/errors.md and the table say the same, both ways', () => {
  const documented = readFileSync(DOCS, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const byCode = [...names].sort((a, b) => ERRORS[a].code - ERRORS[b].code);
  assert.deepEqual(documented, byCode.map(expectedRow));
});

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
