import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import {
  APP,
  checkpoint,
  endpointSettings,
  HOUR,
  OTHER_APP,
  progress,
  putEndpoint,
  START,
} from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

async function named(scene: Scene, name: string) {
  const found = (await scene.store.endpoints()).filter((endpoint) => endpoint.settings.name === name);
  assert.ok(found.length <= 1);
  return found[0];
}

function sync(scene: Scene, ...endpoints: EndpointSettings[]) {
  return scene.commit({ type: 'syncEndpoints', now: START, app: APP, endpoints });
}

function pause(scene: Scene, name: string, paused = true) {
  return scene.commit({ type: 'setEndpointPaused', now: START, app: APP, name, paused });
}

function remove(scene: Scene, name: string, force = false) {
  return scene.commit({ type: 'deleteEndpoint', now: START + HOUR, app: APP, name, force });
}

function code(result: { readonly kind: string; readonly code?: string; readonly why?: string }): string {
  if (result.kind === 'refused') assert.ok((result.why ?? '').length > 20, 'a refusal is a sentence');
  return result.code ?? result.kind;
}

export function endpointSuite(kind: StoreKind): void {
  describe('endpoints', () => {
    byApi(kind);
    byFile(kind);
    bothWays(kind);
    deleting(kind);
  });
}

function byApi({ open, durable }: StoreKind): void {
  test('one that is put is there with its settings, also after a restart', async () => {
    await using scene = await openScene(open);
    const settings = { url: 'https://x.example/', groups: ['g'], authToken: 't', headers: { 'X-A': '1' } };
    const id = await scene.endpoint('hook', settings);
    if (durable) await scene.reopen();
    assert.deepEqual(await scene.store.endpoints(), [
      {
        id,
        app: APP,
        source: 'api',
        paused: false,
        version: 1,
        createdAt: START,
        starting: false,
        settings: endpointSettings('hook', settings),
      },
    ]);
  });

  test('one that is put again keeps its identity, and its version grows', async () => {
    await using scene = await openScene(open);
    const id = await scene.endpoint('hook');
    await pause(scene, 'hook');
    assert.equal(await scene.endpoint('hook', { timeoutMs: 99 }), id);
    const endpoint = await named(scene, 'hook');
    assert.deepEqual([endpoint?.version, endpoint?.settings.timeoutMs, endpoint?.paused], [2, 99, true]);
  });

  test('a pause is shown and ended; what is unknown cannot be paused', async () => {
    await using scene = await openScene(open);
    await scene.endpoint('hook');
    assert.deepEqual(await pause(scene, 'hook'), { kind: 'done' });
    assert.equal((await named(scene, 'hook'))?.pauseReason, 'operator');
    assert.deepEqual(await pause(scene, 'hook', false), { kind: 'done' });
    assert.equal((await named(scene, 'hook'))?.paused, false);
    assert.equal(code(await pause(scene, 'none')), 'not-found');
  });
}

function byFile({ open }: StoreKind): void {
  test('the file creates, changes and pauses what vanished from it; the same file again changes nothing', async () => {
    await using scene = await openScene(open);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => endpointSettings(name));
    assert.ok(a && b && c);
    assert.deepEqual(await sync(scene, a, b), { kind: 'done', created: ['a', 'b'], changed: [], paused: [] });
    assert.deepEqual(await sync(scene, a, b), { kind: 'done', created: [], changed: [], paused: [] });
    const slower = { ...a, timeoutMs: 9_000 };
    assert.deepEqual(await sync(scene, slower, c), {
      kind: 'done',
      created: ['c'],
      changed: ['a'],
      paused: ['b'],
    });
    assert.deepEqual(
      [(await named(scene, 'a'))?.settings.timeoutMs, (await named(scene, 'a'))?.source],
      [9_000, 'config'],
    );
    assert.equal((await named(scene, 'b'))?.pauseReason, 'not-in-config');
    assert.deepEqual(await sync(scene, slower, c), { kind: 'done', created: [], changed: [], paused: [] });
  });

  test('one that returns to the file goes on where it stood', async () => {
    await using scene = await openScene(open);
    const hook = endpointSettings('hook');
    await sync(scene, hook);
    const id = (await named(scene, 'hook'))?.id ?? 0;
    await scene.group('g', ['a']);
    await sync(scene);
    await scene.sent('g', 'a');
    assert.deepEqual(await sync(scene, hook), { kind: 'done', created: [], changed: ['hook'], paused: [] });
    assert.equal((await named(scene, 'hook'))?.paused, false);
    assert.equal((await scene.drain(id)).length, 1);
  });

  test("an operator's pause outlasts changes of the file", async () => {
    await using scene = await openScene(open);
    await sync(scene, endpointSettings('hook'));
    await pause(scene, 'hook');
    assert.deepEqual(await sync(scene, endpointSettings('hook')), {
      kind: 'done',
      created: [],
      changed: [],
      paused: [],
    });
    await sync(scene, endpointSettings('hook', { timeoutMs: 9 }));
    assert.deepEqual(await sync(scene), { kind: 'done', created: [], changed: [], paused: [] });
    await sync(scene, endpointSettings('hook', { timeoutMs: 10 }));
    assert.equal((await named(scene, 'hook'))?.pauseReason, 'operator');
  });
}

