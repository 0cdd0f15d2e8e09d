import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../cluster.ts';
import { readNotice, writeNotice } from './notices.ts';

const NOTICES: readonly Notice[] = [
  { kind: 'lanes', lanes: [{ streamId: 7, endpoints: [1, 2] }] },
  { kind: 'all-lanes' },
  { kind: 'endpoints' },
  { kind: 'leases' },
];

for (const notice of NOTICES) {
  test(`a notice of ${notice.kind} is read as it was written, but not by its sender`, () => {
    const text = writeNotice('a', notice);
    assert.deepEqual(readNotice('b', text), notice);
    assert.equal(readNotice('a', text), undefined);
  });
}

test('more lanes than a notice has room for: everybody is to look', () => {
  const lanes = Array.from({ length: 1_000 }, (_, streamId) => ({ streamId, endpoints: [1, 2, 3] }));
  const text = writeNotice('a', { kind: 'lanes', lanes });
  assert.ok(text.length < 8_000);
  assert.deepEqual(readNotice('b', text), { kind: 'all-lanes' });
});

test('what nobody of this version has written is no notice', () => {
  for (const text of [
    '',
    'x',
    '1',
    'null',
    '{}',
    '{"kind":"party"}',
    '{"kind":"lanes","lanes":[{"streamId":"1"}]}',
  ])
    assert.equal(readNotice('b', text), undefined, text);
});
