import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES } from '@confab-im/protocol';
import { sampleGroup } from '../../test/support/sample-group.ts';
import { banRefusal } from './ban.ts';
import { decideChangeOwner } from './ownership.ts';

test('a member can own the group, a stranger cannot; an AVChatRoom keeps its owner', () => {
  const group = sampleGroup({ owner: 'o' });
  assert.deepEqual(decideChangeOwner(group, 'a', true), { kind: 'change' });
  assert.deepEqual(decideChangeOwner(sampleGroup({ owner: '' }), 'a', true), { kind: 'change' });
  assert.deepEqual(decideChangeOwner(group, 'o', true), { kind: 'as it is' });
  const stranger = decideChangeOwner(group, 'a', false);
  assert.ok(stranger.kind === 'refused' && stranger.error === 'INVALID_PARAMETERS');
  const refused = GROUP_TYPES.filter(
    (type) => decideChangeOwner(sampleGroup({ type }), 'a', true).kind === 'refused',
  );
  assert.deepEqual(refused, ['AVChatRoom']);
});

test('only an AVChatRoom bans, and only who exists', () => {
  const allowed = GROUP_TYPES.filter((type) => banRefusal(sampleGroup({ type }), []) === undefined);
  assert.deepEqual(allowed, ['AVChatRoom']);
  assert.equal(banRefusal(sampleGroup({ type: 'AVChatRoom' }), ['ghost'])?.error, 'INVALID_PARAMETERS');
});
