import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AddMembers, BanMembers, ImportMembers, ModifyMember } from '../../src/store/commands.ts';
import type { RestrictedQuery } from '../../src/store/store.ts';
import { APP, HOUR, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const FOR_EVER = 4_294_967_295;
const NOW = START / 1000;
const BASE = { now: START, app: APP, operator: 'x' } as const;

function add(groupId: string, ...userIds: string[]): AddMembers {
  return { ...BASE, type: 'addMembers', groupId, userIds, silent: true };
}

function modify(groupId: string, userId: string, fields: Partial<ModifyMember>): ModifyMember {
  return { ...BASE, type: 'modifyMember', groupId, userId, ...fields };
}

function ban(groupId: string, userIds: string[], seconds: number): BanMembers {
  return { ...BASE, type: 'banMembers', groupId, userIds, seconds, description: 'spam' };
}

async function memberOf(scene: Scene, groupId: string, userId: string) {
  const page = await scene.store.members({ app: APP, groupId, offset: 0, limit: 100 });
  return page?.members.find((member) => member.userId === userId);
}

export function memberProfileSuite(kind: StoreKind): void {
  describe('profiles of members', () => {
    races(kind);
    changes(kind);
    imports(kind);
    bans(kind);
    reads(kind);
  });
}

function races({ open }: StoreKind): void {
  test('the same user added twice at once is one member', async () => {
    await using scene = await openScene(open);
    await scene.group('g', []);
    await scene.accounts('a');
    const results = await scene.batch(add('g', 'a'), add('g', 'a'));
    assert.deepEqual(
      results.map((result) => result.kind === 'done' && result.members.map((member) => member.result)),
      [[1], [2]],
    );
    assert.equal((await scene.groupNow('g')).memberNum, 1);
  });

  test('the last place is wanted by two at once: one has it', async () => {
    await using scene = await openScene(open);
    await scene.group('g', [], { maxMemberNum: 1 });
    await scene.accounts('a', 'b');
    const [first, second] = await scene.batch(add('g', 'a'), add('g', 'b'));
    assert.equal(first?.kind, 'done');
    assert.equal(second?.kind === 'refused' && second.error, 'GROUP_FULL');
    assert.equal((await scene.groupNow('g')).memberNum, 1);
  });

  test('a user has room for one more group, and two take him at once: one has him', async () => {
    await using scene = await openScene(open, { rules: { groupsPerUser: 1 } });
    await scene.group('g1', []);
    await scene.group('g2', []);
    await scene.accounts('a');
    const [first, second] = await scene.batch(add('g1', 'a'), add('g2', 'a'));
    assert.equal(first?.kind, 'done');
    assert.equal(second?.kind === 'refused' && second.error, 'TOO_MANY_GROUPS_OF_USER');
  });

  test('0 groups of a user stand for no limit', async () => {
    await using scene = await openScene(open, { rules: { groupsPerUser: 0 } });
    await scene.accounts('a');
    await scene.group('g1', [], { owner: 'a' });
    await scene.group('g2', ['a'], { owner: 'a' });
    await scene.group('g3', []);
    assert.equal((await scene.commit(add('g3', 'a'))).kind, 'done');
  });
}

function changes({ open, durable }: StoreKind): void {
  test('what is changed lasts, the rest stays', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const before = await memberOf(scene, 'g', 'a');
    const appDefinedData = [{ Key: 'k', Value: 'v\u0000' }];
    const fields = { role: 'Admin', msgFlag: 'Discard', nameCard: 'card' } as const;
    const result = await scene.commit(modify('g', 'a', { ...fields, appDefinedData, muteSeconds: 60 }));
    assert.deepEqual(result, { kind: 'done' });
    const after = { ...before, ...fields, appDefinedData, muteUntil: NOW + 60 };
    assert.deepEqual(await memberOf(scene, 'g', 'a'), after);
    if (durable) await scene.reopen();
    assert.deepEqual(await memberOf(scene, 'g', 'a'), after);
  });

  test('changed several times at once, each change holds', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const field = (Key: string, Value: string) => ({ appDefinedData: [{ Key, Value }] });
    await scene.batch(
      modify('g', 'a', { role: 'Admin' }),
      modify('g', 'a', { nameCard: 'one', ...field('a', '1') }),
      modify('g', 'a', { nameCard: 'two', ...field('b', '2') }),
      modify('g', 'a', field('a', '')),
    );
    const member = await memberOf(scene, 'g', 'a');
    assert.deepEqual(
      [member?.role, member?.nameCard, member?.appDefinedData],
      ['Admin', 'two', [{ Key: 'b', Value: '2' }]],
    );
  });

  test('who joins, leaves and joins again at once is as new', async () => {
    await using scene = await openScene(open);
    await scene.group('g', []);
    await scene.accounts('a');
    const leave = { ...BASE, type: 'deleteMembers', groupId: 'g', userIds: ['a'], silent: true } as const;
    const joined = scene.commit(add('g', 'a'));
    const changed = scene.commit(modify('g', 'a', { nameCard: 'old', role: 'Admin' }));
    const left = scene.commit(leave);
    const nobody = scene.commit(modify('g', 'a', { nameCard: 'late' }));
    const again = scene.commit(add('g', 'a'));
    const last = scene.commit(modify('g', 'a', { msgFlag: 'Discard' }));
    const all = await Promise.all([joined, changed, left, nobody, again, last]);
    assert.deepEqual(
      all.map(({ kind }) => kind),
      ['done', 'done', 'done', 'refused', 'done', 'done'],
    );
    const member = await memberOf(scene, 'g', 'a');
    assert.deepEqual([member?.role, member?.nameCard, member?.msgFlag], ['Member', '', 'Discard']);
  });

  test('an admin sends while all are muted, and no longer when he is none', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.commit({
      ...BASE,
      type: 'modifyGroup',
      operatorIsAdmin: true,
      groupId: 'g',
      changes: { muteAll: true },
    });
    assert.equal(await scene.sendRefused('g', 'a'), 'MUTED');
    await scene.commit(modify('g', 'a', { role: 'Admin' }));
    await scene.sent('g', 'a');
    await scene.commit(modify('g', 'a', { role: 'Member' }));
    assert.equal(await scene.sendRefused('g', 'a'), 'MUTED');
  });

  test('a new role leaves a tip, a name card does not; both are in the log', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.commit(modify('g', 'a', { nameCard: 'card' }));
    assert.equal((await scene.groupNow('g')).nextMsgSeq, 1);
    await scene.commit(modify('g', 'a', { role: 'Admin' }));
    await scene.commit(modify('g', 'a', { role: 'Admin', nameCard: 'card', msgFlag: 'Discard' }));
    assert.equal((await scene.groupNow('g')).nextMsgSeq, 2);
    assert.equal((await scene.sent('g', 'a')).logSeq, 4);
  });
}

