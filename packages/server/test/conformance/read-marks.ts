import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';
import { createTopic, destroyTopics, NEWS, TOWN } from './topics.ts';

const CHAT = `${TOWN}@TOPIC#_chat`;
const inGroup = (scene: Scene) => ({ now: START + DAY, app: scene.app, groupId: 'g' });
const setUnread = (scene: Scene, userId: string, unread: number, groupId = 'g') =>
  scene.commit({ type: 'setUnread', ...inGroup(scene), groupId, userId, unread });

function importOne(scene: Scene, sendTime: number) {
  const messages = [{ sender: 'a', sendTime, msgBodyJson: '[]' }];
  return scene.commit({ type: 'importMessages', ...inGroup(scene), messages });
}

/** How far each member has read, by name. */
async function marks(scene: Scene, groupId = 'g'): Promise<Record<string, number>> {
  const page = await scene.store.members({ app: scene.app, groupId, offset: 0, limit: 9 });
  return Object.fromEntries((page?.members ?? []).map(({ userId, readSeq }) => [userId, readSeq]));
}

/** tencent-rest-message C2.11, C2.4. */
export function readMarkSuite({ open }: StoreKind): void {
  describe('how far members have read', () => {
    test('a number of unread messages sets the mark, at most as many as there are', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b']);
      for (let n = 0; n < 3; n += 1) await scene.sent('g', 'a');
      assert.deepEqual(await setUnread(scene, 'a', 0), { kind: 'done' });
      assert.deepEqual(await setUnread(scene, 'b', 2), { kind: 'done' });
      assert.deepEqual(await marks(scene), { a: 3, b: 1 });
      await setUnread(scene, 'b', 4_000_000_000);
      assert.deepEqual(await marks(scene), { a: 3, b: 0 });
    });

    test('what was imported is read by everybody, until a mark is set anew', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b']);
      await scene.sent('g', 'a');
      await setUnread(scene, 'a', 0);
      await importOne(scene, START / 1000);
      await importOne(scene, START / 1000 + 1);
      assert.deepEqual(await marks(scene), { a: 3, b: 3 });
      await setUnread(scene, 'b', 2);
      await scene.sent('g', 'a', { now: START + DAY });
      assert.deepEqual(await marks(scene), { a: 3, b: 1 });
      await scene.accounts('late', 'old');
      const member = { userId: 'old', admin: false, unread: 3 };
      await scene.commit({ type: 'importMembers', ...inGroup(scene), members: [member] });
      await scene.commit({
        type: 'addMembers',
        ...inGroup(scene),
        operator: 'x',
        userIds: ['late'],
        silent: true,
      });
      assert.deepEqual(await marks(scene), { a: 3, b: 1, old: 1, late: 4 });
      await scene.commit({ type: 'importMessages', ...inGroup(scene), messages: [] });
      await importOne(scene, (START + DAY) / 1000);
      assert.deepEqual(await marks(scene), { a: 5, b: 5, old: 5, late: 5 });
    });

    test('a topic has marks of its own, which go with the membership', async () => {
      await using scene = await openScene(open);
      await scene.group(TOWN, ['a', 'b'], { groupType: 'Community', supportTopic: true });
      await scene.batch(createTopic(NEWS), createTopic(CHAT));
      for (let n = 0; n < 3; n += 1) await scene.sent(TOWN, 'a', { topicId: NEWS });
      const set = (userId: string, unread: number, topicId = NEWS) =>
        scene.commit({
          type: 'setUnread',
          now: START,
          app: scene.app,
          groupId: TOWN,
          topicId,
          userId,
          unread,
        });
      const read = async (userId?: string) => {
        const where = { app: scene.app, groupId: TOWN };
        const found = await scene.store.topics(userId === undefined ? where : { ...where, userId });
        return found?.topics.map(({ readSeq }) => readSeq);
      };
      assert.deepEqual(await read('a'), [0, 0]);
      assert.deepEqual(await set('a', 1), { kind: 'done' });
      assert.deepEqual(await set('b', 0), { kind: 'done' });
      assert.deepEqual(
        [await read('a'), await read('b'), await read()],
        [
          [2, 0],
          [3, 0],
          [0, 0],
        ],
      );
      await set('a', 99);
      assert.deepEqual(await read('a'), [0, 0]);
      const messages = [{ sender: 'a', sendTime: START / 1000, msgBodyJson: '[]' }];
      const importing = { type: 'importMessages', now: START + DAY, app: scene.app, groupId: TOWN } as const;
      await scene.commit({ ...importing, topicId: NEWS, messages });
      assert.deepEqual(
        [await read('a'), await read('stranger')],
        [
          [4, 0],
          [4, 0],
        ],
      );
      await set('a', 3);
      assert.deepEqual(await read('a'), [1, 0]);
      const errors = await Promise.all([
        set('stranger', 0),
        set('a', 0, `${TOWN}@TOPIC#_none`),
        scene.commit({ type: 'setUnread', ...inGroup(scene), topicId: NEWS, userId: 'a', unread: 0 }),
      ]);
      assert.deepEqual(
        errors.map((result) => result.kind === 'refused' && result.error),
        ['INVALID_PARAMETERS', 'GROUP_NOT_FOUND', 'GROUP_NOT_FOUND'],
      );
      const leaving = { type: 'deleteMembers', now: START, app: scene.app, operator: 'x' } as const;
      await scene.commit({ ...leaving, groupId: TOWN, userIds: ['a'], silent: true });
      assert.deepEqual(
        [await read('a'), await read('b')],
        [
          [4, 0],
          [4, 0],
        ],
      );
      await scene.commit(destroyTopics(NEWS));
      await scene.commit(createTopic(NEWS));
      assert.deepEqual(await read('b'), [0, 0]);
    });

    test('nothing is unread in a Meeting; who is no member has no mark', async () => {
      await using scene = await openScene(open);
      await scene.group('meeting', ['a'], { groupType: 'ChatRoom' });
      await scene.sent('meeting', 'a');
      assert.deepEqual(await setUnread(scene, 'a', 0, 'meeting'), { kind: 'done' });
      assert.deepEqual(await marks(scene, 'meeting'), { a: 0 });
      await scene.group('g', ['a']);
      await scene.accounts('b');
      const errors = await Promise.all([setUnread(scene, 'b', 0), setUnread(scene, 'a', 0, 'none')]);
      assert.deepEqual(
        errors.map((result) => result.kind === 'refused' && result.error),
        ['INVALID_PARAMETERS', 'GROUP_NOT_FOUND'],
      );
    });
  });
}
