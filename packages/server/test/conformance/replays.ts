import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StartReplay } from '../../src/store/commands.ts';
import type { LaneEvent } from '../../src/store/lanes.ts';
import { APP, checkpoint, HOUR, OTHER_APP, progress, START, startReplay } from './commands.ts';
import type { OpenStore, StoreKind } from './open-store.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

const seqs = (events: readonly LaneEvent[]) => events.map((event) => event.seq);

/** A group `g` with five messages an hour apart, MsgSeq 1 to 5 as events 2 to 6, all delivered to `hook`. */
async function delivered(
  open: OpenStore,
  options: SceneOptions = {},
): Promise<{ scene: Scene; hook: number }> {
  const scene = await openScene(open, options);
  await scene.group('g', ['a']);
  const hook = await scene.endpoint('hook');
  for (let n = 0; n < 5; n += 1) await scene.sent('g', 'a', { now: START + n * HOUR });
  assert.equal((await scene.drain(hook)).length, 5);
  return { scene, hook };
}

async function refusal(scene: Scene, endpoint: string, fields: Partial<StartReplay>): Promise<string> {
  const result = await scene.commit(startReplay(endpoint, fields));
  assert.ok(result.kind === 'refused', JSON.stringify(result));
  assert.ok(result.why.length > 20);
  return result.code;
}

export function replaySuite(kind: StoreKind): void {
  describe('replay', () => {
    rangesOfGroup(kind);
    undelivered(kind);
    oddGroups(kind);
    ofDeadLetters(kind);
    ofAllGroups(kind);
  });
}

function rangesOfGroup({ open }: StoreKind): void {
  const ranges: readonly [string, Partial<StartReplay>, number[]][] = [
    ['everything', {}, [2, 3, 4, 5, 6]],
    ['a range of MsgSeq', { fromMsgSeq: 2, toMsgSeq: 4 }, [3, 4, 5]],
    ['from a MsgSeq on', { fromMsgSeq: 4 }, [5, 6]],
    ['up to a MsgSeq', { toMsgSeq: 1 }, [2]],
    ['a range of time, ends included', { since: START + HOUR, until: START + 2 * HOUR }, [3, 4]],
    ['since a time between two', { since: START + 3 * HOUR + 1 }, [6]],
    ['what both ranges hold', { fromMsgSeq: 2, until: START + 2 * HOUR }, [3, 4]],
  ];
  for (const [what, fields, expected] of ranges) {
    test(`of a group: ${what}`, async () => {
      const { scene, hook } = await delivered(open);
      await using _ = scene;
      assert.deepEqual(await scene.commit(startReplay('hook', { groupId: 'g', ...fields })), {
        kind: 'done',
        jobId: 0,
      });
      assert.deepEqual(seqs(await scene.drain(hook, 2)), expected);
      assert.deepEqual(await scene.dueLanes(hook), []);
    });
  }

  test('the events are the same, marked as sent again', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook');
    await scene.sent('g', 'a');
    const [first] = await scene.drain(hook);
    assert.equal(first?.replayId, undefined);
    scene.hints.length = 0;
    await scene.commit(startReplay('hook', { groupId: 'g' }));
    assert.deepEqual(scene.hints, [{ endpointId: hook, streamId, cursor: 2 }]);
    const [again] = await scene.drain(hook);
    const { replayId, ...event } = again ?? assert.fail();
    assert.ok(typeof replayId === 'number');
    assert.deepEqual(event, first);
  });

  test('what is not there is refused', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    assert.equal(await refusal(scene, 'none', { groupId: 'g' }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { groupId: 'none' }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { groupId: 'g', app: OTHER_APP }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { groupId: 'g', fromMsgSeq: 6 }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { groupId: 'g', toMsgSeq: 0 }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { groupId: 'g', since: START + 9 * HOUR }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { groupId: 'g', until: START - 1 }), 'not-found');
    assert.equal(await refusal(scene, 'hook', { fromMsgSeq: 1 }), 'invalid');
    assert.deepEqual(await scene.dueLanes(hook), []);
  });

  test('to an endpoint that is asked before, or does not want the group, is refused with that reason', async () => {
    const { scene } = await delivered(open);
    await using _ = scene;
    await scene.endpoint('moderator', { events: ['group.message.before-send'] });
    await scene.endpoint('narrow', { groups: ['other'] });
    const why = async (endpoint: string, fields: Partial<StartReplay>) => {
      const result = await scene.commit(startReplay(endpoint, fields));
      assert.ok(result.kind === 'refused', JSON.stringify(result));
      return `${result.code}: ${result.why}`;
    };
    assert.match(await why('moderator', { groupId: 'g' }), /^invalid: endpoint "moderator" is asked before/);
    assert.match(await why('moderator', {}), /^invalid: endpoint "moderator" is asked before/);
    assert.match(
      await why('narrow', { groupId: 'g' }),
      /^not-found: endpoint "narrow" does not want group "g"/,
    );
  });

  test('goes on after a restart where it stood, one event at a time', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 2 }));
    const [lane] = await scene.dueLanes(hook);
    assert.ok(lane !== undefined);
    const { events } = await scene.read(lane, lane.cursor, 2);
    assert.deepEqual(seqs(events), [3, 4]);
    await scene.save(progress(lane, { cursor: 6, replayId: events[0]?.replayId ?? 0, replayedThrough: 3 }));
    assert.deepEqual(seqs(await scene.drain(hook, 1)), [4, 5, 6]);
  });

  test('a checkpoint that is offered again, for its answer was lost, moves no replay that was asked for since', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 2, toMsgSeq: 3 }));
    const [lane] = await scene.dueLanes(hook);
    assert.ok(lane !== undefined);
    const { events } = await scene.read(lane, lane.cursor, 10);
    assert.deepEqual(seqs(events), [3, 4]);
    const settled = progress(lane, { cursor: 6, replayId: events[0]?.replayId ?? 0, replayedThrough: 4 });
    await scene.save(settled);
    await scene.commit(startReplay('hook', { groupId: 'g' }));
    await scene.save(settled);
    assert.deepEqual(seqs(await scene.drain(hook)), [2, 3, 4, 5, 6]);
  });

  test('two replays follow one another', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 4 }));
    await scene.commit(startReplay('hook', { groupId: 'g', toMsgSeq: 2 }));
    await scene.sent('g', 'a', { now: START + 9 * HOUR });
    assert.deepEqual(seqs(await scene.drain(hook)), [5, 6, 2, 3, 7]);
  });
}

