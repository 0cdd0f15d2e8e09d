import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR, START, sendMessage } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';

export function frequencySuite({ open }: StoreKind): void {
  describe('the frequency cap', () => {
    test('drops what a group gets beyond its messages of a second, all senders together', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 2 } });
      await scene.group('g', ['a', 'b']);
      await scene.group('h', ['a']);
      const hook = await scene.endpoint('hook');
      await scene.sent('g', 'a');
      await scene.sent('g', 'b', { now: START + 900 });
      assert.deepEqual(await scene.send('g', 'a', { now: START + 999 }), {
        kind: 'dropped',
        msgTime: START / 1000,
      });
      await scene.sent('h', 'a', { now: START + 999 });
      await scene.sent('g', 'a', { now: START + 1_000 });
      assert.deepEqual(await scene.history('g'), [3, 2, 1]);
      assert.equal((await scene.drain(hook)).length, 4);
    });

    test('answers with an error where that is asked for', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 1, onLimit: 'error' } });
      await scene.group('g', ['a']);
      await scene.sent('g', 'a');
      assert.equal(await scene.sendRefused('g', 'a'), 'MESSAGE_FREQUENCY');
      assert.deepEqual(await scene.history('g'), [1]);
    });

    test('0 is no limit', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
      await scene.group('g', ['a']);
      const results = await scene.batch(...Array.from({ length: 100 }, () => sendMessage('g', 'a')));
      assert.ok(results.every((result) => result.kind === 'sent'));
    });

    test('within a batch what is more important passes first, in its place', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 2 } });
      await scene.group('g', ['a']);
      const results = await scene.batch(
        sendMessage('g', 'a', { priority: 'Low' }),
        sendMessage('g', 'a', { priority: 'Normal' }),
        sendMessage('g', 'a', { priority: 'High' }),
        sendMessage('g', 'a', { priority: 'High' }),
      );
      const kinds = results.map((result) => (result.kind === 'sent' ? result.msgSeq : result.kind));
      // One place is left when the Normal one comes, and two High ones wait behind it.
      assert.deepEqual(kinds, ['dropped', 'dropped', 1, 2]);
    });

    test('a clock that is put back does not close a group', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 1 } });
      await scene.group('g', ['a']);
      await scene.sent('g', 'a', { now: START + HOUR });
      await scene.sent('g', 'a', { now: START });
      await scene.sent('g', 'a', { now: START + 1_000 });
      assert.equal((await scene.send('g', 'a', { now: START + 1_500 })).kind, 'dropped');
    });

    test('repetitions and refusals use up nothing', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 2 } });
      await scene.group('g', ['a']);
      await scene.sent('g', 'a', { random: 7 });
      assert.equal((await scene.send('g', 'a', { random: 7 })).kind, 'duplicate');
      assert.equal(await scene.sendRefused('g', 'nobody'), 'ACCOUNT_NOT_FOUND');
      await scene.sent('g', 'a');
    });
  });
}
