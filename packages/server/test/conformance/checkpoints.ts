import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FailedAttempt, LaneKey } from '../../src/store/lanes.ts';
import { APP, checkpoint, HOUR, progress, START } from './commands.ts';
import type { OpenStore, StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

interface OneLane extends AsyncDisposable {
  readonly scene: Scene;
  readonly lane: LaneKey;
}

/** A group `g`, an endpoint `hook`, and so many messages: events 2, 3, … of the log. */
async function behind(open: OpenStore, messages: number): Promise<OneLane> {
  const scene = await openScene(open);
  const { streamId } = await scene.group('g', ['a']);
  const lane = { endpointId: await scene.endpoint('hook'), streamId };
  for (let n = 0; n < messages; n += 1) await scene.sent('g', 'a');
  return { scene, lane, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() };
}

function failure(lane: LaneKey, seq: number, fields: Partial<FailedAttempt> = {}): FailedAttempt {
  return {
    lane,
    seq,
    attempt: 1,
    at: START,
    durationMs: 12.6,
    verdict: 'http_status',
    status: 500,
    detail: 'the receiver answered 500',
    answer: 'oops',
    probe: false,
    ...fields,
  };
}

export function checkpointSuite(kind: StoreKind): void {
  describe('checkpoints', () => {
    progressing(kind);
    fencing(kind);
    attempts(kind);
    ranges(kind);
    deadLetters(kind);
  });
}

function progressing({ open }: StoreKind): void {
  test('a lane reported idle goes, unless an event came since', async () => {
    await using one = await behind(open, 1);
    const { scene, lane } = one;
    await scene.sent('g', 'a');
    assert.deepEqual(await scene.save(progress(lane, { cursor: 2, idle: true })), {
      kind: 'done',
      kept: [lane],
    });
    assert.deepEqual(
      (await scene.dueLanes(lane.endpointId)).map((row) => row.cursor),
      [2],
    );
    assert.deepEqual(await scene.save(progress(lane, { cursor: 3, idle: true })), { kind: 'done', kept: [] });
    assert.deepEqual(await scene.dueLanes(lane.endpointId), []);
  });

  test('events that the lane does not want are no news, however many', async () => {
    await using one = await behind(open, 1);
    const { scene, lane } = one;
    for (let n = 0; n < 70; n += 1)
      await scene.sent('g', 'a', { forbidAfterWebhook: true, now: START + n * 1_000 });
    assert.deepEqual(await scene.save(progress(lane, { cursor: 2, idle: true })), { kind: 'done', kept: [] });
    await scene.sent('g', 'a', { now: START + HOUR });
    assert.deepEqual(
      (await scene.drain(lane.endpointId)).map((event) => event.seq),
      [73],
    );
  });

  test('a replay asked for since is news', async () => {
    await using one = await behind(open, 1);
    const { scene, lane } = one;
    await scene.save(progress(lane, { cursor: 2 }));
    await scene.commit({ type: 'startReplay', now: START, app: APP, endpoint: 'hook', groupId: 'g' });
    assert.deepEqual(await scene.save(progress(lane, { cursor: 2, idle: true })), {
      kind: 'done',
      kept: [lane],
    });
    assert.deepEqual(
      (await scene.drain(lane.endpointId)).map((event) => event.seq),
      [2],
    );
  });

  test('a lane of an endpoint that was deleted meanwhile is passed over', async () => {
    await using one = await behind(open, 1);
    const { scene, lane } = one;
    await scene.commit({ type: 'deleteEndpoint', now: START, app: APP, name: 'hook', force: true });
    assert.deepEqual(await scene.save(progress(lane, { cursor: 2 })), { kind: 'done', kept: [] });
    await scene.finishJobs(1);
    const [letter] = await scene.store.deadLetters({ includeReplayed: false, limit: 1 });
    assert.equal(letter?.logSeq, 2, 'what it owed is for the job that ends it');
  });

  test('people see how far a lane is behind', async () => {
    await using one = await behind(open, 3);
    const { scene, lane } = one;
    await scene.sent('g', 'a', { forbidAfterWebhook: true });
    await scene.sent('g', 'a', { now: START + 1_000 });
    const retries = [{ seq: 3, attempts: 4, firstAttemptAt: START, dueAt: START + HOUR }];
    await scene.save(progress(lane, { cursor: 2, retries, dueAt: START + HOUR }));
    const status = {
      app: APP,
      endpoint: 'hook',
      groupId: 'g',
      cursor: 2,
      head: 6,
      lag: 3,
      oldestAt: START,
      dueAt: START + HOUR,
      attempts: 4,
    };
    assert.deepEqual(await scene.store.lanes({ limit: 10 }), [status]);
    assert.deepEqual(await scene.store.lanes({ app: APP, endpoint: 'hook', groupId: 'g', limit: 10 }), [
      status,
    ]);
    for (const other of [{ app: APP + 1 }, { endpoint: 'x' }, { groupId: 'x' }]) {
      assert.deepEqual(await scene.store.lanes({ ...other, limit: 10 }), []);
    }
    await scene.save(progress(lane, { cursor: 6 }));
    assert.deepEqual(
      (await scene.store.lanes({ limit: 10 })).map((row) => [row.lag, row.oldestAt]),
      [[0, undefined]],
    );
  });
}

function fencing({ open, durable }: StoreKind): void {
  test('a dispatcher of an older generation changes nothing', async () => {
    await using one = await behind(open, 1);
    const { scene, lane } = one;
    const stale = checkpoint(scene.store.generation - 1, {
      lanes: [progress(lane, { cursor: 2, idle: true })],
      attempts: [failure(lane, 2)],
      deadLetters: [{ lane, seq: 2, reason: 'age', detail: '', attempts: 1, firstAttemptAt: START }],
    });
    assert.deepEqual(await scene.commit(stale), { kind: 'fenced' });
    assert.deepEqual(
      (await scene.dueLanes(lane.endpointId)).map((row) => row.cursor),
      [1],
    );
    assert.deepEqual(await scene.store.attempts({ app: APP, limit: 10 }), []);
    assert.deepEqual(await scene.store.deadLetters({ includeReplayed: true, limit: 10 }), []);
  });

  if (durable) {
    test('each opening is a generation of its own, and fences the one before', async () => {
      await using one = await behind(open, 1);
      const { scene, lane } = one;
      const before = scene.store.generation;
      await scene.reopen();
      assert.ok(scene.store.generation > before);
      const stale = checkpoint(before, { lanes: [progress(lane, { cursor: 2, idle: true })] });
      assert.deepEqual(await scene.commit(stale), { kind: 'fenced' });
      assert.deepEqual(await scene.save(progress(lane, { cursor: 2, idle: true })), {
        kind: 'done',
        kept: [],
      });
    });
  }
}

function attempts({ open }: StoreKind): void {
  test('every failed attempt is kept, newest first', async () => {
    await using one = await behind(open, 2);
    const { scene, lane } = one;
    const {
      status: _,
      answer: __,
      ...refused
    } = failure(lane, 3, { verdict: 'connection_refused', at: START + 2 });
    const list = [failure(lane, 2), failure(lane, 2, { attempt: 2, at: START + 1 }), refused];
    await scene.commit(checkpoint(scene.store.generation, { attempts: list }));
    const found = await scene.store.attempts({ app: APP, limit: 10 });
    assert.deepEqual(
      found.map((row) => [row.logSeq, row.attempt]),
      [
        [3, 1],
        [2, 2],
        [2, 1],
      ],
    );
    assert.deepEqual(found[0], {
      endpoint: 'hook',
      groupId: 'g',
      logSeq: 3,
      attempt: 1,
      at: START + 2,
      durationMs: 13,
      verdict: 'connection_refused',
      detail: 'the receiver answered 500',
      count: 1,
      lastAt: START + 2,
    });
    assert.deepEqual([found[1]?.status, found[1]?.answer], [500, 'oops']);
    const count = async (query: object) =>
      (await scene.store.attempts({ app: APP, limit: 10, ...query })).length;
    assert.equal(await count({ endpoint: 'hook', groupId: 'g', logSeq: 2 }), 2);
    assert.equal(await count({ limit: 1 }), 1);
    for (const none of [{ app: APP + 1 }, { endpoint: 'x' }, { groupId: 'x' }, { logSeq: 9 }]) {
      assert.equal(await count(none), 0);
    }
  });

  test('probes that end alike share a row', async () => {
    await using one = await behind(open, 2);
    const { scene, lane } = one;
    const probe = (seq: number, at: number, fields: Partial<FailedAttempt> = {}) =>
      failure(lane, seq, { probe: true, at: START + at, ...fields });
    await scene.commit(checkpoint(scene.store.generation, { attempts: [failure(lane, 2), probe(2, 1)] }));
    await scene.commit(
      checkpoint(scene.store.generation, {
        attempts: [probe(2, 2), probe(2, 3, { status: 503 }), probe(2, 4, { status: 503 }), probe(3, 5)],
      }),
    );
    const rows = await scene.store.attempts({ app: APP, limit: 10 });
    assert.deepEqual(
      rows.map((row) => [row.logSeq, row.status, row.count, row.at - START, row.lastAt - START]),
      [
        [3, 500, 1, 5, 5],
        [2, 503, 2, 3, 4],
        [2, 500, 3, 0, 2],
      ],
    );
  });
}

function ranges({ open }: StoreKind): void {
  test('deliveries are kept as ranges; one that follows soon goes into the same row', async () => {
    await using one = await behind(open, 9);
    const { scene, lane } = one;
    const deliver = (fromSeq: number, throughSeq: number, firstAt: number, lastAt: number) => {
      const times = { firstAt: START + firstAt, lastAt: START + lastAt };
      const delivered = { fromSeq, throughSeq, count: throughSeq - fromSeq + 1, ...times };
      return scene.save(progress(lane, { cursor: throughSeq, delivered }));
    };
    await deliver(2, 3, 0, 10);
    await deliver(4, 4, 20, 59_999);
    await deliver(5, 6, 60_000, 60_001);
    await deliver(8, 8, 60_002, 60_003);
    const rows = await scene.store.deliveries({ app: APP, limit: 10 });
    assert.deepEqual(
      rows.map((row) => [row.fromSeq, row.throughSeq, row.count, row.firstAt - START, row.lastAt - START]),
      [
        [8, 8, 1, 60_002, 60_003],
        [5, 6, 2, 60_000, 60_001],
        [2, 4, 3, 0, 59_999],
      ],
    );
    const found = async (query: object) =>
      (await scene.store.deliveries({ app: APP, limit: 10, ...query })).map((row) => row.fromSeq);
    assert.deepEqual(await found({ logSeq: 3 }), [2]);
    assert.deepEqual(await found({ logSeq: 7 }), []);
    assert.deepEqual(await found({ endpoint: 'hook', groupId: 'g', limit: 1 }), [8]);
    assert.deepEqual(await found({ app: APP + 1 }), []);
  });
}

function deadLetters({ open }: StoreKind): void {
  test('a dead letter says which event it was, why and since when', async () => {
    await using one = await behind(open, 2);
    const { scene, lane } = one;
    const letter = {
      lane,
      seq: 3,
      reason: 'age',
      detail: 'given up',
      attempts: 7,
      firstAttemptAt: START,
    } as const;
    scene.now = START + HOUR;
    const deadLetters = [letter, { ...letter, seq: 2, reason: 'attempts' as const }];
    await scene.commit(
      checkpoint(scene.store.generation, {
        now: START + HOUR,
        deadLetters,
        lanes: [progress(lane, { cursor: 3 })],
      }),
    );
    const rows = await scene.store.deadLetters({
      app: APP,
      endpoint: 'hook',
      includeReplayed: false,
      limit: 10,
    });
    assert.deepEqual(
      rows.map((row) => [row.logSeq, row.reason]),
      [
        [2, 'attempts'],
        [3, 'age'],
      ],
    );
    const { id, ...row } = rows[1] ?? assert.fail();
    assert.deepEqual(row, {
      app: APP,
      endpoint: 'hook',
      groupId: 'g',
      logSeq: 3,
      msgSeq: 2,
      reason: 'age',
      detail: 'given up',
      attempts: 7,
      firstAttemptAt: START,
      at: START + HOUR,
    });
    await scene.commit({ type: 'replayDeadLetter', now: START + 2 * HOUR, app: APP, id });
    const ids = async (query: object) =>
      (await scene.store.deadLetters({ includeReplayed: false, limit: 10, ...query })).map(
        (found) => found.logSeq,
      );
    assert.deepEqual(await ids({}), [2]);
    assert.deepEqual(await ids({ includeReplayed: true }), [2, 3]);
    assert.deepEqual(await ids({ includeReplayed: true, limit: 1 }), [2]);
    assert.deepEqual(await ids({ app: APP + 1 }), []);
    assert.deepEqual(await ids({ endpoint: 'x' }), []);
    const [, replayed] = await scene.store.deadLetters({ includeReplayed: true, limit: 10 });
    assert.equal(replayed?.replayedAt, START + 2 * HOUR);
  });
}
