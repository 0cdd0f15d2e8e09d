import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AttributeWrite } from '../../src/domain/group-attributes.ts';
import type { UpdateCounters, WriteAttributes } from '../../src/store/commands.ts';
import { APP, OTHER_APP, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

export function writeAttributes(groupId: string, write: Partial<AttributeWrite> = {}): WriteAttributes {
  const entries = [{ key: 'a', value: '1' }];
  const operator = 'administrator';
  return {
    type: 'writeAttributes',
    now: START,
    app: APP,
    operator,
    groupId,
    write: { change: 'modify', entries, compare: false, ...write },
  };
}

export function updateCounters(groupId: string, fields: Partial<UpdateCounters> = {}): UpdateCounters {
  const counters = [{ key: 'likes', value: '1' }];
  return { type: 'updateCounters', now: START, app: APP, groupId, mode: 'Increase', counters, ...fields };
}

const attributesOf = async (scene: Scene, groupId: string) =>
  (await scene.store.attributes({ app: APP, groupId }))?.attributes.entries;
const countersOf = async (scene: Scene, groupId: string) =>
  (await scene.store.counters({ app: APP, groupId }))?.counters.entries;

export function groupValueSuite({ open, durable }: StoreKind): void {
  describe('attributes and counters', () => {
    test('what was written is there after the store is opened again', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      await scene.commit(writeAttributes('g'));
      await scene.commit(updateCounters('g'));
      if (durable) await scene.reopen();
      assert.deepEqual(await attributesOf(scene, 'g'), [{ key: 'a', value: '1', seq: 1 }]);
      assert.deepEqual(await countersOf(scene, 'g'), [{ key: 'likes', value: '1' }]);
      assert.equal(await scene.store.attributes({ app: OTHER_APP, groupId: 'g' }), undefined);
      assert.equal(await scene.store.counters({ app: APP, groupId: 'none' }), undefined);
    });

    test('a group without any has empty sets', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      assert.deepEqual(await attributesOf(scene, 'g'), []);
      assert.deepEqual(await countersOf(scene, 'g'), []);
    });

    test('writers in one transaction see each other', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      const race = { compare: true, mainSeq: 0 };
      const written = await scene.batch(
        writeAttributes('g', race),
        writeAttributes('g', { ...race, entries: [{ key: 'b', value: '2' }] }),
      );
      assert.deepEqual(
        written.map(({ kind }) => kind),
        ['done', 'refused'],
      );
      await scene.batch(...Array.from({ length: 9 }, () => updateCounters('g')));
      assert.deepEqual(await countersOf(scene, 'g'), [{ key: 'likes', value: '9' }]);
    });

    test('a sixth write in a second is refused and changes nothing', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      const write = (now: number) => ({ ...writeAttributes('g'), now });
      const results = await scene.batch(...Array.from({ length: 6 }, () => write(START)));
      const refused = results.flatMap((result) => (result.kind === 'refused' ? [result.error] : []));
      assert.deepEqual(refused, ['ATTRIBUTE_FREQUENCY']);
      assert.deepEqual((await scene.store.attributes({ app: APP, groupId: 'g' }))?.attributes.seq, 5);
      assert.equal((await scene.commit(write(START + 1_000))).kind, 'done');
    });

    test('values with control characters come back as they were', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      await scene.commit(writeAttributes('g', { entries: [{ key: 'k\0', value: '\0\n"\u2028' }] }));
      assert.deepEqual(await attributesOf(scene, 'g'), [{ key: 'k\0', value: '\0\n"\u2028', seq: 1 }]);
    });

    test('a Community has attributes and no counters; an unknown group neither', async () => {
      await using scene = await openScene(open);
      await scene.group('@TGS#_c', [], { groupType: 'Community' });
      assert.equal((await scene.commit(writeAttributes('@TGS#_c'))).kind, 'done');
      const errors = await Promise.all([
        scene.commit(updateCounters('@TGS#_c')),
        scene.commit({ type: 'deleteCounters', now: START, app: APP, groupId: '@TGS#_c' }),
        scene.commit(writeAttributes('none')),
        scene.commit(updateCounters('none')),
      ]);
      assert.deepEqual(
        errors.map((result) => (result.kind === 'refused' ? result.error : result.kind)),
        ['PERMISSION_DENIED', 'PERMISSION_DENIED', 'GROUP_NOT_FOUND', 'GROUP_NOT_FOUND'],
      );
    });

    test('they go with their group', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      await scene.commit(writeAttributes('g'));
      await scene.commit(updateCounters('g'));
      await scene.commit({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g' });
      await scene.group('g', []);
      assert.deepEqual(await attributesOf(scene, 'g'), []);
      assert.deepEqual(await countersOf(scene, 'g'), []);
    });

    test('who is marked always online is a member with his name, until his account goes', async () => {
      await using scene = await openScene(open);
      await scene.group('live', [], { groupType: 'AVChatRoom' });
      await scene.accounts('a', 'b');
      const mark = { type: 'markLiveMembers', now: START, app: APP, groupId: 'live', how: 'set' } as const;
      const members = ['a', 'b', 'ghost'].map((userId) => ({ userId, marks: [500] }));
      const marked = await scene.commit({ ...mark, members });
      assert.deepEqual(marked, { kind: 'done', members: members.slice(0, 2) });
      await scene.commit({ type: 'deleteAccounts', now: START, app: APP, userIds: ['b'] });
      if (durable) await scene.reopen();
      const found = await scene.store.liveMembers({ app: APP, groupId: 'live' });
      const until = START / 1000 + 3 * 86_400;
      assert.deepEqual(found?.members, [
        { userId: 'a', marks: [500], since: START / 1000, until, nick: '', faceUrl: '' },
      ]);
      const none = await scene.commit({ ...mark, groupId: 'none', members });
      assert.ok(none.kind === 'refused' && none.error === 'GROUP_NOT_FOUND');
      assert.equal(await scene.store.liveMembers({ app: APP, groupId: 'none' }), undefined);
    });

    test('some counters or all of them are deleted', async () => {
      await using scene = await openScene(open);
      await scene.group('g', []);
      const counters = ['a', 'b', 'c'].map((key) => ({ key, value: '1' }));
      await scene.commit(updateCounters('g', { mode: 'Set', counters }));
      const drop = { type: 'deleteCounters', now: START, app: APP, groupId: 'g' } as const;
      await scene.commit({ ...drop, keys: ['a', 'z'] });
      assert.deepEqual(
        (await countersOf(scene, 'g'))?.map(({ key }) => key),
        ['b', 'c'],
      );
      await scene.commit(drop);
      assert.deepEqual(await countersOf(scene, 'g'), []);
    });
  });
}
