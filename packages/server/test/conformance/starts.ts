import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Start } from '../../src/domain/endpoint.ts';
import { APP, HOUR, START } from './commands.ts';
import type { OpenStore, StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

/** Groups `g` and `h`, both with three messages an hour apart: events 2, 3 and 4 of each. */
async function withPast(open: OpenStore): Promise<Scene> {
  const scene = await openScene(open);
  for (const groupId of ['g', 'h']) await scene.group(groupId, ['a']);
  for (let n = 0; n < 3; n += 1) {
    for (const groupId of ['g', 'h']) await scene.sent(groupId, 'a', { now: START + n * HOUR });
  }
  return scene;
}

async function isStarting(scene: Scene, endpointId: number): Promise<boolean | undefined> {
  return (await scene.store.endpoints()).find((endpoint) => endpoint.id === endpointId)?.starting;
}

export function startSuite({ open, durable }: StoreKind): void {
  describe('the start of an endpoint', () => {
    const starts: readonly [Start, number[]][] = [
      [{ at: 'now' }, [5]],
      [{ at: 'beginning' }, [2, 3, 4, 5]],
      [{ at: 'time', time: START + HOUR }, [3, 4, 5]],
      [{ at: 'time', time: START + 9 * HOUR }, [5]],
      [{ at: 'sequence', seq: 4 }, [4, 5]],
      [{ at: 'sequence', seq: 99 }, [5]],
    ];
    for (const [start, expected] of starts) {
      test(`${JSON.stringify(start)}: the past first, then the present, each once`, async () => {
        await using scene = await withPast(open);
        const hook = await scene.endpoint('hook', { start });
        assert.equal(await isStarting(scene, hook), start.at !== 'now');
        for (const groupId of ['g', 'h']) await scene.sent(groupId, 'a', { now: START + 10 * HOUR });
        await scene.finishJobs(1);
        assert.equal(await isStarting(scene, hook), false);
        const events = await scene.drain(hook, 2);
        for (const groupId of ['g', 'h']) {
          const seqs = events.filter(({ facts }) => facts.groupId === groupId).map((event) => event.seq);
          assert.deepEqual(seqs, expected);
        }
      });
    }

    test('is remembered until it is done, also over a restart', async () => {
      await using scene = await withPast(open);
      const hook = await scene.endpoint('hook', { start: { at: 'beginning' } });
      await scene.commit({ type: 'continueJobs', now: START, pageSize: 1 });
      assert.equal(await isStarting(scene, hook), true);
      if (durable) await scene.reopen();
      assert.equal(await isStarting(scene, hook), true);
      await scene.finishJobs(1);
      assert.equal(await isStarting(scene, hook), false);
      assert.equal((await scene.drain(hook)).length, 6);
      assert.deepEqual(
        (await scene.store.jobs()).map((job) => [job.kind, job.endpoint, job.streamsDone]),
        [['start', 'hook', 2]],
      );
    });

    test('counts only once: a change of the endpoint does not start it again', async () => {
      await using scene = await withPast(open);
      const hook = await scene.endpoint('hook');
      assert.equal(await scene.endpoint('hook', { start: { at: 'beginning' } }), hook);
      await scene.finishJobs();
      assert.deepEqual([await isStarting(scene, hook), await scene.drain(hook)], [false, []]);
    });

    test('ends with the endpoint, and what of the past was not sent is accounted for, reached or not', async () => {
      await using scene = await withPast(open);
      const hook = await scene.endpoint('hook', { start: { at: 'beginning' } });
      await scene.commit({ type: 'continueJobs', now: START, pageSize: 1 });
      const deleting = {
        type: 'deleteEndpoint',
        now: START + HOUR,
        app: APP,
        name: 'hook',
        force: true,
      } as const;
      await scene.sent('h', 'a', { now: START + 9 * HOUR });
      assert.deepEqual(await scene.commit(deleting), { kind: 'done', lanes: 2, jobId: 2 });
      if (durable) await scene.reopen();
      await scene.finishJobs(1);
      assert.deepEqual(await scene.dueLanes(hook), []);
      assert.ok((await scene.store.jobs()).every((job) => job.finishedAt !== null));
      const letters = await scene.store.deadLetters({ endpoint: 'hook', includeReplayed: false, limit: 10 });
      assert.deepEqual(letters.map(({ groupId, logSeq, reason }) => [groupId, logSeq, reason]).sort(), [
        ['g', 2, 'endpoint-deleted'],
        ['h', 2, 'endpoint-deleted'],
        ['h', 5, 'endpoint-deleted'],
      ]);
      assert.match(letters.find(({ groupId }) => groupId === 'g')?.detail ?? '', /through log sequence 4 /);
    });

    test('an endpoint that has not been given its past is deleted only with force, also when no lane is behind', async () => {
      await using scene = await withPast(open);
      await scene.endpoint('hook', { start: { at: 'time', time: START + HOUR } });
      const deleting = { type: 'deleteEndpoint', now: START, app: APP, name: 'hook' } as const;
      const refused = await scene.commit({ ...deleting, force: false });
      assert.ok(refused.kind === 'refused' && refused.code === 'conflict', JSON.stringify(refused));
      assert.deepEqual(await scene.commit({ ...deleting, force: true }), {
        kind: 'done',
        lanes: 0,
        jobId: 2,
      });
      await scene.finishJobs(1);
      const letters = await scene.store.deadLetters({ endpoint: 'hook', includeReplayed: false, limit: 10 });
      assert.deepEqual(letters.map(({ groupId, logSeq }) => [groupId, logSeq]).sort(), [
        ['g', 3],
        ['h', 3],
      ]);
    });
  });
}
