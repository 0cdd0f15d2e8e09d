import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendMessage } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

async function failures(scene: Scene, endpointId: number): Promise<unknown[]> {
  const events = await scene.drain(endpointId);
  return events.map(({ facts }) => {
    assert.ok(facts.kind === 'group.message.exception');
    return [facts.errorCode, facts.sender, facts.msgBodyJson.length];
  });
}

/** tencent-webhooks C.3. */
export function sendFailureSuite({ open }: StoreKind): void {
  describe('messages that were not sent', () => {
    const KIND = 'group.message.exception';
    const LENGTH = sendMessage('g', 'a').msgBodyJson.length;

    test('whoever asks is told why, after what came before', async () => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 1 } });
      await scene.group('g', ['a']);
      const endpointId = await scene.endpoint('hook', { events: [KIND] });
      assert.equal(await scene.sendRefused('g', 'ghost'), 'ACCOUNT_NOT_FOUND');
      await scene.sent('g', 'a');
      assert.equal((await scene.send('g', 'a')).kind, 'dropped');
      const tooLong = 'x'.repeat(scene.rules.messageBytes + 1);
      assert.equal(await scene.sendRefused('g', 'a', { msgBodyJson: tooLong }), 'BODY_TOO_LONG');
      assert.equal(await scene.sendRefused('none', 'a'), 'GROUP_NOT_FOUND');
      assert.deepEqual(await failures(scene, endpointId), [
        [10019, 'ghost', LENGTH],
        [10023, 'a', LENGTH],
        [80002, 'a', 2],
      ]);
    });

    test('where nobody asks, a refusal leaves no trace', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a']);
      await scene.endpoint('hook');
      const refused = sendMessage('g', 'ghost');
      await scene.commit(refused);
      const refusal = { kind: 'refused', error: 'MUTED', detail: 'muted' } as const;
      await scene.commit({
        type: 'reportSendFailure',
        now: scene.now,
        app: scene.app,
        send: refused,
        refusal,
      });
      assert.equal((await scene.sent('g', 'a')).logSeq, 2);
    });
  });
}
