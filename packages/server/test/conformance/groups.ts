import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GROUP_TYPES } from '@confab-im/protocol';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import type { CreateGroup } from '../../src/store/commands.ts';
import { APP, createGroup, HOUR, OTHER_APP, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

async function refusal(scene: Scene, fields: Partial<CreateGroup>): Promise<string> {
  const result = await scene.commit(createGroup(fields));
  assert.ok(result.kind === 'refused', JSON.stringify(result));
  return result.error;
}

export function groupSuite(kind: StoreKind): void {
  describe('groups', () => {
    creation(kind);
    refusals(kind);
    quotas(kind);
    disbanding(kind);
    listing(kind);
  });
}

function creation({ open }: StoreKind): void {
  test('a new group is as it was asked for', async () => {
    await using scene = await openScene(open);
    const group = await scene.group('g', ['a', 'b'], {
      owner: 'a',
      name: 'Name',
      introduction: 'Intro',
      notification: 'Notice',
      faceUrl: 'https://faces.example/g',
      maxMemberNum: 50,
      applyJoinOption: 'DisableApply',
      inviteJoinOption: 'DisableInvite',
      appDefinedData: [{ Key: 'k', Value: 'v' }],
    });
    assert.deepEqual(group, {
      streamId: group.streamId,
      app: APP,
      groupId: 'g',
      type: 'Public',
      name: 'Name',
      introduction: 'Intro',
      notification: 'Notice',
      faceUrl: 'https://faces.example/g',
      owner: 'a',
      createTime: START / 1000,
      infoSeq: 1,
      lastInfoTime: START / 1000,
      lastMsgTime: 0,
      nextMsgSeq: 1,
      memberNum: 2,
      maxMemberNum: 50,
      applyJoinOption: 'DisableApply',
      inviteJoinOption: 'DisableInvite',
      muteAll: false,
      supportTopic: false,
      historyBeforeJoin: false,
      enablePermission: false,
      defaultPermission: 0,
      active: true,
      appDefinedData: [{ Key: 'k', Value: 'v' }],
    });
  });

  const prefix = { Community: '@TGS#_' } as const;
  for (const groupType of GROUP_TYPES) {
    test(`a ${groupType} has the defaults of its type`, async () => {
      await using scene = await openScene(open);
      await scene.accounts('a');
      const groupId = groupType === 'Community' ? `${prefix.Community}g` : 'g';
      const group = await scene.group(groupId, [], { groupType, owner: 'a' });
      assert.equal(group.maxMemberNum, DEFAULT_RULES.maxMembers[groupType]);
      assert.equal(group.memberNum, groupType === 'AVChatRoom' ? 0 : 1);
      assert.equal(group.active, groupType !== 'Private');
      const join = { Private: 'DisableApply', Community: 'FreeAccess' }[groupType as 'Private' | 'Community'];
      assert.equal(group.applyJoinOption, join ?? 'NeedPermission');
    });

    test(`the server makes the id of a ${groupType}`, async () => {
      await using scene = await openScene(open);
      const result = await scene.commit(createGroup({ groupType }));
      const groupId = `${groupType === 'Community' ? '@TGS#_' : ''}@TGS#ABCDEFGHIJKL`;
      assert.deepEqual(result, { kind: 'created', groupId });
      assert.equal((await scene.groupNow(groupId)).type, groupType);
    });
  }

  test('a group may have no owner and no members', async () => {
    await using scene = await openScene(open);
    const group = await scene.group('g', []);
    assert.deepEqual([group.owner, group.memberNum], ['', 0]);
  });

  test('groups are found in the order asked for; unknown ones stay empty', async () => {
    await using scene = await openScene(open);
    await scene.group('g1', []);
    await scene.group('g2', []);
    const found = await scene.store.groups(APP, ['g2', 'none', 'g1']);
    assert.deepEqual(
      found.map((group) => group?.groupId),
      ['g2', undefined, 'g1'],
    );
    assert.deepEqual(await scene.store.groups(OTHER_APP, ['g1']), [undefined]);
  });
}

function refusals({ open }: StoreKind): void {
  const cases: readonly [string, string, Partial<CreateGroup>][] = [
    [
      'an id with a space in front of ASCII is fine, one beyond ASCII is not',
      'INVALID_GROUP_ID',
      { groupId: 'gé' },
    ],
    ['an empty id', 'INVALID_GROUP_ID', { groupId: '' }],
    ['an id over 48 bytes', 'INVALID_GROUP_ID', { groupId: 'g'.repeat(49) }],
    ['an id of the server', 'INVALID_GROUP_ID', { groupId: '@TGS#mine' }],
    ['a Community without its prefix', 'INVALID_GROUP_ID', { groupId: 'g', groupType: 'Community' }],
    ['an owner who does not exist', 'ACCOUNT_NOT_FOUND', { owner: 'nobody' }],
    ['a member who does not exist', 'ACCOUNT_NOT_FOUND', { members: [{ userId: 'nobody' }] }],
    [
      'an AVChatRoom with members',
      'PERMISSION_DENIED',
      { groupType: 'AVChatRoom', members: [{ userId: 'a' }] },
    ],
    [
      'an admin in a Work group',
      'INVALID_PARAMETERS',
      { groupType: 'Private', members: [{ userId: 'a', role: 'Admin' }] },
    ],
    ['room for more than the type allows', 'INVALID_PARAMETERS', { maxMemberNum: 6_001 }],
    [
      'more members than it has room for',
      'TOO_MANY_MEMBERS',
      { maxMemberNum: 1, members: [{ userId: 'a' }, { userId: 'b' }] },
    ],
    ['topics of a Public group', 'INVALID_PARAMETERS', { supportTopic: true }],
    ['the id of a topic', 'INVALID_GROUP_ID', { groupType: 'Community', groupId: '@TGS#_a@TOPIC#_b' }],
  ];
  for (const [what, error, fields] of cases) {
    test(`not created: ${what}`, async () => {
      await using scene = await openScene(open);
      await scene.accounts('a', 'b');
      assert.equal(await refusal(scene, fields), error);
      assert.deepEqual((await scene.store.groupIds({ app: APP, after: 0, limit: 10 })).total, 0);
    });
  }

  test('an id in use is refused, and says so when the owner has it himself', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b'], { owner: 'a' });
    assert.equal(await refusal(scene, { groupId: 'g', owner: 'a' }), 'GROUP_ID_IN_USE_BY_OWNER');
    assert.equal(await refusal(scene, { groupId: 'g', owner: 'b' }), 'GROUP_ID_IN_USE');
    assert.equal(await refusal(scene, { groupId: 'g' }), 'GROUP_ID_IN_USE');
    assert.deepEqual(await scene.commit(createGroup({ groupId: 'g', app: OTHER_APP })), {
      kind: 'created',
      groupId: 'g',
    });
  });
}

