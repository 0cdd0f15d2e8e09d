import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AddMembers, DeleteMembers, MuteMembers } from '../../src/store/commands.ts';
import type { MembersQuery } from '../../src/store/store.ts';
import { APP, DAY, HOUR, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const FOR_EVER = 4_294_967_295;

function add(groupId: string, userIds: string[], fields: Partial<AddMembers> = {}): AddMembers {
  return {
    type: 'addMembers',
    now: START,
    app: APP,
    operator: 'x',
    groupId,
    userIds,
    silent: false,
    ...fields,
  };
}

function remove(groupId: string, userIds: string[], fields: Partial<DeleteMembers> = {}): DeleteMembers {
  return {
    type: 'deleteMembers',
    now: START,
    app: APP,
    operator: 'x',
    groupId,
    userIds,
    silent: false,
    ...fields,
  };
}

function mute(groupId: string, userIds: string[], seconds: number, now = START): MuteMembers {
  return { type: 'muteMembers', now, app: APP, operator: 'x', groupId, userIds, seconds };
}

async function memberIds(
  scene: Scene,
  groupId: string,
  query: Partial<MembersQuery> = {},
): Promise<string[]> {
  const page = await scene.store.members({ app: APP, groupId, offset: 0, limit: 100, ...query });
  assert.ok(page !== undefined);
  return page.members.map((member) => member.userId);
}

export function memberSuite(kind: StoreKind): void {
  describe('members', () => {
    adding(kind);
    removing(kind);
    reading(kind);
    tips(kind);
    mutes(kind);
  });
}

function adding({ open }: StoreKind): void {
  test('each candidate has a result of his own', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a'], { maxMemberNum: 3 });
    await scene.accounts('b', 'c', 'd');
    const result = await scene.commit(add('g', ['a', 'nobody', 'b', 'b', 'c', 'd']));
    assert.deepEqual(result, {
      kind: 'done',
      members: [
        { userId: 'a', result: 2 },
        { userId: 'nobody', result: 0 },
        { userId: 'b', result: 1 },
        { userId: 'b', result: 2 },
        { userId: 'c', result: 1 },
        { userId: 'd', result: 0 },
      ],
    });
    assert.deepEqual(await memberIds(scene, 'g'), ['a', 'b', 'c']);
    assert.equal((await scene.groupNow('g')).memberNum, 3);
  });

  test('refused as a whole when it did nothing for anybody', async () => {
    await using scene = await openScene(open, { rules: { groupsPerUser: 1 } });
    await scene.group('full', ['a'], { maxMemberNum: 1 });
    await scene.group('room', [], { groupType: 'AVChatRoom' });
    await scene.group('g', []);
    await scene.accounts('b');
    const error = async (groupId: string, userIds: string[]) => {
      const result = await scene.commit(add(groupId, userIds));
      return result.kind === 'refused' ? result.error : result.kind;
    };
    assert.equal(await error('none', ['b']), 'GROUP_NOT_FOUND');
    assert.equal(await error('full', ['nobody']), 'ACCOUNT_NOT_FOUND');
    assert.equal(await error('full', ['b']), 'GROUP_FULL');
    assert.equal(await error('room', ['b']), 'PERMISSION_DENIED');
    assert.equal(await error('g', ['a']), 'TOO_MANY_GROUPS_OF_USER');
    assert.equal(await error('full', ['a']), 'done');
  });
}

