import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageDigest } from './message-digest.ts';

test('every part counts, and none can pass for another', () => {
  const digests = [
    messageDigest('ann', '[]', null),
    messageDigest('bob', '[]', null),
    messageDigest('ann', '[1]', null),
    messageDigest('ann', '[]', ''),
    messageDigest('ann', '[]', 'c'),
    messageDigest('ann[', ']', null),
  ];
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(messageDigest('ann', '[]', null), digests[0]);
  assert.match(digests[0] ?? '', /^[0-9a-f]{64}$/);
});