function undelivered({ open }: StoreKind): void {
  test('what the lane has not delivered yet is not sent twice', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.sent('g', 'a', { now: START + 9 * HOUR });
    await scene.sent('g', 'a', { now: START + 9 * HOUR });
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 5 }));
    assert.deepEqual(seqs(await scene.drain(hook)), [6, 7, 8]);
  });

  test('of nothing but undelivered events there is nothing to replay', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.endpoint('hook');
    await scene.sent('g', 'a');
    assert.equal(await refusal(scene, 'hook', { groupId: 'g', fromMsgSeq: 1 }), 'not-found');
  });

  test('a lane that waits after failures is not hurried; one that merely rests is', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.sent('g', 'a');
    const [lane] = await scene.dueLanes(hook);
    assert.ok(lane !== undefined);
    const retries = [{ seq: 7, attempts: 1, firstAttemptAt: START, dueAt: START + 9 * HOUR }];
    const dueAfterReplay = async (fields: object, dueAt = START + 9 * HOUR) => {
      await scene.save(progress(lane, { cursor: 6, dueAt, ...fields }));
      await scene.commit(startReplay('hook', { groupId: 'g' }));
      return (await scene.dueLanes(hook))[0]?.dueAt;
    };
    assert.equal(await dueAfterReplay({ retries }), START + 9 * HOUR);
    assert.equal(await dueAfterReplay({ retries: [] }), START);
    assert.equal(await dueAfterReplay({ retries: [] }, START - HOUR), START - HOUR);
  });
}