function removing({ open }: StoreKind): void {
  test('members go, strangers among them do not matter', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b', 'c'], { owner: 'a' });
    assert.deepEqual(await scene.commit(remove('g', ['c', 'stranger', 'c'])), { kind: 'done' });
    assert.deepEqual(await memberIds(scene, 'g'), ['a', 'b']);
    assert.equal((await scene.groupNow('g')).memberNum, 2);
  });

  test('an owner stays, but in a Work group', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b'], { owner: 'a' });
    await scene.group('w', ['a', 'b'], { owner: 'a', groupType: 'Private' });
    const refused = await scene.commit(remove('g', ['b', 'a']));
    assert.equal(refused.kind === 'refused' && refused.error, 'OWNER_MAY_NOT_QUIT');
    assert.deepEqual(await memberIds(scene, 'g'), ['a', 'b']);
    const hook = await scene.endpoint('hook', {
      events: ['group.members.left.kicked', 'group.owner.changed'],
    });
    assert.deepEqual(await scene.commit(remove('w', ['a'])), { kind: 'done' });
    const work = await scene.groupNow('w');
    assert.deepEqual([work.owner, work.memberNum], ['', 1]);
    const told = (await scene.drain(hook)).map(({ facts }) => facts);
    assert.deepEqual(
      told.map((facts) => [facts.kind, 'newOwner' in facts ? facts.newOwner : undefined]),
      [
        ['group.members.left', undefined],
        ['group.owner.changed', ''],
      ],
    );
  });

  test('nobody is removed from an AVChatRoom', async () => {
    await using scene = await openScene(open);
    await scene.group('room', [], { groupType: 'AVChatRoom' });
    const refused = await scene.commit(remove('room', ['a']));
    assert.equal(refused.kind === 'refused' && refused.error, 'INVALID_PARAMETERS');
  });
}

function reading({ open }: StoreKind): void {
  test('members come in join order, in pages, who returns comes last', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['c', 'a'], { owner: 'a' });
    await scene.accounts('b');
    await scene.commit(add('g', ['b']));
    assert.deepEqual(await memberIds(scene, 'g'), ['a', 'c', 'b']);
    await scene.commit(remove('g', ['c']));
    await scene.commit(add('g', ['c']));
    assert.deepEqual(await memberIds(scene, 'g'), ['a', 'b', 'c']);
    const page = (offset: number) => scene.store.members({ app: APP, groupId: 'g', offset, limit: 2 });
    assert.deepEqual(
      [(await page(0))?.more, (await page(1))?.more, (await page(3))?.members],
      [true, false, []],
    );
    assert.equal(await scene.store.members({ app: APP, groupId: 'none', offset: 0, limit: 1 }), undefined);
  });

  test('roles and data are kept, and roles can be asked for', async () => {
    await using scene = await openScene(open);
    await scene.accounts('o', 'b');
    await scene.group('g', ['a'], {
      owner: 'o',
      members: [{ userId: 'a', role: 'Admin', appDefinedData: [{ Key: 'k', Value: 'v' }] }, { userId: 'b' }],
    });
    assert.deepEqual(await memberIds(scene, 'g', { roles: ['Admin', 'Owner'] }), ['o', 'a']);
    assert.deepEqual(await memberIds(scene, 'g', { roles: ['Member'] }), ['b']);
    const page = await scene.store.members({ app: APP, groupId: 'g', offset: 1, limit: 1 });
    assert.deepEqual(page?.members, [
      {
        userId: 'a',
        role: 'Admin',
        joinTime: START / 1000,
        readSeq: 0,
        msgFlag: 'AcceptAndNotify',
        lastSendMsgTime: 0,
        nameCard: '',
        muteUntil: 0,
        appDefinedData: [{ Key: 'k', Value: 'v' }],
      },
    ]);
  });

  test('the groups of a user: pages and filters', async () => {
    await using scene = await openScene(open);
    await scene.group('g1', ['a']);
    await scene.group('w', ['a'], { groupType: 'Private' });
    await scene.group('g2', ['b', 'a']);
    await scene.group('c', ['a'], { groupType: 'ChatRoom' });
    const joined = async (query: object) => {
      const all = { app: APP, userId: 'a', withInactive: false, withHuge: false, offset: 0, limit: 10 };
      const page = await scene.store.joinedGroups({ ...all, ...query });
      return [page.total, ...page.groups.map(({ group }) => group.groupId)];
    };
    assert.deepEqual(await joined({}), [3, 'g1', 'g2', 'c']);
    assert.deepEqual(await joined({ withInactive: true }), [4, 'g1', 'w', 'g2', 'c']);
    assert.deepEqual(await joined({ type: 'Public', offset: 1 }), [2, 'g2']);
    assert.deepEqual(await joined({ limit: 1 }), [3, 'g1']);
    assert.deepEqual(await joined({ supportTopic: true }), [0]);
    assert.deepEqual(await joined({ userId: 'b' }), [1, 'g2']);
    assert.deepEqual(await joined({ userId: 'nobody' }), [0]);
  });
}

