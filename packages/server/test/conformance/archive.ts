import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { APP } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';

export function archiveSuite({ open }: StoreKind): void {
  describe('what history files are made from', () => {
    test('groups with a message since then, in the order of their streams', async () => {
      await using scene = await openScene(open);
      for (const group of ['a', 'idle', 'b']) await scene.group(group, ['u']);
      const since = Math.floor(scene.now / 1000);
      await scene.sent('a', 'u');
      await scene.sent('b', 'u');
      const { groups, nextStream } = await scene.store.archiveGroups({
        app: APP,
        activeSince: since,
        fromStream: 0,
      });
      assert.deepEqual(
        groups.map(({ groupId, nextMsgSeq }) => [groupId, nextMsgSeq]),
        [
          ['a', 2],
          ['b', 2],
        ],
      );
      assert.equal(nextStream, undefined);
      const [, b] = groups;
      assert.ok(b);
      const rest = await scene.store.archiveGroups({ app: APP, activeSince: since, fromStream: b.streamId });
      assert.deepEqual(rest.groups, [b]);
      const later = { app: APP, activeSince: since + 3_600, fromStream: 0 };
      assert.deepEqual(await scene.store.archiveGroups(later), { groups: [] });
    });

    test('messages of a stretch of numbers and of time', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['u']);
      const start = scene.now;
      for (let minute = 0; minute < 6; minute++) {
        await scene.sent('g', 'u');
        scene.now += 60_000;
      }
      const [group] = (await scene.store.archiveGroups({ app: APP, activeSince: 0, fromStream: 0 })).groups;
      assert.ok(group);
      const query = { streamId: group.streamId, afterMsgSeq: 1, throughMsgSeq: 5 };
      const messages = await scene.store.archiveMessages({
        ...query,
        fromTime: start + 60_000,
        toTime: start + 4 * 60_000,
      });
      assert.deepEqual(
        messages.map(({ msgSeq, time, sender }) => [msgSeq, time, sender]),
        [2, 3, 4].map((msgSeq) => [msgSeq, start + (msgSeq - 1) * 60_000, 'u']),
      );
      assert.ok(messages.every(({ msgBodyJson }) => Array.isArray(JSON.parse(msgBodyJson))));
    });
  });
}
