import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ImportedMessage, MessageResults } from '../../src/store/message-commands.ts';
import { DAY, START, startReplay } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const NOW = START / 1000;
const LATER = START + DAY;
const text = (of: string) => JSON.stringify([{ MsgContent: { Text: of }, MsgType: 'TIMTextElem' }]);
const old = (sendTime: number, fields: Partial<ImportedMessage> = {}): ImportedMessage => ({
  sender: 'a',
  sendTime,
  msgBodyJson: text('old'),
  ...fields,
});

async function imported(scene: Scene, groupId: string, ...messages: ImportedMessage[]): Promise<unknown> {
  const result = await scene.commit({
    type: 'importMessages',
    now: LATER,
    app: scene.app,
    groupId,
    messages,
  });
  return outcomes(result);
}

function outcomes(result: MessageResults['importMessages']): unknown {
  if (result.kind === 'refused') return result.error;
  return result.messages.map(({ msgSeq, msgTime, refusal }) => [msgSeq, msgTime - NOW, refusal?.error]);
}

/** tencent-rest-message C2.4. */
export function importSuite({ open }: StoreKind): void {
  describe('importing messages', () => {
    test('they keep their times, take the next numbers, and are told to nobody', async () => {
      await using scene = await openScene(open);
      const { streamId } = await scene.group('g', ['a', 'b']);
      const endpointId = await scene.endpoint('hook');
      const given = [
        old(NOW, { random: 5 }),
        old(NOW + 9),
        old(NOW + 9, { sender: 'b', cloudCustomData: 'c' }),
      ];
      assert.deepEqual(await imported(scene, 'g', ...given), [
        [1, 0, undefined],
        [2, 9, undefined],
        [3, 9, undefined],
      ]);
      const page = await scene.store.history({ app: scene.app, groupId: 'g', fromMsgSeq: 0, limit: 20 });
      assert.deepEqual(
        page?.messages.map((message) => [
          message.msgSeq,
          message.msgTime - NOW,
          message.sender,
          message.random,
        ]),
        [
          [3, 9, 'b', 0],
          [2, 9, 'a', 0],
          [1, 0, 'a', 5],
        ],
      );
      const group = await scene.groupNow('g');
      assert.deepEqual([group.nextMsgSeq, group.lastMsgTime], [4, NOW + 9]);
      assert.deepEqual(await scene.drain(endpointId), []);
      await scene.commit(startReplay('hook', { groupId: 'g', now: LATER }));
      await scene.finishJobs();
      assert.deepEqual(await scene.drain(endpointId), []);
      const sent = await scene.sent('g', 'a', { now: LATER });
      assert.deepEqual([sent.msgSeq, sent.streamId], [4, streamId]);
    });

    test('a time that cannot be and a message that is too long have an answer of their own', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a']);
      const tooLong = text('x'.repeat(scene.rules.messageBytes));
      assert.deepEqual(
        await imported(
          scene,
          'g',
          old(NOW - 1),
          old(NOW + 5),
          old(NOW + 4),
          old(NOW + 6, { msgBodyJson: tooLong }),
          old(LATER / 1000 + 1),
          old(LATER / 1000),
        ),
        [
          [0, -1, 'INVALID_PARAMETERS'],
          [1, 5, undefined],
          [0, 4, 'INVALID_PARAMETERS'],
          [0, 6, 'BODY_TOO_LONG'],
          [0, DAY / 1000 + 1, 'INVALID_PARAMETERS'],
          [2, DAY / 1000, undefined],
        ],
      );
    });

    test('an import that is repeated, also in part, is answered like the first one', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a']);
      const given = [old(NOW, { random: 1 }), old(NOW + 1, { random: 2 }), old(NOW + 1, { random: 2 })];
      const first = [
        [1, 0, undefined],
        [2, 1, undefined],
        [2, 1, undefined],
      ];
      assert.deepEqual(await imported(scene, 'g', ...given), first);
      assert.deepEqual(await imported(scene, 'g', ...given), first);
      const next = await imported(scene, 'g', old(NOW + 1, { random: 2 }), old(NOW + 2, { random: 2 }));
      assert.deepEqual(next, [
        [2, 1, undefined],
        [3, 2, undefined],
      ]);
      assert.deepEqual(await scene.history('g'), [3, 2, 1]);
    });

    test('a Work group comes to life; an AVChatRoom, an unknown group or sender is refused as a whole', async () => {
      await using scene = await openScene(open);
      await scene.group('work', ['a'], { groupType: 'Private' });
      assert.deepEqual(await imported(scene, 'work', old(NOW)), [[1, 0, undefined]]);
      assert.equal((await scene.groupNow('work')).active, true);
      await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
      assert.equal(await imported(scene, 'room', old(NOW)), 'PERMISSION_DENIED');
      assert.equal(await imported(scene, 'none', old(NOW)), 'GROUP_NOT_FOUND');
      const withGhost = await imported(scene, 'work', old(NOW), old(NOW, { sender: 'ghost' }));
      assert.equal(withGhost, 'INVALID_PARAMETERS');
      assert.deepEqual(await scene.history('work'), [1]);
    });
  });

  describe('notices', () => {
    test('a notice to a group stands in the log alone', async () => {
      await using scene = await openScene(open);
      const before = await scene.group('g', ['a']);
      await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
      const notice = {
        type: 'notifyGroup',
        now: START,
        app: scene.app,
        operator: 'x',
        content: 'hi',
      } as const;
      const kinds = await scene.batch(
        { ...notice, groupId: 'g', to: ['a'] },
        { ...notice, groupId: 'room' },
        { ...notice, groupId: 'room', to: ['a'] },
        { ...notice, groupId: 'none' },
        { ...notice, groupId: 'g', content: 'x'.repeat(scene.rules.messageBytes + 1) },
      );
      assert.deepEqual(
        kinds.map((result) => (result.kind === 'refused' ? result.error : result.kind)),
        ['done', 'done', 'PERMISSION_DENIED', 'GROUP_NOT_FOUND', 'BODY_TOO_LONG'],
      );
      assert.deepEqual(await scene.groupNow('g'), before);
      assert.equal((await scene.sent('g', 'a')).logSeq, 3);
    });

    test('broadcasts of an app are numbered, and one comes a second', async () => {
      await using scene = await openScene(open);
      await scene.accounts('a');
      const broadcast = {
        type: 'broadcast',
        now: START,
        app: scene.app,
        sender: 'a',
        senderIsAdmin: false,
        msgBodyJson: text('to all'),
      } as const;
      const results = await scene.batch(
        broadcast,
        broadcast,
        { ...broadcast, now: START + 999 },
        { ...broadcast, now: START + 1_000 },
        { ...broadcast, now: START + 1_000, app: scene.app + 1, senderIsAdmin: true },
        { ...broadcast, now: START + 9_000, sender: 'ghost' },
      );
      assert.deepEqual(
        results.map((result) => (result.kind === 'refused' ? result.error : result.msgSeq)),
        [1, 'MESSAGE_FREQUENCY', 'MESSAGE_FREQUENCY', 2, 1, 'ACCOUNT_NOT_FOUND'],
      );
    });
  });
}
