import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LaneEvent } from '../../src/store/lanes.ts';
import { APP, DAY, putEndpoint, START, startReplay, trim } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const STANDARD = { dialect: 'standard', revision: '1' } as const;

/** Each event with the one it says came before it. */
function links(events: readonly LaneEvent[]): (readonly [seq: number, prev: number | undefined])[] {
  return events.map(({ seq, link }) => [seq, link?.prev]);
}

async function join(scene: Scene, userId: string): Promise<void> {
  await scene.accounts(userId);
  const at = { now: scene.now, app: APP, operator: 'x', groupId: 'g', silent: true };
  const added = await scene.commit({ type: 'addMembers', userIds: [userId], ...at });
  assert.equal(added.kind, 'done');
}

export function chainSuite(kind: StoreKind): void {
  describe('chains', () => {
    linking(kind);
    hints(kind);
    retention(kind);
    changes(kind);
  });
}

function linking({ open, durable }: StoreKind): void {
  test('an event names the one before it that was meant for the same lane, whatever lies between', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook', STANDARD);
    const other = await scene.endpoint('other', { ...STANDARD, groups: ['h'] });
    await scene.sent('g', 'a');
    await join(scene, 'b');
    await scene.sent('g', 'a', { forbidAfterWebhook: true });
    await scene.sent('g', 'a');
    await scene.sent('g', 'a');
    await scene.group('h', ['a']);
    await scene.sent('h', 'a');
    assert.deepEqual(links(await scene.drain(hook)), [
      [2, 0],
      [5, 2],
      [6, 5],
      [2, 0],
    ]);
    assert.deepEqual(links(await scene.drain(other)), [[2, 0]]);
  });

  test('each reading says the same, and so does a replay', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const lane = { streamId, endpointId: await scene.endpoint('hook', STANDARD) };
    for (let n = 0; n < 3; n += 1) await scene.sent('g', 'a');
    const first = links((await scene.read(lane, 0)).events);
    assert.deepEqual(first, [
      [2, 0],
      [3, 2],
      [4, 3],
    ]);
    if (durable) await scene.reopen();
    assert.deepEqual(links((await scene.read(lane, 0)).events), first);
    assert.deepEqual(links((await scene.read(lane, 2)).events), first.slice(1));
    await scene.drain(lane.endpointId);
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 2 }));
    assert.deepEqual(links(await scene.drain(lane.endpointId)), first.slice(1));
  });

  test('endpoints of the other dialects have no chain', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook');
    await scene.endpoint('beside', STANDARD);
    await scene.sent('g', 'a');
    assert.deepEqual(links(await scene.drain(hook)), [[2, undefined]]);
    for (const { endpointId, event } of scene.hints) {
      assert.equal(event?.link === undefined, endpointId === hook);
    }
  });
}

function hints({ open }: StoreKind): void {
  test('the event of a hint names the same as the log, also when several share a transaction', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook', STANDARD);
    const late = await scene.endpoint('late', STANDARD);
    await Promise.all([scene.sent('g', 'a'), scene.sent('g', 'a'), scene.sent('g', 'a')]);
    for (const endpointId of [hook, late]) {
      const hinted = scene.hints.filter((hint) => hint.endpointId === endpointId);
      assert.deepEqual(
        hinted.map(({ event }) => event),
        (await scene.read({ endpointId, streamId }, 0)).events,
      );
      assert.equal(hinted.length, 3);
    }
  });
}

function retention({ open }: StoreKind): void {
  test('what has been trimmed is still named', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook', STANDARD);
    await scene.sent('g', 'a');
    await scene.drain(hook);
    scene.now = START + 8 * DAY;
    await scene.sent('g', 'a');
    await scene.drain(hook);
    assert.equal((await scene.commit(trim({ now: scene.now }))).logRows, 2);
    await scene.commit(startReplay('hook', { groupId: 'g' }));
    assert.deepEqual(links(await scene.drain(hook)), [[3, 2]]);
    await scene.sent('g', 'a');
    assert.deepEqual(links(await scene.drain(hook)), [[4, 3]]);
  });

  test('the chains of a deleted endpoint go, and one of the same name begins anew', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook', STANDARD);
    await scene.sent('g', 'a');
    await scene.drain(hook);
    await scene.commit({ type: 'deleteEndpoint', now: START, app: APP, name: 'hook', force: false });
    assert.equal((await scene.commit(trim({ now: START, limit: 1 }))).more, true, 'one row was there to go');
    assert.equal((await scene.commit(trim({ now: START, limit: 1 }))).more, false);
    const again = await scene.endpoint('hook', STANDARD);
    await scene.sent('g', 'a');
    assert.deepEqual(links(await scene.drain(again)), [[3, 0]]);
  });
}

function changes({ open }: StoreKind): void {
  test('an endpoint that turns to this dialect begins its chains with the next event', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook');
    await scene.sent('g', 'a');
    await scene.sent('g', 'a');
    await scene.commit(putEndpoint('hook', STANDARD));
    await scene.sent('g', 'a');
    await scene.sent('g', 'a');
    assert.deepEqual(links(await scene.drain(hook)), [
      [2, 0],
      [3, 0],
      [4, 0],
      [5, 4],
    ]);
  });

  test('what was never meant for the lane, and is sent by a replay, leaves nothing out', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.sent('g', 'a');
    await join(scene, 'b');
    await scene.sent('g', 'a');
    const hook = await scene.endpoint('hook', { ...STANDARD, start: { at: 'beginning' } });
    await scene.finishJobs();
    await scene.sent('g', 'a');
    assert.deepEqual(links(await scene.drain(hook)), [
      [2, 1],
      [4, 3],
      [5, 0],
    ]);
  });
}
