import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProfileChanges } from '../../src/domain/modify-group.ts';
import type { ChangeOwner, ImportGroup, ModifyGroup } from '../../src/store/commands.ts';
import { APP, createGroup, HOUR, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const BY = { app: APP, operator: 'administrator', operatorIsAdmin: true } as const;

function modify(groupId: string, changes: ProfileChanges, now = START): ModifyGroup {
  return { ...BY, type: 'modifyGroup', now, groupId, changes };
}

function changeOwner(groupId: string, newOwner: string, now = START): ChangeOwner {
  return { ...BY, type: 'changeOwner', now, groupId, newOwner };
}

async function roles(scene: Scene, groupId: string): Promise<string[]> {
  const page = await scene.store.members({ app: APP, groupId, offset: 0, limit: 100 });
  return (page?.members ?? []).map(({ userId, role }) => `${userId} ${role}`);
}

export function groupProfileSuite(kind: StoreKind): void {
  describe('profiles of groups', () => {
    profiles(kind);
    owners(kind);
    imports(kind);
  });
}

function profiles({ open, durable }: StoreKind): void {
  test('what is changed lasts, the rest stays', async () => {
    await using scene = await openScene(open);
    const before = await scene.group('g', ['a'], { owner: 'a' });
    const changes: ProfileChanges = {
      name: 'New',
      introduction: 'Intro',
      notification: 'Notice',
      faceUrl: 'https://faces.example/g',
      maxMemberNum: 50,
      applyJoinOption: 'FreeAccess',
      inviteJoinOption: 'NeedPermission',
      muteAll: true,
      historyBeforeJoin: true,
    };
    const fields = [{ Key: 'k', Value: 'v\u0000' }];
    const all = { ...changes, appDefinedData: fields };
    assert.deepEqual(await scene.commit(modify('g', all, START + HOUR)), { kind: 'done' });
    const wanted = {
      ...before,
      ...changes,
      appDefinedData: fields,
      infoSeq: 2,
      lastInfoTime: (START + HOUR) / 1000,
      // Its tip took a number.
      nextMsgSeq: 2,
      lastMsgTime: (START + HOUR) / 1000,
    };
    assert.deepEqual(await scene.groupNow('g'), wanted);
    if (durable) await scene.reopen();
    assert.deepEqual(await scene.groupNow('g'), wanted);
  });

  test('created and changed twice at once', async () => {
    await using scene = await openScene(open);
    const created = scene.commit(createGroup({ groupId: 'g' }));
    const changed = scene.batch(modify('g', { name: 'one', muteAll: true }), modify('g', { name: 'two' }));
    await Promise.all([created, changed]);
    const { name, muteAll, infoSeq } = await scene.groupNow('g');
    assert.deepEqual([name, muteAll, infoSeq], ['two', true, 3]);
  });

  test('what changes nothing counts for nothing', async () => {
    await using scene = await openScene(open);
    const before = await scene.group('g', ['a']);
    await scene.commit(modify('g', { name: before.name, muteAll: false, appDefinedData: [] }, START + HOUR));
    assert.deepEqual(await scene.groupNow('g'), before);
    assert.equal((await scene.sent('g', 'a')).logSeq, 2);
  });

  test('disbanded and changed at once: only one of them can be', async () => {
    await using scene = await openScene(open);
    await scene.group('g', []);
    const gone = scene.commit({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g' });
    const changed = scene.commit(modify('g', { name: 'late' }));
    assert.deepEqual(await gone, { kind: 'done' });
    const late = await changed;
    assert.equal(late.kind === 'refused' && late.error, 'GROUP_NOT_FOUND');
  });

  test('a mute of everybody leaves out owner, admins and app admins', async () => {
    await using scene = await openScene(open);
    await scene.accounts('o', 'a', 'm', 'stranger');
    await scene.group('g', [], {
      owner: 'o',
      members: [{ userId: 'a', role: 'Admin' }, { userId: 'm' }],
    });
    await scene.commit(modify('g', { muteAll: true }));
    await scene.sent('g', 'o');
    await scene.sent('g', 'a');
    await scene.sent('g', 'stranger', { senderIsAdmin: true });
    assert.equal(await scene.sendRefused('g', 'm'), 'MUTED');
    assert.equal(await scene.sendRefused('g', 'stranger'), 'MUTED');
    await scene.commit(modify('g', { muteAll: false }));
    await scene.sent('g', 'm');
  });

  test('who shows as the operator has to exist', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b'], { owner: 'a' });
    const by = { operator: 'ghost', operatorIsAdmin: false };
    for (const command of [modify('g', { name: 'n' }), changeOwner('g', 'b')]) {
      const refused = await scene.commit({ ...command, ...by });
      assert.equal(refused.kind === 'refused' && refused.error, 'OPERATOR_INVALID');
      assert.deepEqual(await scene.commit({ ...command, ...by, operator: 'a' }), { kind: 'done' });
    }
  });
}

function owners({ open, durable }: StoreKind): void {
  test('two owners at once: one after the other, and there is never more than one', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b', 'c'], { owner: 'a' });
    await scene.batch(changeOwner('g', 'b'), changeOwner('g', 'c'));
    const { owner, infoSeq } = await scene.groupNow('g');
    assert.deepEqual([owner, infoSeq], ['c', 3]);
    assert.deepEqual(await roles(scene, 'g'), ['a Member', 'b Member', 'c Owner']);
    if (durable) await scene.reopen();
    assert.equal((await scene.groupNow('g')).owner, 'c');
    assert.deepEqual(await roles(scene, 'g'), ['a Member', 'b Member', 'c Owner']);
  });

  test('the new owner leaves at the same time: whichever comes first decides', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b'], { owner: 'a' });
    const leave = { type: 'deleteMembers', now: START, app: APP, operator: 'x', groupId: 'g' } as const;
    const left = scene.commit({ ...leave, userIds: ['b'], silent: false });
    const owned = await scene.commit(changeOwner('g', 'b'));
    assert.deepEqual(await left, { kind: 'done' });
    assert.equal(owned.kind === 'refused' && owned.error, 'INVALID_PARAMETERS');
    await scene.commit({
      type: 'addMembers',
      now: START,
      app: APP,
      operator: 'x',
      groupId: 'g',
      userIds: ['b'],
      silent: true,
    });
    const now = scene.commit(changeOwner('g', 'b'));
    const late = await scene.commit({ ...leave, userIds: ['b'], silent: false });
    assert.deepEqual(await now, { kind: 'done' });
    assert.equal(late.kind === 'refused' && late.error, 'OWNER_MAY_NOT_QUIT');
    assert.deepEqual(await roles(scene, 'g'), ['a Member', 'b Owner']);
  });

  test('an owner who was muted with all the others may send', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b'], { owner: 'a' });
    await scene.commit(modify('g', { muteAll: true }));
    assert.equal(await scene.sendRefused('g', 'b'), 'MUTED');
    await scene.commit(changeOwner('g', 'b'));
    await scene.sent('g', 'b');
    assert.equal(await scene.sendRefused('g', 'a'), 'MUTED');
  });
}

function imports({ open }: StoreKind): void {
  const group: ImportGroup = {
    ...createGroup({ groupId: 'g', owner: 'a' }),
    type: 'importGroup',
    createTime: START / 1000 - 50,
  };

  test('an imported group is there, and its log is empty', async () => {
    await using scene = await openScene(open);
    await scene.accounts('a');
    assert.deepEqual(await scene.commit(group), { kind: 'created', groupId: 'g' });
    const { createTime, lastInfoTime, memberNum } = await scene.groupNow('g');
    assert.deepEqual([createTime, lastInfoTime, memberNum], [START / 1000 - 50, START / 1000 - 50, 1]);
    assert.equal((await scene.sent('g', 'a')).logSeq, 1);
    assert.equal((await scene.store.groupIds({ app: APP, after: 0, limit: 9 })).total, 1);
  });

  test('imported twice at once: the id is taken by one', async () => {
    await using scene = await openScene(open);
    await scene.accounts('a', 'b');
    const [first, second] = await scene.batch(group, { ...group, owner: 'b' });
    assert.equal(first?.kind, 'created');
    assert.equal(second?.kind === 'refused' && second.error, 'GROUP_ID_IN_USE');
    assert.equal((await scene.groupNow('g')).owner, 'a');
  });
}