function imports({ open }: StoreKind): void {
  function imported(...members: ImportMembers['members']): ImportMembers {
    return { ...BASE, type: 'importMembers', groupId: 'g', members };
  }

  test('imported members have read all but what is said to be unread; nothing is told', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.accounts('b', 'c');
    for (let i = 0; i < 3; i += 1) await scene.sent('g', 'a');
    const result = await scene.commit(
      imported({ userId: 'b', admin: true, unread: 1 }, { userId: 'c', admin: false, unread: 9 }),
    );
    assert.deepEqual(result.kind === 'done' && result.members.map((member) => member.result), [1, 1]);
    const [b, c] = [await memberOf(scene, 'g', 'b'), await memberOf(scene, 'g', 'c')];
    assert.deepEqual([b?.role, b?.readSeq, c?.role, c?.readSeq], ['Admin', 2, 'Member', 0]);
    assert.deepEqual([(await scene.groupNow('g')).nextMsgSeq, (await scene.sent('g', 'a')).logSeq], [4, 5]);
  });

  test('who is added later has nothing unread', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.accounts('b');
    for (let i = 0; i < 3; i += 1) await scene.sent('g', 'a');
    await scene.commit(add('g', 'b'));
    assert.equal((await memberOf(scene, 'g', 'b'))?.readSeq, 3);
  });

  test('imported twice at once, and over the limit', async () => {
    await using scene = await openScene(open);
    await scene.group('g', [], { maxMemberNum: 1 });
    await scene.accounts('b', 'c');
    const one = imported({ userId: 'b', admin: false, unread: 0 });
    const results = await scene.batch(one, one, imported({ userId: 'c', admin: false, unread: 0 }));
    assert.deepEqual(
      results.map((result) => result.kind === 'done' && result.members[0]?.result),
      [1, 2, 0],
    );
  });
}