function tips({ open }: StoreKind): void {
  const next = async (scene: Scene, groupId: string) => (await scene.groupNow(groupId)).nextMsgSeq;

  for (const [groupType, groupId, kept] of [
    ['Public', 'g', true],
    ['Community', '@TGS#_g', true],
    ['ChatRoom', 'c', false],
  ] as const) {
    test(`joining and leaving a ${groupType} ${kept ? 'takes a MsgSeq each' : 'leaves no tip'}`, async () => {
      await using scene = await openScene(open);
      await scene.group(groupId, ['a'], { groupType });
      await scene.accounts('b');
      assert.equal(await next(scene, groupId), 1);
      await scene.commit(add(groupId, ['b']));
      await scene.commit(remove(groupId, ['b']));
      await scene.commit(remove(groupId, ['b']));
      assert.equal(await next(scene, groupId), kept ? 3 : 1);
      const page = await scene.store.history({ app: APP, groupId, fromMsgSeq: 0, limit: 20 });
      assert.deepEqual(
        page?.messages.map(({ msgSeq, tip }) => [msgSeq, tip]),
        kept
          ? [
              [2, true],
              [1, true],
            ]
          : [],
      );
    });
  }

  test('silent changes leave no tip', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.accounts('b');
    await scene.commit(add('g', ['b'], { silent: true }));
    await scene.commit(remove('g', ['b'], { silent: true }));
    assert.equal(await next(scene, 'g'), 1);
  });

  test('a Work group is without tips until its first message, which has number 1', async () => {
    await using scene = await openScene(open);
    await scene.group('w', ['a'], { groupType: 'Private' });
    await scene.accounts('b', 'c');
    await scene.commit(add('w', ['b']));
    assert.deepEqual([await next(scene, 'w'), (await scene.groupNow('w')).active], [1, false]);
    assert.equal((await scene.sent('w', 'a')).msgSeq, 1);
    assert.equal((await scene.groupNow('w')).active, true);
    await scene.commit(add('w', ['c']));
    assert.equal(await next(scene, 'w'), 3);
  });
}

function mutes({ open }: StoreKind): void {
  test('a muted member is refused until the mute ends; admins of the app are not', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    assert.deepEqual(await scene.commit(mute('g', ['a'], 3_600)), { kind: 'done' });
    assert.equal(await scene.sendRefused('g', 'a', { now: START + HOUR - 1_000 }), 'MUTED');
    await scene.sent('g', 'a', { senderIsAdmin: true });
    await scene.sent('g', 'a', { now: START + HOUR });
    const page = await scene.store.members({ app: APP, groupId: 'g', offset: 0, limit: 1 });
    assert.equal(page?.members[0]?.muteUntil, START / 1000 + 3_600);
  });

  test('a mute outlasts the membership, can be for ever, and is ended by 0', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.commit(mute('g', ['a'], FOR_EVER));
    await scene.commit(remove('g', ['a']));
    assert.equal(await scene.sendRefused('g', 'a'), 'MUTED');
    await scene.commit(add('g', ['a']));
    assert.equal(await scene.sendRefused('g', 'a', { now: START + 1_000 * DAY }), 'MUTED');
    await scene.commit(mute('g', ['a'], 0));
    await scene.sent('g', 'a');
  });

  test('mutes are refused where there is no such thing, group or account', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.group('w', ['a'], { groupType: 'Private' });
    const error = async (command: MuteMembers) => {
      const result = await scene.commit(command);
      return result.kind === 'refused' ? result.error : result.kind;
    };
    assert.equal(await error(mute('none', ['a'], 60)), 'GROUP_NOT_FOUND');
    assert.equal(await error(mute('w', ['a'], 60)), 'PERMISSION_DENIED');
    assert.equal(await error(mute('g', ['a', 'nobody'], 60)), 'ACCOUNT_NOT_FOUND');
    await scene.sent('g', 'a');
  });
}
