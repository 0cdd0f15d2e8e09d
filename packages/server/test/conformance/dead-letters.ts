import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CloseDeadLetters } from '../../src/store/commands.ts';
import { APP, checkpoint, DAY, HOUR, OTHER_APP, progress, START, trim } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

/** Groups with events that two endpoints have given up: `[endpoint, group]`, oldest first, one letter for each event. */
async function withLetters(open: StoreKind['open'], groups: readonly string[]) {
  const scene = await openScene(open);
  const endpoints = { hook: await scene.endpoint('hook'), other: await scene.endpoint('other') };
  for (const groupId of groups) {
    const { streamId } = await scene.group(groupId, ['a']);
    await scene.sent(groupId, 'a');
    for (const endpointId of Object.values(endpoints)) {
      const lane = { endpointId, streamId };
      const letter = { lane, seq: 2, reason: 'age', detail: '', attempts: 1, firstAttemptAt: START } as const;
      const lanes = [progress(lane, { cursor: 2, idle: true })];
      await scene.commit(checkpoint(scene.store.generation, { deadLetters: [letter], lanes }));
    }
  }
  return { scene, ...endpoints };
}

const close = (fields: Partial<CloseDeadLetters>): CloseDeadLetters => ({
  type: 'closeDeadLetters',
  now: START + HOUR,
  app: APP,
  how: 'replay',
  after: 0,
  limit: 100,
  ...fields,
});

const openOf = async (scene: Scene): Promise<string[]> =>
  (await scene.store.deadLetters({ includeReplayed: false, limit: 100 }))
    .map(({ endpoint, groupId }) => `${endpoint} ${groupId}`)
    .toReversed();

export function deadLetterSuite({ open }: StoreKind): void {
  describe('many dead letters', () => {
    test('all of an endpoint are sent again, in pages, and none twice', async () => {
      const { scene, hook, other } = await withLetters(open, ['g1', 'g2', 'g3']);
      await using _ = scene;
      const first = await scene.commit(close({ endpoint: 'hook', limit: 2 }));
      assert.deepEqual(first, { kind: 'done', closed: 2, left: 0, last: 3, through: 6, more: true });
      const { last: after, through } = first;
      const second = await scene.commit(close({ endpoint: 'hook', limit: 2, after, through }));
      assert.deepEqual([second.closed, second.more], [1, false]);
      assert.deepEqual(await openOf(scene), ['other g1', 'other g2', 'other g3']);
      assert.equal((await scene.drain(hook)).length, 3);
      assert.deepEqual(await scene.drain(other), []);
      assert.equal((await scene.commit(close({ endpoint: 'hook' }))).closed, 0);
    });

    test('those of a group only, of the app only, and none that came later', async () => {
      const { scene } = await withLetters(open, ['g1', 'g2']);
      await using _ = scene;
      assert.equal((await scene.commit(close({ app: OTHER_APP }))).closed, 0);
      assert.equal((await scene.commit(close({ endpoint: 'nobody' }))).closed, 0);
      assert.equal((await scene.commit(close({ through: 1 }))).closed, 1);
      assert.equal((await scene.commit(close({ groupId: 'g2' }))).closed, 2);
      assert.deepEqual(await openOf(scene), ['other g1']);
    });

    test('those of a deleted endpoint are listed, cannot be sent again, and go when they are dismissed', async () => {
      const { scene } = await withLetters(open, ['g1', 'g2']);
      await using _ = scene;
      const gone = { type: 'deleteEndpoint', now: START, app: APP, name: 'hook', force: false } as const;
      assert.equal((await scene.commit(gone)).kind, 'done');
      const replayed = await scene.commit(close({}));
      assert.deepEqual([replayed.closed, replayed.left], [2, 2]);
      assert.deepEqual(await openOf(scene), ['hook g1', 'hook g2']);
      const later = { now: START + 30 * DAY };
      await scene.drain((await scene.store.endpoints())[0]?.id ?? 0);
      await scene.commit(trim(later));
      assert.equal(
        (await scene.store.deadLetters({ includeReplayed: false, limit: 1 }))[0]?.msgSeq,
        1,
        'kept',
      );
      const dismissed = await scene.commit(close({ how: 'dismiss', endpoint: 'hook', ...later }));
      assert.deepEqual([dismissed.closed, dismissed.left], [2, 0]);
      assert.deepEqual(await openOf(scene), []);
      const [row] = await scene.store.deadLetters({ endpoint: 'hook', includeReplayed: true, limit: 1 });
      assert.deepEqual([row?.dismissedAt, row?.replayedAt], [later.now, undefined]);
      const { logRows } = await scene.commit(trim({ now: later.now + HOUR }));
      assert.ok(logRows >= 2, 'they keep their events no longer');
    });

    test('one that was dismissed is not sent again', async () => {
      const { scene, hook } = await withLetters(open, ['g1']);
      await using _ = scene;
      assert.equal((await scene.commit(close({ how: 'dismiss', id: 1, limit: 1 }))).closed, 1);
      assert.equal((await scene.commit(close({ how: 'dismiss', id: 1, limit: 1 }))).closed, 0);
      const replay = await scene.commit({ type: 'replayDeadLetter', now: START, app: APP, id: 1 });
      assert.ok(replay.kind === 'refused');
      assert.match(replay.why, /was dismissed already/);
      assert.deepEqual(await scene.drain(hook), []);
    });
  });
}
