import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { APP, HOUR, OTHER_APP, progress, putEndpoint, START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

/** Log sequences an endpoint gets of a group, read from its beginning. */
async function subscribed(scene: Scene, endpointId: number, groupId: string): Promise<number[]> {
  const { streamId } = await scene.groupNow(groupId);
  return (await scene.read({ endpointId, streamId }, 0)).events.map((event) => event.seq);
}

export function laneSuite(kind: StoreKind): void {
  describe('lanes', () => {
    rows(kind);
    hints(kind);
    hintedEvents(kind);
    subscriptions(kind);
  });
}

function rows({ open, durable }: StoreKind): void {
  test('a lane has a row only while it is behind, from the event before the first one it misses', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const endpointId = await scene.endpoint('hook');
    assert.deepEqual(await scene.dueLanes(endpointId), []);
    scene.now = START + HOUR;
    await scene.sent('g', 'a');
    await scene.sent('g', 'a', { now: START + 2 * HOUR });
    const behind = { endpointId, streamId, cursor: 1, acked: [], retries: [], dueAt: START + HOUR };
    assert.deepEqual(await scene.dueLanes(endpointId), [behind]);
    await scene.save(progress(behind, { cursor: 3, idle: true }));
    assert.deepEqual(await scene.dueLanes(endpointId), []);
    await scene.sent('g', 'a');
    assert.deepEqual(
      (await scene.dueLanes(endpointId)).map((lane) => lane.cursor),
      [3],
    );
  });

  test('due lanes come in the order of their due time, bounded, with the time of the next', async () => {
    await using scene = await openScene(open);
    const endpointId = await scene.endpoint('hook');
    const streams = new Map<string, number>();
    for (const [groupId, hours] of [
      ['g3', 3],
      ['g1', 1],
      ['g2', 2],
    ] as const) {
      streams.set(groupId, (await scene.group(groupId, ['a'])).streamId);
      await scene.sent(groupId, 'a', { now: START + hours * HOUR });
    }
    const due = async (now: number, limit: number) => {
      const { lanes, nextDueAt } = await scene.store.dueLanes({ endpointId, now, limit });
      return [lanes.map((lane) => lane.streamId), nextDueAt];
    };
    const [g1, g2, g3] = ['g1', 'g2', 'g3'].map((groupId) => streams.get(groupId));
    const among = async (now: number, held: readonly number[]) => {
      const partitions = { of: 64, held: held.map((streamId) => streamId % 64) };
      const { lanes, nextDueAt } = await scene.store.dueLanes({ endpointId, now, limit: 10, partitions });
      return [lanes.map((lane) => lane.streamId), nextDueAt];
    };
    assert.deepEqual(await among(START + 3 * HOUR, [g3 ?? 0, g2 ?? 0]), [[g2, g3], undefined]);
    assert.deepEqual(await among(START, [g3 ?? 0]), [[], START + 3 * HOUR]);
    assert.deepEqual(await among(START + 3 * HOUR, []), [[], undefined]);
    assert.deepEqual(await due(START, 10), [[], START + HOUR]);
    assert.deepEqual(await due(START + HOUR, 10), [[g1], START + 2 * HOUR]);
    assert.deepEqual(await due(START + 3 * HOUR, 2), [[g1, g2], undefined]);
    assert.deepEqual(await due(START + 3 * HOUR, 10), [[g1, g2, g3], undefined]);
  });

  test('a lane that seems to wait longer than anything is put off was left by a clock set back, and is due', async () => {
    await using scene = await openScene(open);
    const endpointId = await scene.endpoint('hook');
    const streams: number[] = [];
    for (const hours of [0, 1, 2, 5]) {
      const groupId = `g${hours}`;
      streams.push((await scene.group(groupId, ['a'])).streamId);
      await scene.sent(groupId, 'a', { now: START + hours * HOUR });
    }
    const [g0, g1, g2, g5] = streams;
    const due = async (longestWaitMs: number, limit = 10) => {
      const query = { endpointId, now: START, limit, longestWaitMs };
      const { lanes, nextDueAt } = await scene.store.dueLanes(query);
      return [lanes.map((lane) => lane.streamId), nextDueAt];
    };
    assert.deepEqual(await due(5 * HOUR), [[g0], START + HOUR]);
    assert.deepEqual(await due(5 * HOUR - 1), [[g0, g5], START + HOUR]);
    assert.deepEqual(await due(HOUR), [[g0, g2, g5], START + HOUR]);
    assert.deepEqual(await due(HOUR - 1), [[g0, g1, g2, g5], undefined]);
    assert.deepEqual(await due(HOUR - 1, 2), [[g0, g1], undefined]);
  });

  test('what a checkpoint wrote is there again, also after a restart', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const endpointId = await scene.endpoint('hook', { order: 'none' });
    for (let n = 0; n < 5; n += 1) await scene.sent('g', 'a');
    const retries = [{ seq: 4, attempts: 3, firstAttemptAt: START, dueAt: START + HOUR }];
    const row = { endpointId, streamId, cursor: 3, acked: [5, 6], retries, dueAt: START + HOUR };
    await scene.save(progress(row, row));
    assert.deepEqual(await scene.dueLanes(endpointId), [row]);
    if (!durable) return;
    await scene.reopen();
    assert.deepEqual(await scene.dueLanes(endpointId), [row]);
    assert.deepEqual(
      (await scene.read(row, row.cursor)).events.map((event) => event.seq),
      [4, 5, 6],
    );
  });
}