function bothWays({ open }: StoreKind): void {
  test('what the file gives can neither be put nor deleted by the API', async () => {
    await using scene = await openScene(open);
    await sync(scene, endpointSettings('hook'));
    assert.equal(code(await scene.commit(putEndpoint('hook', { timeoutMs: 9 }))), 'conflict');
    assert.equal(code(await remove(scene, 'hook', true)), 'conflict');
    assert.equal((await named(scene, 'hook'))?.settings.timeoutMs, 2_000);
  });

  test('the file takes over an endpoint of the API, and leaves the others alone', async () => {
    await using scene = await openScene(open);
    const id = await scene.endpoint('hook');
    await scene.endpoint('mine');
    const result = await sync(scene, endpointSettings('hook'));
    assert.deepEqual(result, { kind: 'done', created: [], changed: ['hook'], paused: [] });
    const endpoint = await named(scene, 'hook');
    assert.deepEqual([endpoint?.id, endpoint?.source], [id, 'config']);
    assert.deepEqual(
      [(await named(scene, 'mine'))?.paused, (await named(scene, 'mine'))?.source],
      [false, 'api'],
    );
  });
}

function deleting({ open, durable }: StoreKind): void {
  test('one that has caught up goes; its name may be used again for another', async () => {
    await using scene = await openScene(open);
    const id = await scene.endpoint('hook');
    await scene.group('g', ['a']);
    await scene.sent('g', 'a');
    await scene.drain(id);
    assert.deepEqual(await remove(scene, 'hook'), { kind: 'done', lanes: 0, jobId: 0 });
    assert.deepEqual(await scene.store.endpoints(), []);
    assert.equal(code(await remove(scene, 'hook')), 'not-found');
    const second = await scene.endpoint('hook');
    assert.notEqual(second, id);
    await scene.sent('g', 'a');
    assert.deepEqual(
      (await scene.drain(second)).map((event) => event.seq),
      [3],
    );
    assert.deepEqual(await scene.dueLanes(id), []);
  });

  test('with undelivered events it stays, unless forced: then each lane ends as a dead letter', async () => {
    await using scene = await openScene(open);
    const hook = await scene.endpoint('hook');
    const other = await scene.endpoint('other');
    for (const groupId of ['g', 'h', 'done']) {
      const { streamId } = await scene.group(groupId, ['a']);
      await scene.sent(groupId, 'a', { forbidAfterWebhook: true });
      await scene.sent(groupId, 'a');
      await scene.sent(groupId, 'a');
      const lane = { endpointId: hook, streamId };
      if (groupId === 'done') await scene.save(progress(lane, { cursor: 4, idle: true }));
      if (groupId === 'h') await scene.save(progress(lane, { cursor: 3 }));
    }
    const refused = await remove(scene, 'hook');
    assert.ok(refused.kind === 'refused' && refused.code === 'conflict');
    assert.match(refused.why, /undelivered events in 2 groups; delete it with force/);
    assert.deepEqual(await remove(scene, 'hook', true), { kind: 'done', lanes: 2, jobId: 1 });
    assert.equal((await scene.store.endpoints()).length, 1, 'it is gone at once');
    assert.deepEqual(await scene.dueLanes(hook), [], 'nothing is due, also for who has not heard of it');
    await scene.finishJobs(1);
    const rows = await scene.store.deadLetters({ endpoint: 'hook', includeReplayed: false, limit: 10 });
    assert.deepEqual(
      rows.map((row) => [row.groupId, row.logSeq, row.msgSeq, row.reason, row.at]).toSorted(),
      [
        ['g', 3, 2, 'endpoint-deleted', START],
        ['h', 4, 3, 'endpoint-deleted', START],
      ],
    );
    assert.deepEqual(await scene.dueLanes(hook), []);
    assert.equal((await scene.drain(other)).length, 6);
  });

  test('a lane that only sends again, or only passes over events, leaves no dead letter', async () => {
    await using scene = await openScene(open);
    const hook = await scene.endpoint('hook');
    for (const groupId of ['g', 'h']) {
      await scene.group(groupId, ['a']);
      await scene.sent(groupId, 'a');
    }
    await scene.drain(hook);
    await scene.commit({ type: 'startReplay', now: START, app: APP, endpoint: 'hook', groupId: 'g' });
    await scene.sent('h', 'a');
    await scene.sent('h', 'a', { forbidAfterWebhook: true });
    const lane = (await scene.dueLanes(hook)).find((row) => row.cursor === 2 && row.dueAt === START);
    assert.ok(lane !== undefined);
    const { streamId } = await scene.groupNow('h');
    await scene.save(progress({ endpointId: hook, streamId }, { cursor: 3 }));
    assert.deepEqual(await remove(scene, 'hook', true), { kind: 'done', lanes: 2, jobId: 1 });
    await scene.finishJobs(9);
    assert.deepEqual(await scene.store.deadLetters({ includeReplayed: true, limit: 10 }), []);
    assert.deepEqual(await scene.dueLanes(hook), []);
  });

  test('attempts and dead letters of a deleted endpoint keep its name', async () => {
    await using scene = await openScene(open);
    const hook = await scene.endpoint('hook');
    await scene.group('g', ['a']);
    await scene.sent('g', 'a');
    await remove(scene, 'hook', true);
    await scene.finishJobs(9);
    await scene.endpoint('hook');
    const [row] = await scene.store.deadLetters({ app: APP, includeReplayed: false, limit: 1 });
    assert.deepEqual([row?.endpoint, row?.logSeq], ['hook', 2]);
    assert.deepEqual((await scene.store.stats()).deadLetters, [{ app: APP, endpoint: 'hook', open: 1 }]);
    assert.equal(code(await scene.commit({ ...putEndpoint('hook'), app: OTHER_APP })), 'done');
    assert.ok(hook > 0);
  });

  test('a backlog of many groups is ended a page at a time, also over a restart', async () => {
    await using scene = await openScene(open);
    await scene.endpoint('hook');
    const groups = ['g1', 'g2', 'g3', 'g4', 'g5'];
    for (const groupId of groups) {
      await scene.group(groupId, ['a']);
      await scene.sent(groupId, 'a');
    }
    await remove(scene, 'hook', true);
    const letters = () => scene.store.deadLetters({ endpoint: 'hook', includeReplayed: false, limit: 10 });
    const page = { type: 'continueJobs', now: START + HOUR, pageSize: 2 } as const;
    assert.equal((await scene.commit(page)).more, true);
    assert.deepEqual([(await letters()).length, (await scene.store.jobs())[0]?.streamsDone], [2, 2]);
    if (durable) await scene.reopen();
    for (const groupId of groups) await scene.sent(groupId, 'a');
    await scene.finishJobs(2);
    assert.deepEqual((await letters()).map((row) => row.groupId).toSorted(), groups);
    const [job] = await scene.store.jobs();
    assert.deepEqual([job?.kind, job?.endpoint, job?.streamsDone], ['delete', 'hook', 5]);
    assert.ok(job?.finishedAt !== undefined);
  });

  test('a dead letter that was to be sent again is one again when its endpoint goes', async () => {
    await using scene = await openScene(open);
    const hook = await scene.endpoint('hook');
    const { streamId } = await scene.group('g', ['a']);
    const lane = { endpointId: hook, streamId };
    await scene.sent('g', 'a');
    const letter = {
      lane,
      seq: 2,
      reason: 'attempts',
      detail: 'x',
      attempts: 3,
      firstAttemptAt: START,
    } as const;
    const lanes = [progress(lane, { cursor: 2, idle: true })];
    await scene.commit(checkpoint(scene.store.generation, { lanes, deadLetters: [letter] }));
    const [first] = await scene.store.deadLetters({ includeReplayed: false, limit: 1 });
    await scene.commit({ type: 'replayDeadLetter', now: START, app: APP, id: first?.id ?? 0 });
    await remove(scene, 'hook', true);
    await scene.finishJobs(9);
    const left = await scene.store.deadLetters({ includeReplayed: false, limit: 10 });
    assert.deepEqual(
      left.map((row) => [row.logSeq, row.reason, row.detail]),
      [[2, 'endpoint-deleted', 'the endpoint was deleted before this dead letter was sent again']],
    );
  });
}
