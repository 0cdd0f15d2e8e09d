import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type ErrorName } from '@confab-im/protocol';
import { refuse } from './refusal.ts';
import { failureOf, SEND_FAILURE_CODES } from './send-failure.ts';

test('the codes are those of the error table', () => {
  for (const [name, code] of Object.entries(SEND_FAILURE_CODES)) {
    assert.equal(code, ERRORS[name as ErrorName].code, name);
  }
});

test('a code of the app backend comes before our own', () => {
  assert.deepEqual(failureOf(refuse('MUTED', 'quiet')), { errorCode: 10017, errorInfo: 'quiet' });
  const own = { ...refuse('REFUSED_BY_WEBHOOK', 'no'), ownCode: 10101 };
  assert.deepEqual(failureOf(own), { errorCode: 10101, errorInfo: 'no' });
});