function bans({ open, durable }: StoreKind): void {
  test('who is banned is refused until the ban ends; admins of the app are not', async () => {
    await using scene = await openScene(open);
    await scene.group('live', [], { groupType: 'AVChatRoom' });
    await scene.accounts('a', 'b');
    await scene.sent('live', 'a');
    await scene.commit(ban('live', ['a', 'b', 'a'], 3_600));
    assert.equal(await scene.sendRefused('live', 'a', { now: START + HOUR - 1_000 }), 'PERMISSION_DENIED');
    await scene.sent('live', 'a', { senderIsAdmin: true });
    await scene.sent('live', 'a', { now: START + HOUR });
    await scene.commit(ban('live', ['b'], 0));
    await scene.sent('live', 'b', { now: START + HOUR });
  });

  test('banned and let in again at once, and after a restart', async () => {
    await using scene = await openScene(open);
    await scene.group('live', [], { groupType: 'AVChatRoom' });
    await scene.accounts('a', 'b');
    await scene.batch(ban('live', ['a'], FOR_EVER), ban('live', ['a'], 0), ban('live', ['b'], FOR_EVER));
    if (durable) await scene.reopen();
    await scene.sent('live', 'a');
    assert.equal(await scene.sendRefused('live', 'b'), 'PERMISSION_DENIED');
  });

  test('bans go with their group', async () => {
    await using scene = await openScene(open);
    const make = () => scene.group('live', [], { groupType: 'AVChatRoom' });
    await make();
    await scene.accounts('a');
    await scene.commit(ban('live', ['a'], FOR_EVER));
    await scene.commit({ ...BASE, type: 'destroyGroup', groupId: 'live' });
    await make();
    await scene.sent('live', 'a');
  });
}

function reads({ open }: StoreKind): void {
  test('roles come as asked for', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b'], { owner: 'a' });
    const userIds = ['b', 'ghost', 'a', 'b'];
    const page = await scene.store.roles({ app: APP, groupId: 'g', userIds });
    assert.deepEqual(page?.roles, ['Member', null, 'Owner', 'Member']);
    assert.equal(await scene.store.roles({ app: APP, groupId: 'none', userIds }), undefined);
  });

  test('who is muted or banned now, in pages', async () => {
    await using scene = await openScene(open);
    await scene.group('live', [], { groupType: 'AVChatRoom' });
    await scene.accounts('a', 'b', 'B');
    const mute = { ...BASE, type: 'muteMembers', groupId: 'live' } as const;
    await scene.commit({ ...mute, userIds: ['b', 'a'], seconds: 60 });
    await scene.commit({ ...mute, userIds: ['B'], seconds: FOR_EVER });
    await scene.commit(ban('live', ['a'], 30));
    const query = { app: APP, groupId: 'live', kind: 'mute', now: NOW, offset: 0, limit: 9 } as const;
    const asked = async (fields: Partial<RestrictedQuery>) => {
      const page = await scene.store.restricted({ ...query, ...fields });
      return page === undefined ? undefined : [...page.users.map(({ userId }) => userId), page.more];
    };
    assert.deepEqual(await asked({}), ['B', 'a', 'b', false]);
    assert.deepEqual(await asked({ offset: 1, limit: 1 }), ['a', true]);
    assert.deepEqual(await asked({ now: NOW + 60 }), ['B', false]);
    assert.deepEqual(await asked({ kind: 'ban' }), ['a', false]);
    assert.deepEqual(await asked({ groupId: 'none' }), undefined);
    const [first] = (await scene.store.restricted(query))?.users ?? [];
    assert.deepEqual(first, { userId: 'B', until: FOR_EVER });
  });

  test('members go on from a position, whoever has left meanwhile', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a', 'b', 'c', 'd']);
    const page = async (after: number) => {
      const found = await scene.store.members({ app: APP, groupId: 'g', after, offset: 0, limit: 2 });
      return { ids: found?.members.map(({ userId }) => userId), last: found?.last ?? 0, more: found?.more };
    };
    const first = await page(0);
    assert.deepEqual([first.ids, first.more], [['a', 'b'], true]);
    await scene.commit({ ...BASE, type: 'deleteMembers', groupId: 'g', userIds: ['a', 'b'], silent: true });
    const second = await page(first.last);
    assert.deepEqual([second.ids, second.more], [['c', 'd'], false]);
    assert.deepEqual(await page(second.last), { ids: [], last: 0, more: false });
  });
}
