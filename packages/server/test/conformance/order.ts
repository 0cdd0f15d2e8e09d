import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progress } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';

/** Of a store that works elsewhere: what the dispatcher relies on (docs/decisions/0004). In process reads are answered at once. */
export function orderSuite({ open }: StoreKind): void {
  test('answers come in the order in which the store worked: no hint overtakes a read that did not see its event', async () => {
    await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
    const { streamId } = await scene.group('g', ['a']);
    const endpointId = await scene.endpoint('hook');
    let told = 1;
    scene.store.onLanes((hints) => {
      for (const { event } of hints) told = Math.max(told, event?.seq ?? 0);
    });
    const sending = async () => {
      for (let n = 0; n < 100; n += 1) await scene.sent('g', 'a');
    };
    const reading = async () => {
      for (let after = 1; after < 201; ) {
        const { scannedThrough, atHead } = await scene.read({ endpointId, streamId }, after, 32);
        if (atHead)
          assert.ok(told <= scannedThrough, `told of ${told} before a read that ended at ${scannedThrough}`);
        after = scannedThrough;
      }
    };
    await Promise.all([sending(), sending(), reading()]);
  });

  test('a lane that caught up while a message was being sent is told, or kept', async () => {
    await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
    const { streamId } = await scene.group('g', ['a']);
    const lane = { endpointId: await scene.endpoint('hook'), streamId };
    for (let seq = 2; seq < 60; seq += 1) {
      scene.hints.length = 0;
      const [, { kept }] = await Promise.all([
        scene.sent('g', 'a'),
        scene.save(progress(lane, { cursor: seq - 1, idle: true })) as Promise<{ kept: readonly unknown[] }>,
      ]);
      const rows = await scene.dueLanes(lane.endpointId);
      assert.deepEqual(
        rows.map(({ cursor }) => cursor),
        [seq - 1],
      );
      assert.equal(kept.length + scene.hints.filter(({ cursor }) => cursor !== undefined).length > 0, true);
    }
  });
}
