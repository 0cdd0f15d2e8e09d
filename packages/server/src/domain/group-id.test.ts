import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES } from '@confab-im/protocol';
import fc from 'fast-check';
import { groupIdProblem, makeGroupId } from './group-id.ts';

test('printable ASCII up to 48 bytes is a group id', () => {
  for (const groupId of ['g', ' ', '~', 'a b', 'g'.repeat(48), '@TGS', 'x@TGS#y']) {
    assert.equal(groupIdProblem(groupId, 'Public'), undefined, groupId);
  }
  for (const groupId of ['', 'g'.repeat(49), 'gé', '群', 'g\n', 'g\u007f', '\u0000']) {
    assert.match(groupIdProblem(groupId, 'Public') ?? '', /group id/, JSON.stringify(groupId));
  }
});

test('@TGS# is the server’s, and a Community begins with @TGS#_', () => {
  assert.match(groupIdProblem('@TGS#x', 'Public') ?? '', /made by the server/);
  assert.match(groupIdProblem('@TGS#_x', 'ChatRoom') ?? '', /made by the server/);
  assert.match(groupIdProblem('x', 'Community') ?? '', /begins with @TGS#_/);
  assert.match(groupIdProblem('@TGS#x', 'Community') ?? '', /begins with @TGS#_/);
  assert.equal(groupIdProblem('@TGS#_x', 'Community'), undefined);
});

test('a problem is found or the id holds to every rule', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(...GROUP_TYPES),
      (groupId, type) => {
        const bytes = Buffer.from(groupId);
        const valid =
          bytes.length > 0 &&
          bytes.length <= 48 &&
          bytes.every((byte) => byte >= 0x20 && byte <= 0x7e) &&
          groupId.startsWith('@TGS#') === (type === 'Community') &&
          (type !== 'Community' || groupId.startsWith('@TGS#_'));
        assert.equal(groupIdProblem(groupId, type) === undefined, valid);
      },
    ),
  );
});

test('ids made by the server have the documented shape', () => {
  assert.equal(makeGroupId('Public', '2J4SZEAEL'), '@TGS#2J4SZEAEL');
  assert.equal(makeGroupId('Community', 'cQVLVHIM62CJ'), '@TGS#_@TGS#cQVLVHIM62CJ');
});
