import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Group } from './group.ts';
import { type Candidate, decideAddMembers, deleteMembersRefusal } from './membership.ts';
import { DEFAULT_RULES } from './rules.ts';

const RULES = { ...DEFAULT_RULES, groupsPerUser: 10 };
const GROUP: Group = {
  streamId: 1,
  app: 1400000001,
  groupId: 'g',
  type: 'Public',
  name: 'g',
  introduction: '',
  notification: '',
  faceUrl: '',
  owner: 'o',
  createTime: 0,
  infoSeq: 1,
  lastInfoTime: 0,
  lastMsgTime: 0,
  nextMsgSeq: 1,
  memberNum: 1,
  maxMemberNum: 3,
  applyJoinOption: 'NeedPermission',
  inviteJoinOption: 'FreeAccess',
  muteAll: false,
  supportTopic: false,
  historyBeforeJoin: false,
  enablePermission: false,
  defaultPermission: 0,
  active: true,
  appDefinedData: [],
};

function candidate(userId: string, fields: Partial<Candidate> = {}): Candidate {
  return { userId, exists: true, isMember: false, groupsOfUser: 0, ...fields };
}

test('each candidate has a result in the order asked for, and who joins is named once', () => {
  const decision = decideAddMembers(
    GROUP,
    [
      candidate('o', { isMember: true }),
      candidate('ghost', { exists: false }),
      candidate('a'),
      candidate('a'),
      candidate('busy', { groupsOfUser: 10 }),
      candidate('b', { groupsOfUser: 9 }),
      candidate('late'),
    ],
    RULES,
  );
  assert.ok(decision.kind === 'add');
  assert.deepEqual(decision.added, ['a', 'b']);
  assert.deepEqual(
    decision.results.map(({ userId, result }) => `${userId} ${result}`),
    ['o 2', 'ghost 0', 'a 1', 'a 2', 'busy 0', 'b 1', 'late 0'],
  );
});

test('refused, with the first reason, only when nothing was done for anybody', () => {
  const error = (...candidates: Candidate[]) => {
    const decision = decideAddMembers({ ...GROUP, memberNum: 3 }, candidates, RULES);
    return decision.kind === 'refused' ? decision.error : decision.kind;
  };
  assert.equal(error(candidate('ghost', { exists: false }), candidate('a')), 'ACCOUNT_NOT_FOUND');
  assert.equal(error(candidate('a'), candidate('ghost', { exists: false })), 'GROUP_FULL');
  assert.equal(error(candidate('a'), candidate('o', { isMember: true })), 'add');
  assert.equal(error(), 'add');
  const room = decideAddMembers({ ...GROUP, type: 'AVChatRoom' }, [candidate('a')], RULES);
  assert.equal(room.kind === 'refused' && room.error, 'PERMISSION_DENIED');
});

test('a group never gets more members than it has room for', () => {
  const candidates = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.boolean()));
  fc.assert(
    fc.property(candidates, fc.nat(5), (list, memberNum) => {
      const group = { ...GROUP, memberNum };
      const asked = list.map(([userId, exists]) => candidate(userId, { exists }));
      const decision = decideAddMembers(group, asked, RULES);
      if (decision.kind === 'refused') return;
      assert.ok(decision.added.length <= Math.max(0, group.maxMemberNum - memberNum));
      assert.equal(new Set(decision.added).size, decision.added.length);
      assert.equal(decision.results.length, asked.length);
      assert.equal(decision.results.filter(({ result }) => result === 1).length, decision.added.length);
    }),
  );
});

test('an owner leaves only a Work group; strangers do not matter', () => {
  assert.equal(deleteMembersRefusal(GROUP, ['x']), undefined);
  assert.equal(deleteMembersRefusal(GROUP, ['x', 'o'])?.error, 'OWNER_MAY_NOT_QUIT');
  assert.equal(deleteMembersRefusal({ ...GROUP, type: 'Private' }, ['o']), undefined);
  assert.equal(deleteMembersRefusal({ ...GROUP, owner: '' }, ['']), undefined);
  assert.equal(deleteMembersRefusal({ ...GROUP, type: 'AVChatRoom' }, ['x'])?.error, 'INVALID_PARAMETERS');
});
