import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES, type GroupType } from '@confab-im/protocol';
import { type CreateGroupRequest, type CreateGroupState, decideCreateGroup } from './create-group.ts';
import { DEFAULT_RULES, type Rules } from './rules.ts';

const STATE: CreateGroupState = {
  missingAccounts: [],
  groupsOfOwner: 0,
  groupsOfApp: 0,
  avChatRoomsOfApp: 0,
};

function decide(
  request: Partial<CreateGroupRequest>,
  state: Partial<CreateGroupState> = {},
  rules: Partial<Rules> = {},
) {
  return decideCreateGroup(
    { groupType: 'Public', ...request },
    { ...STATE, ...state },
    { ...DEFAULT_RULES, ...rules },
  );
}

function created(...args: Parameters<typeof decide>) {
  const decision = decide(...args);
  assert.ok(decision.kind === 'create', JSON.stringify(decision));
  return decision;
}

function refusal(...args: Parameters<typeof decide>): string {
  const decision = decide(...args);
  assert.ok(decision.kind === 'refused', JSON.stringify(decision));
  assert.ok(decision.detail.length > 10);
  return decision.error;
}

test('the owner comes first, nobody twice, and only admins keep their role', () => {
  const members = [
    { userId: 'b', role: 'Admin' as const },
    { userId: 'o', role: 'Admin' as const },
    { userId: 'c', role: 'Owner' as const },
    { userId: 'b' },
  ];
  assert.deepEqual(created({ owner: 'o', members }).members, [
    { userId: 'o', role: 'Owner' },
    { userId: 'b', role: 'Admin' },
    { userId: 'c', role: 'Member' },
  ]);
  assert.deepEqual(created({}).members, []);
});

test('without a limit of its own, or with 0, a group has that of its type', () => {
  for (const groupType of GROUP_TYPES) {
    assert.equal(created({ groupType }).maxMemberNum, DEFAULT_RULES.maxMembers[groupType]);
    assert.equal(created({ groupType, maxMemberNum: 0 }).maxMemberNum, DEFAULT_RULES.maxMembers[groupType]);
    assert.equal(created({ groupType, maxMemberNum: 5 }).maxMemberNum, 5);
    const over = DEFAULT_RULES.maxMembers[groupType] + 1;
    assert.equal(refusal({ groupType, maxMemberNum: over }), 'INVALID_PARAMETERS');
  }
});

test('the join option counts where one can apply to join', () => {
  const option = (groupType: GroupType) =>
    created({ groupType, applyJoinOption: 'DisableApply' }).applyJoinOption;
  assert.deepEqual(GROUP_TYPES.map(option), [
    'DisableApply',
    'DisableApply',
    'DisableApply',
    'DisableApply',
    'FreeAccess',
  ]);
  assert.equal(
    created({ groupType: 'Private', applyJoinOption: 'FreeAccess' }).applyJoinOption,
    'DisableApply',
  );
  assert.equal(created({ groupType: 'Public' }).applyJoinOption, 'NeedPermission');
});

test('members and admins only where the type has them', () => {
  const admins = [{ userId: 'a', role: 'Admin' as const }];
  const answer = (groupType: GroupType) => decide({ groupType, members: admins });
  assert.deepEqual(
    GROUP_TYPES.map(answer).map((decision) => (decision.kind === 'refused' ? decision.error : decision.kind)),
    ['INVALID_PARAMETERS', 'create', 'create', 'PERMISSION_DENIED', 'create'],
  );
  assert.deepEqual(created({ groupType: 'AVChatRoom', owner: 'o' }).members, []);
});

test('an id in use is refused, and whose it is decides how', () => {
  assert.equal(refusal({ groupId: 'g', owner: 'o' }, { holder: { owner: 'o' } }), 'GROUP_ID_IN_USE_BY_OWNER');
  assert.equal(refusal({ groupId: 'g', owner: 'p' }, { holder: { owner: 'o' } }), 'GROUP_ID_IN_USE');
  assert.equal(refusal({ groupId: 'g' }, { holder: { owner: '' } }), 'GROUP_ID_IN_USE');
});

test('quotas: groups of the app, AVChatRooms, groups of the owner; 0 is none for the app', () => {
  const many = { groupsOfApp: 10, avChatRoomsOfApp: 10 };
  created({ groupType: 'AVChatRoom' }, many);
  assert.equal(refusal({}, many, { groupsPerApp: 10 }), 'TOO_MANY_GROUPS_OF_APP');
  created({}, many, { groupsPerApp: 11, avChatRoomsPerApp: 10 });
  assert.equal(refusal({ groupType: 'AVChatRoom' }, many, { avChatRoomsPerApp: 10 }), 'TOO_MANY_AVCHATROOMS');
  created({ groupType: 'AVChatRoom' }, many, { avChatRoomsPerApp: 11 });
  const owned = { groupsOfOwner: 5 };
  assert.equal(refusal({ owner: 'o' }, owned, { groupsPerUser: 5 }), 'TOO_MANY_GROUPS_OF_USER');
  created({ owner: 'o' }, owned, { groupsPerUser: 6 });
  created({}, owned, { groupsPerUser: 5 });
});

test('other refusals', () => {
  const topics = { supportTopic: true, groupType: 'Community' } as const;
  created(topics);
  assert.equal(refusal(topics, {}, { topicsPerCommunity: 0 }), 'TOPICS_OFF');
  assert.equal(refusal({ supportTopic: true }), 'INVALID_PARAMETERS');
  assert.equal(refusal({ groupId: '@TGS#_a@TOPIC#_b', groupType: 'Community' }), 'INVALID_GROUP_ID');
  assert.equal(refusal({ groupId: '' }), 'INVALID_GROUP_ID');
  assert.equal(refusal({}, { missingAccounts: ['x'] }), 'ACCOUNT_NOT_FOUND');
  const three = { owner: 'o', members: [{ userId: 'a' }, { userId: 'b' }] };
  assert.equal(refusal({ ...three, maxMemberNum: 2 }), 'TOO_MANY_MEMBERS');
  assert.equal(created({ ...three, maxMemberNum: 3 }).members.length, 3);
});
