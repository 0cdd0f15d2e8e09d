import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES } from '@confab-im/protocol';
import { sampleGroup } from '../../test/support/sample-group.ts';
import type { Group } from './group.ts';
import { decideImportMembers, type ImportCandidate } from './import-members.ts';
import { DEFAULT_RULES } from './rules.ts';

const NOW = 1_000;
const RULES = { ...DEFAULT_RULES, groupsPerUser: 10 };

function candidate(userId: string, fields: Partial<ImportCandidate> = {}): ImportCandidate {
  return { userId, exists: true, isMember: false, groupsOfUser: 0, admin: false, unread: 0, ...fields };
}

function decide(group: Partial<Group>, ...candidates: ImportCandidate[]) {
  const decision = decideImportMembers(
    sampleGroup({ createTime: 500, nextMsgSeq: 11, ...group }),
    candidates,
    RULES,
    NOW,
  );
  assert.ok(decision.kind === 'import', JSON.stringify(decision));
  return { ...decision, results: decision.results.map(({ userId, result }) => `${userId} ${result}`) };
}

test('each has a result of his own; who is named twice joins once', () => {
  const { joining, results } = decide(
    { memberNum: 0, maxMemberNum: 3 },
    candidate('a', { admin: true, joinTime: 500, unread: 4 }),
    candidate('a'),
    candidate('old', { isMember: true }),
    candidate('ghost', { exists: false }),
    candidate('early', { joinTime: 499 }),
    candidate('late', { joinTime: NOW + 1 }),
    candidate('busy', { groupsOfUser: 10 }),
    candidate('b', { unread: 99 }),
    candidate('c', { joinTime: NOW }),
    candidate('full'),
  );
  assert.deepEqual(results, [
    'a 1',
    'a 2',
    'old 2',
    'ghost 0',
    'early 0',
    'late 0',
    'busy 0',
    'b 1',
    'c 1',
    'full 0',
  ]);
  assert.deepEqual(joining, [
    { userId: 'a', role: 'Admin', joinTime: 500, readSeq: 6 },
    { userId: 'b', role: 'Member', joinTime: NOW, readSeq: 0 },
    { userId: 'c', role: 'Member', joinTime: NOW, readSeq: 10 },
  ]);
});

test('a Work group takes no admins, an AVChatRoom nobody', () => {
  assert.deepEqual(decide({ type: 'Private' }, candidate('a', { admin: true })).results, ['a 0']);
  const refused = GROUP_TYPES.filter(
    (type) => decideImportMembers(sampleGroup({ type }), [], RULES, NOW).kind === 'refused',
  );
  assert.deepEqual(refused, ['AVChatRoom']);
});