function oddGroups({ open }: StoreKind): void {
  test('an AVChatRoom is replayed by MsgSeq though it has no history', async () => {
    await using scene = await openScene(open);
    await scene.group('room', ['a'], { groupType: 'AVChatRoom' });
    const hook = await scene.endpoint('hook');
    for (let n = 0; n < 4; n += 1) await scene.sent('room', 'a');
    await scene.drain(hook);
    await scene.commit(startReplay('hook', { groupId: 'room', fromMsgSeq: 2, toMsgSeq: 3 }));
    assert.deepEqual(
      (await scene.drain(hook)).map(({ facts }) => facts.msgSeq),
      [2, 3],
    );
  });

  test('tips, forbidden webhooks and what lies beyond the range stay out', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.accounts('b');
    const hook = await scene.endpoint('hook');
    await scene.sent('g', 'a', { onlineOnly: true });
    await scene.sent('g', 'a');
    await scene.sent('g', 'a', { onlineOnly: true });
    await scene.sent('g', 'a', { forbidAfterWebhook: true });
    const added = { app: APP, operator: 'x', groupId: 'g', userIds: ['b'], silent: false };
    await scene.commit({ type: 'addMembers', now: START, ...added });
    await scene.sent('g', 'a');
    await scene.sent('g', 'a', { onlineOnly: true });
    await scene.drain(hook);
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 1, toMsgSeq: 4 }));
    assert.deepEqual(seqs(await scene.drain(hook)), [3, 4, 7]);
    await scene.commit(startReplay('hook', { groupId: 'g', fromMsgSeq: 2, toMsgSeq: 3 }));
    assert.deepEqual(seqs(await scene.drain(hook)), []);
  });

  test('only what the endpoint wants now is sent again', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.endpoint('hook', { groups: ['other'] });
    assert.equal(await refusal(scene, 'hook', { groupId: 'g' }), 'not-found');
    await scene.endpoint('hook', { groups: ['g'] });
    await scene.commit(startReplay('hook', { groupId: 'g' }));
    await scene.endpoint('hook', { groups: ['other'] });
    assert.deepEqual(await scene.drain(hook), []);
    assert.deepEqual(await scene.dueLanes(hook), []);
  });
}

function ofDeadLetters({ open }: StoreKind): void {
  async function buried(scene: Scene, hook: number, seq: number, fields: object): Promise<number> {
    const [lane] = await scene.dueLanes(hook);
    assert.ok(lane !== undefined);
    const letter = { lane, seq, reason: 'attempts', detail: '', attempts: 3, firstAttemptAt: START } as const;
    await scene.commit(
      checkpoint(scene.store.generation, { deadLetters: [letter], lanes: [progress(lane, fields)] }),
    );
    const [row] = await scene.store.deadLetters({ includeReplayed: false, limit: 1 });
    assert.equal(row?.logSeq, seq);
    return row?.id ?? 0;
  }

  test('a dead letter is sent again once, though the endpoint does not want its like any more', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.sent('g', 'a', { now: START + 9 * HOUR });
    const id = await buried(scene, hook, 7, { cursor: 7, idle: true });
    await scene.endpoint('hook', { groups: ['other'] });
    const replay = { type: 'replayDeadLetter', now: START, app: APP, id } as const;
    assert.deepEqual(await scene.commit(replay), { kind: 'done' });
    assert.deepEqual(seqs(await scene.drain(hook)), [7]);
    const again = await scene.commit(replay);
    assert.equal(again.kind === 'refused' && again.code, 'conflict');
    assert.deepEqual(await scene.dueLanes(hook), []);
  });

  test('one behind the cursor of an unordered lane is sent again too', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook', { order: 'none' });
    for (let n = 0; n < 3; n += 1) await scene.sent('g', 'a');
    const retries = [{ seq: 2, attempts: 1, firstAttemptAt: START, dueAt: START }];
    const id = await buried(scene, hook, 3, { cursor: 1, acked: [3, 4], retries });
    await scene.commit({ type: 'replayDeadLetter', now: START, app: APP, id });
    const [lane] = await scene.dueLanes(hook);
    assert.ok(lane !== undefined);
    assert.deepEqual(seqs((await scene.read(lane, lane.cursor)).events), [3]);
  });

  test('what does not exist, is of another app or of a deleted endpoint is refused', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.sent('g', 'a', { now: START + 9 * HOUR });
    const id = await buried(scene, hook, 7, { cursor: 7, idle: true });
    const code = async (fields: object) => {
      const command = { type: 'replayDeadLetter', now: START, app: APP, id, ...fields } as const;
      const result = await scene.commit(command);
      return result.kind === 'refused' ? result.code : result.kind;
    };
    assert.equal(await code({ id: id + 1 }), 'not-found');
    assert.equal(await code({ app: OTHER_APP }), 'not-found');
    await scene.commit({ type: 'deleteEndpoint', now: START, app: APP, name: 'hook', force: false });
    assert.equal(await code({}), 'conflict');
    assert.equal(await code({ app: OTHER_APP }), 'not-found');
  });
}

