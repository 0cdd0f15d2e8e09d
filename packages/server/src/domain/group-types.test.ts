import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES } from '@confab-im/protocol';
import { GROUP_TYPE_TRAITS, type GroupTypeTraits } from './group-types.ts';

/** The matrix as tencent-rest-types-errors E.2 prints it, a column per type in its order; + yes, - no. */
const PRINTED: readonly (readonly [keyof GroupTypeTraits, string])[] = [
  ['membersStored', '+ + + - +'],
  ['adminsAllowed', '- + + - +'],
  ['editProfile', 'Member Admin Owner Owner Admin'],
  ['editSettings', 'Owner Admin Owner Owner Admin'],
  ['kick', 'Owner Admin Admin null Admin'],
  ['mute', 'null Admin Admin Owner Admin'],
  ['memberMute', '- + + + +'],
  ['disband', 'null Owner Owner Owner Owner'],
  ['ownerMayLeave', '+ - - - -'],
  ['banList', '- - - + -'],
  ['membersInvite', '+ - - - +'],
  ['inviteJoinOptionUsable', '+ + + - +'],
  ['historyStored', '+ + + - +'],
  ['historyBeforeJoin', '- - - - +'],
  ['historyBeforeJoinUsable', '+ + + - -'],
  ['unreadCounted', '+ + - - +'],
  ['offlinePush', '+ + - - +'],
  ['joinTip', 'stored stored none pushed stored'],
  ['profileTip', 'stored stored stored pushed stored'],
  ['memberTip', 'stored stored none none stored'],
  ['activatedByFirstMessage', '+ - - - -'],
  ['importable', '+ + + - +'],
  ['recall', '+ + + - +'],
  ['readReceipts', '+ + + - -'],
  ['messageExtensions', '+ + + - -'],
  ['targetedMessages', '+ + + - -'],
  ['counters', '+ + + + -'],
  ['attributes', '+ + + + +'],
  ['topics', '- - - - +'],
  ['live', '- - - + -'],
];

for (const [trait, row] of PRINTED) {
  test(`${trait} is as the matrix prints it`, () => {
    const written = GROUP_TYPES.map((type) => {
      const value = GROUP_TYPE_TRAITS[type][trait];
      return typeof value === 'boolean' ? (value ? '+' : '-') : String(value);
    });
    assert.equal(written.join(' '), row);
  });
}

test('nobody mutes where members cannot be muted, and admins have rights only where there are admins', () => {
  for (const traits of Object.values(GROUP_TYPE_TRAITS)) {
    assert.equal(traits.mute !== null, traits.memberMute);
    const rights = [traits.editProfile, traits.editSettings, traits.kick, traits.mute];
    if (!traits.adminsAllowed) assert.ok(!rights.includes('Admin'));
  }
});
