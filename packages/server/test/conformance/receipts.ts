import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReportReceipts } from '../../src/store/message-commands.ts';
import { START, trim } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const ASKS = { needReadReceipt: true } as const;
const inGroup = (scene: Scene) => ({ now: START, app: scene.app, groupId: 'g' });
const report = (scene: Scene, reader: string, ...msgSeqs: number[]): ReportReceipts => ({
  type: 'reportReceipts',
  ...inGroup(scene),
  reader,
  msgSeqs,
});

async function counts(scene: Scene, ...msgSeqs: number[]): Promise<unknown> {
  const page = await scene.store.receipts({ app: scene.app, groupId: 'g', msgSeqs });
  return page?.receipts.map(({ msgSeq, readNum, recipients }) => [msgSeq, readNum, recipients]).toSorted();
}

/** All members of one side, a page of `limit` at a time. */
async function members(scene: Scene, msgSeq: number, read: boolean, limit = 200): Promise<string[]> {
  const all: string[] = [];
  for (let after = 0; ; ) {
    const page = await scene.store.receiptMembers({
      app: scene.app,
      groupId: 'g',
      msgSeq,
      read,
      after,
      limit,
    });
    assert.ok(page?.found === true);
    all.push(...page.userIds);
    if (page.next === 0) return all;
    assert.ok(page.userIds.length === limit && page.next > after);
    after = page.next;
  }
}