function ofAllGroups({ open, durable }: StoreKind): void {
  test('a job pages through the groups of the app, also over a restart', async () => {
    await using scene = await openScene(open);
    const hook = await scene.endpoint('hook');
    for (const groupId of ['g1', 'g2', 'g3', 'g4', 'g5']) {
      await scene.group(groupId, ['a']);
      await scene.sent(groupId, 'a');
    }
    await scene.drain(hook);
    const result = await scene.commit(startReplay('hook'));
    assert.ok(result.kind === 'done' && result.jobId > 0);
    assert.deepEqual(await scene.dueLanes(hook), []);
    assert.equal((await scene.commit({ type: 'continueJobs', now: START, pageSize: 2 })).more, true);
    assert.equal((await scene.dueLanes(hook)).length, 2);
    if (durable) await scene.reopen();
    await scene.group('late', ['a']);
    await scene.finishJobs(2);
    const groups = (await scene.drain(hook)).map(({ facts }) => facts.groupId);
    assert.deepEqual(groups.toSorted(), ['g1', 'g2', 'g3', 'g4', 'g5']);
    assert.deepEqual(await scene.store.jobs(), [
      {
        id: result.jobId,
        kind: 'replay',
        endpoint: 'hook',
        streamsDone: 5,
        createdAt: START,
        finishedAt: START,
      },
    ]);
  });

  test('a range of time is found in every group; disbanded ones count, other apps do not', async () => {
    const { scene, hook } = await delivered(open);
    await using _ = scene;
    await scene.group('h', ['a'], { now: START + HOUR });
    await scene.sent('h', 'a', { now: START + HOUR });
    await scene.sent('h', 'a', { now: START + 4 * HOUR });
    await scene.commit({
      type: 'destroyGroup',
      now: START + 5 * HOUR,
      app: APP,
      operator: 'x',
      groupId: 'h',
    });
    await using other = await openScene(async () => scene.store, { app: OTHER_APP });
    await other.group('g', ['a']);
    await other.sent('g', 'a', { now: START + HOUR });
    await scene.drain(hook);
    await scene.commit(startReplay('hook', { since: START + HOUR, until: START + 2 * HOUR }));
    await scene.finishJobs();
    const again = (await scene.drain(hook)).map(({ app, facts, seq }) => [app, facts.groupId, seq]);
    assert.deepEqual(again.toSorted(), [
      [APP, 'g', 3],
      [APP, 'g', 4],
      [APP, 'h', 2],
    ]);
  });

  test('groups the endpoint does not want cost no lane', async () => {
    const { scene } = await delivered(open);
    await using _ = scene;
    const picky = await scene.endpoint('picky', { groups: ['g'], start: { at: 'beginning' } });
    await scene.group('h', ['a']);
    await scene.sent('h', 'a');
    await scene.finishJobs();
    assert.equal((await scene.dueLanes(picky)).length, 1);
    assert.equal((await scene.drain(picky)).length, 5);
  });

  test('without a job there is nothing to go on with', async () => {
    await using scene = await openScene(open);
    const result = await scene.commit({ type: 'continueJobs', now: START, pageSize: 5 });
    assert.deepEqual([result, await scene.store.jobs()], [{ kind: 'done', more: false }, []]);
  });
}