function quotas({ open }: StoreKind): void {
  test('an app has so many groups; a disbanded one makes room', async () => {
    await using scene = await openScene(open, { rules: { groupsPerApp: 2 } });
    await scene.group('g1', []);
    await scene.group('g2', []);
    assert.equal(await refusal(scene, { groupId: 'g3' }), 'TOO_MANY_GROUPS_OF_APP');
    await scene.commit({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g1' });
    await scene.group('g3', []);
  });

  test('an app has so many AVChatRooms', async () => {
    await using scene = await openScene(open, { rules: { avChatRoomsPerApp: 1 } });
    await scene.group('r1', [], { groupType: 'AVChatRoom' });
    assert.equal(await refusal(scene, { groupType: 'AVChatRoom' }), 'TOO_MANY_AVCHATROOMS');
    await scene.group('g', []);
  });

  test('a user owns so many groups', async () => {
    await using scene = await openScene(open, { rules: { groupsPerUser: 1 } });
    await scene.group('g1', ['a'], { owner: 'a' });
    assert.equal(await refusal(scene, { owner: 'a' }), 'TOO_MANY_GROUPS_OF_USER');
  });
}

function disbanding({ open }: StoreKind): void {
  const destroy = (groupId: string, app = APP) =>
    ({ type: 'destroyGroup', now: START, app, operator: 'x', groupId }) as const;

  test('a disbanded group is gone for everybody', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b']);
    await scene.sent('g', 'a');
    assert.deepEqual(await scene.commit(destroy('g')), { kind: 'done' });
    assert.deepEqual(await scene.store.groups(APP, ['g']), [undefined]);
    assert.equal(await scene.store.members({ app: APP, groupId: 'g', offset: 0, limit: 1 }), undefined);
    assert.equal(await scene.store.history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: 1 }), undefined);
    const query = { app: APP, userId: 'a', withInactive: true, withHuge: true, offset: 0, limit: 10 };
    assert.deepEqual(await scene.store.joinedGroups(query), { total: 0, groups: [] });
    assert.equal(await scene.sendRefused('g', 'a'), 'GROUP_NOT_FOUND');
  });

  test('what does not exist is not disbanded', async () => {
    await using scene = await openScene(open);
    await scene.group('g', []);
    for (const command of [destroy('none'), destroy('g', OTHER_APP)]) {
      const result = await scene.commit(command);
      assert.equal(result.kind === 'refused' && result.error, 'GROUP_NOT_FOUND');
    }
    await scene.groupNow('g');
  });

  test('an id used again begins a stream of its own, without the old members, mutes and messages', async () => {
    await using scene = await openScene(open);
    const first = await scene.group('g', ['a', 'b']);
    await scene.sent('g', 'a', { random: 7 });
    await scene.commit({
      type: 'muteMembers',
      now: START,
      app: APP,
      operator: 'x',
      groupId: 'g',
      userIds: ['a'],
      seconds: 3_600,
    });
    await scene.commit(destroy('g'));
    const second = await scene.group('g', ['a']);
    assert.notEqual(second.streamId, first.streamId);
    assert.deepEqual([second.memberNum, second.nextMsgSeq], [1, 1]);
    assert.deepEqual(await scene.history('g'), []);
    const sent = await scene.sent('g', 'a', { random: 7, now: START + HOUR });
    assert.deepEqual([sent.msgSeq, sent.streamId], [1, second.streamId]);
  });
}

function listing({ open }: StoreKind): void {
  test('group ids come in pages, by type too, with the total', async () => {
    await using scene = await openScene(open);
    for (const groupId of ['g1', 'g2', 'g3']) await scene.group(groupId, []);
    await scene.group('r1', [], { groupType: 'AVChatRoom' });
    const seen: string[] = [];
    let after = 0;
    do {
      const page = await scene.store.groupIds({ app: APP, after, limit: 2 });
      assert.equal(page.total, 4);
      assert.ok(page.groupIds.length <= 2);
      seen.push(...page.groupIds);
      after = page.next;
    } while (after !== 0);
    assert.deepEqual(seen, ['g1', 'g2', 'g3', 'r1']);
    assert.deepEqual(await scene.store.groupIds({ app: APP, type: 'AVChatRoom', after: 0, limit: 5 }), {
      total: 1,
      groupIds: ['r1'],
      next: 0,
    });
    assert.deepEqual(await scene.store.groupIds({ app: OTHER_APP, after: 0, limit: 5 }), {
      total: 0,
      groupIds: [],
      next: 0,
    });
  });
}
