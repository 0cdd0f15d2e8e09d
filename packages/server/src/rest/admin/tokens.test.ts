import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenCheck } from './tokens.ts';

const actorOf = tokenCheck([
  { name: 'ops', token: '0123456789abcdef', role: 'owner' },
  { name: 'eyes', token: 'fedcba9876543210', role: 'read-only' },
]);

test('each token is somebody', () => {
  assert.deepEqual(actorOf('Bearer 0123456789abcdef'), { name: 'ops', role: 'owner' });
  assert.deepEqual(
    actorOf('bearer  fedcba9876543210 '),
    { name: 'eyes', role: 'read-only' },
    'the scheme ignores case',
  );
});

test('anything else is nobody', () => {
  const wrong = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer 0123456789abcde',
    'Bearer 0123456789abcdef0',
    'Basic 0123456789abcdef',
    '0123456789abcdef',
    'Bearer 0123456789abcdef fedcba9876543210',
  ];
  for (const header of wrong) assert.equal(actorOf(header), undefined, String(header));
  assert.equal(tokenCheck([])('Bearer x'), undefined);
});