/** tencent-rest-message C2.9, C2.10. */
export function receiptSuite({ open }: StoreKind): void {
  describe('read receipts', () => {
    test('who was there is to read a message that asks for it; each report counts once', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b', 'c']);
      await scene.sent('g', 'a', ASKS);
      await scene.sent('g', 'a');
      await scene.sent('g', 'administrator', { ...ASKS, senderIsAdmin: true });
      await scene.accounts('late');
      await scene.commit({
        type: 'addMembers',
        ...inGroup(scene),
        operator: 'x',
        userIds: ['late'],
        silent: true,
      });
      assert.deepEqual(await counts(scene, 1, 2, 3, 9), [
        [1, 0, 2],
        [3, 0, 3],
      ]);
      const reported = await scene.batch(
        report(scene, 'b', 1, 2, 1, 3, 9),
        report(scene, 'b', 1),
        report(scene, 'a', 1, 3),
        report(scene, 'late', 1),
      );
      assert.deepEqual(
        reported.map((result) => result.kind === 'done' && result.reported),
        [[1, 3], [], [3], []],
      );
      assert.deepEqual(await counts(scene, 3, 1), [
        [1, 1, 2],
        [3, 2, 3],
      ]);
      assert.deepEqual(await members(scene, 1, true), ['b']);
      assert.deepEqual(await members(scene, 1, false), ['c']);
      assert.deepEqual(await members(scene, 3, true), ['a', 'b']);
    });

    test('of a message for some members only these are to read it', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b', 'c']);
      await scene.sent('g', 'a', { ...ASKS, to: ['b', 'b', 'a'] });
      await scene.batch(report(scene, 'b', 1), report(scene, 'c', 1));
      assert.deepEqual(await counts(scene, 1), [[1, 1, 1]]);
      assert.deepEqual(await members(scene, 1, false), []);
    });

    test('who has left is in no list and no count, whether read or not; who comes back is not asked again', async () => {
      await using scene = await openScene(open);
      const hook = await scene.endpoint('hook', { events: ['group.message.receipts'] });
      await scene.group('g', ['a', 'b', 'c', 'd', 'e']);
      await scene.sent('g', 'a', ASKS);
      await scene.sent('g', 'a', { ...ASKS, to: ['b', 'c'] });
      await scene.batch(report(scene, 'b', 1, 2), report(scene, 'c', 1));
      const remove = (...userIds: string[]) =>
        scene.commit({ type: 'deleteMembers', ...inGroup(scene), operator: 'x', userIds, silent: true });
      await remove('b', 'd');
      const lists = async (msgSeq: number) => [
        await members(scene, msgSeq, true),
        await members(scene, msgSeq, false),
      ];
      assert.deepEqual(await lists(1), [['c'], ['e']]);
      assert.deepEqual(await counts(scene, 1, 2), [
        [1, 1, 2],
        [2, 0, 1],
      ]);
      await scene.commit(report(scene, 'e', 1));
      assert.deepEqual(await counts(scene, 1), [[1, 2, 2]]);
      await scene.commit({ type: 'deleteAccounts', now: START, app: scene.app, userIds: ['e', 'a'] });
      await scene.commit({
        type: 'addMembers',
        ...inGroup(scene),
        operator: 'x',
        userIds: ['b'],
        silent: true,
      });
      assert.deepEqual(await lists(1), [['c'], []]);
      assert.deepEqual(await counts(scene, 1), [[1, 1, 1]]);
      await scene.commit(report(scene, 'c', 2));
      assert.deepEqual(await counts(scene, 2), [[2, 1, 1]]);
      const told = (await scene.drain(hook)).map(({ facts }) => facts);
      assert.deepEqual(
        told.flatMap((facts) =>
          facts.kind === 'group.message.receipts'
            ? facts.receipts.map(({ msgSeq, readNum, unreadNum }) => [msgSeq, readNum, unreadNum])
            : [],
        ),
        [
          [1, 0, 4],
          [2, 0, 2],
          [1, 1, 3],
          [2, 1, 1],
          [1, 2, 2],
          [1, 2, 0],
          [2, 1, 0],
        ],
      );
    });

    test('2,500 members are told apart page by page; who has left is in no list', async () => {
      await using scene = await openScene(open);
      const everybody = Array.from({ length: 2_500 }, (_, n) => `u${n}`);
      await scene.group('g', everybody);
      await scene.sent('g', 'u0', ASKS);
      const readers = everybody.filter((_, n) => n % 3 === 1);
      await Promise.all(readers.map((reader) => scene.commit(report(scene, reader, 1))));
      assert.deepEqual(await counts(scene, 1), [[1, readers.length, 2_499]]);
      assert.deepEqual(await members(scene, 1, true), readers);
      const unread = everybody.filter((_, n) => n % 3 !== 1 && n > 0);
      assert.deepEqual(await members(scene, 1, false), unread);
      const gone = { type: 'deleteMembers', ...inGroup(scene), operator: 'x', silent: true } as const;
      await scene.commit({ ...gone, userIds: ['u1', 'u2'] });
      assert.deepEqual((await members(scene, 1, true, 7)).slice(0, 2), ['u4', 'u7']);
      assert.deepEqual((await members(scene, 1, false)).slice(0, 2), ['u3', 'u5']);
      assert.deepEqual(await counts(scene, 1), [[1, readers.length - 1, 2_497]]);
    });

    test('who is no member reports nothing, nor does anybody where there are none; a recalled message has none', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b']);
      await scene.group('@TGS#_c', ['a'], { groupType: 'Community' });
      await scene.accounts('stranger');
      await scene.sent('g', 'a', ASKS);
      const refused = async (command: ReportReceipts) => {
        const result = await scene.commit(command);
        return result.kind === 'refused' ? result.error : result.kind;
      };
      assert.equal(await refused(report(scene, 'stranger', 1)), 'PERMISSION_DENIED');
      assert.equal(await refused({ ...report(scene, 'a', 1), groupId: '@TGS#_c' }), 'PERMISSION_DENIED');
      assert.equal(await refused({ ...report(scene, 'a', 1), groupId: 'none' }), 'GROUP_NOT_FOUND');
      await scene.commit({ type: 'recallMessages', ...inGroup(scene), operator: 'x', msgSeqs: [1] });
      assert.deepEqual(await counts(scene, 1), []);
    });

    test('the message and its asking are two events, and a hint brings the one it is about', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b']);
      const events = ['group.message.sent', 'group.message.receipts'] as const;
      await scene.endpoint('both', { events });
      await scene.endpoint('asking', { events: ['group.message.receipts'] });
      const { logSeq } = await scene.sent('g', 'a', ASKS);
      const hinted = scene.hints.flatMap(({ endpointId, cursor, event }) =>
        event === undefined ? [] : [[endpointId, cursor, event.seq]],
      );
      assert.deepEqual(hinted, [[1, logSeq - 1, logSeq]]);
      assert.deepEqual(
        (await scene.drain(2)).map(({ seq }) => seq),
        [logSeq + 1],
      );
    });

    test('what hangs on a message goes with it', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b']);
      await scene.sent('g', 'a', { ...ASKS, supportMessageExtension: true });
      await scene.commit(report(scene, 'b', 1));
      const write = { operate: 'set', pairs: [{ key: 'k', value: 'v' }] } as const;
      await scene.commit({ type: 'writeExtensions', ...inGroup(scene), msgSeq: 1, write });
      const windows = { replayWindowMs: 1_000, messageWindowMs: 1_000 };
      await scene.commit(trim({ now: START + 3_600_000, ...windows }));
      assert.deepEqual(await scene.history('g'), []);
      assert.deepEqual(await counts(scene, 1), []);
      const pairs = await scene.store.extensions({
        app: scene.app,
        groupId: 'g',
        msgSeq: 1,
        from: 0,
        limit: 9,
      });
      assert.deepEqual([pairs?.state.latestSeq, pairs?.pairs], [0, []]);
      await scene.sent('g', 'a', { ...ASKS, now: START + 3_600_000 });
      assert.deepEqual(await counts(scene, 2), [[2, 0, 1]]);
    });
  });
}