function hints({ open }: StoreKind): void {
  test('each commit tells the lanes that have work, with the cursor of those just made', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const endpointId = await scene.endpoint('hook');
    await scene.sent('g', 'a');
    const [row] = await scene.dueLanes(endpointId);
    assert.ok(row);
    await scene.sent('g', 'a');
    const { events } = await scene.read(row, 1);
    assert.equal(events.length, 2);
    assert.deepEqual(scene.hints, [
      { endpointId, streamId, cursor: 1, event: events[0] },
      { endpointId, streamId, event: events[1] },
    ]);
    await scene.sendRefused('g', 'nobody');
    await scene.sent('g', 'a', { forbidAfterWebhook: true });
    assert.equal(scene.hints.length, 2);
  });
}

function hintedEvents({ open }: StoreKind): void {
  test('a hint brings the very event that a read brings, whatever the message is', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const live = await scene.group('live', ['a'], { groupType: 'AVChatRoom' });
    const endpointId = await scene.endpoint('hook');
    await scene.sent('g', 'a', {
      at: [{ all: true }],
      cloudCustomData: 'custom',
      offlinePushInfoJson: '{"PushFlag":1}',
      needReadReceipt: true,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    await scene.sent('g', 'a', { onlineOnly: true });
    await scene.sent('g', 'admin', { senderIsAdmin: true, priority: 'High' });
    await scene.sent('live', 'a', { onlineOnly: true });
    const read = await scene.store.readEvents(
      [streamId, live.streamId].map((stream) => ({ endpointId, streamId: stream, after: 0, maxEvents: 9 })),
    );
    assert.deepEqual(
      scene.hints.map(({ event }) => event),
      read.flatMap(({ events }) => events),
    );
    assert.equal(scene.hints.length, 4);
    assert.deepEqual(
      scene.hints.map(({ event }) => event?.traceparent?.length),
      [55, undefined, undefined, undefined],
    );
  });
}

function subscriptions({ open }: StoreKind): void {
  test('an endpoint gets what is committed after it was made, as its filter stood then', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.group('h', ['a']);
    const all = await scene.endpoint('all');
    for (const groupId of ['g', 'h']) await scene.sent(groupId, 'a');
    const late = await scene.endpoint('late', { groups: ['g'] });
    for (const groupId of ['g', 'h']) await scene.sent(groupId, 'a');
    assert.equal(await scene.endpoint('late', { groups: ['h'] }), late);
    for (const groupId of ['g', 'h']) await scene.sent(groupId, 'a');
    assert.deepEqual(await subscribed(scene, all, 'g'), [2, 3, 4]);
    assert.deepEqual(await subscribed(scene, late, 'g'), [3]);
    assert.deepEqual(await subscribed(scene, late, 'h'), [4]);
    assert.deepEqual((await scene.dueLanes(late)).map((lane) => lane.cursor).sort(), [2, 3]);
  });

  test('a message that forbids the webhook, a tip and another app reach nobody', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const endpointId = await scene.endpoint('hook');
    const other = await scene.commit(putEndpoint('hook', {}, { app: OTHER_APP }));
    assert.ok(other.kind === 'done');
    await scene.sent('g', 'a', { forbidAfterWebhook: true });
    await scene.accounts('b');
    const added = { app: APP, operator: 'x', groupId: 'g', userIds: ['b'], silent: false };
    await scene.commit({ type: 'addMembers', now: START, ...added });
    assert.deepEqual(await scene.dueLanes(endpointId), []);
    await scene.sent('g', 'a');
    assert.deepEqual(await subscribed(scene, endpointId, 'g'), [4]);
    assert.deepEqual(await subscribed(scene, other.id, 'g'), []);
    assert.deepEqual(await scene.dueLanes(other.id), []);
    assert.deepEqual(
      (await scene.dueLanes(endpointId)).map((lane) => [lane.streamId, lane.cursor]),
      [[streamId, 3]],
    );
  });

  test('an endpoint without events gets none; a paused one holds its cursor', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const none = await scene.endpoint('none', { events: [] });
    const paused = await scene.endpoint('paused');
    await scene.commit({ type: 'setEndpointPaused', now: START, app: APP, name: 'paused', paused: true });
    await scene.sent('g', 'a');
    assert.deepEqual(await scene.dueLanes(none), []);
    assert.deepEqual(
      (await scene.dueLanes(paused)).map((lane) => lane.cursor),
      [1],
    );
  });
}
