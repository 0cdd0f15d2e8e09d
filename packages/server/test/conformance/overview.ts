import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StoreError } from '../../src/store/errors.ts';
import { APP, audit, checkpoint, HOUR, OTHER_APP, progress, START, sendMessage } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';
import { createTopic, destroyTopics, NEWS, TOWN } from './topics.ts';

const isClosed = (error: unknown) => error instanceof StoreError && error.code === 'closed';

export function overviewSuite(kind: StoreKind): void {
  describe('overview and life', () => {
    figures(kind);
    auditLog(kind);
    explained(kind);
    explainedPosition(kind);
    explainedGone(kind);
    closing(kind);
  });
}

function figures({ open }: StoreKind): void {
  test('the figures of an empty store and of one at work', async () => {
    await using scene = await openScene(open);
    const { databaseBytes, schemaVersion, ...empty } = await scene.store.stats();
    assert.ok(schemaVersion >= 1);
    assert.deepEqual(empty, { accounts: 0, groups: 0, lanesBehind: [], deadLetters: [] });
    assert.ok(databaseBytes > 4_096);
    const hook = await scene.endpoint('hook');
    await scene.endpoint('idle', { groups: ['none'] });
    const streams = [];
    for (const groupId of ['g', 'h']) streams.push((await scene.group(groupId, ['a', 'b'])).streamId);
    await scene.sent('g', 'a', { now: START + HOUR });
    await scene.sent('h', 'a');
    const lane = { endpointId: hook, streamId: streams[0] ?? 0 };
    const letter = { lane, seq: 2, reason: 'age', detail: '', attempts: 1, firstAttemptAt: START } as const;
    await scene.commit(checkpoint(scene.store.generation, { deadLetters: [letter, letter] }));
    const { databaseBytes: _, ...stats } = await scene.store.stats();
    assert.deepEqual(stats, {
      schemaVersion,
      accounts: 2,
      groups: 2,
      lanesBehind: [
        { app: APP, endpoint: 'hook', lanes: 2, oldestDueAt: START },
        { app: APP, endpoint: 'idle', lanes: 0 },
      ],
      deadLetters: [{ app: APP, endpoint: 'hook', open: 2 }],
    });
    await scene.commit({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: 'g' });
    await scene.commit({ type: 'deleteAccounts', now: START, app: APP, userIds: ['a'] });
    const { accounts, groups } = await scene.store.stats();
    assert.deepEqual([accounts, groups], [1, 1]);
  });
}

function auditLog({ open, durable }: StoreKind): void {
  test('the audit log keeps every line, newest first, in pages', async () => {
    await using scene = await openScene(open);
    for (const action of ['one', 'two', 'three']) await scene.commit(audit({ action }));
    if (durable) await scene.reopen();
    const page = await scene.store.auditLog({ limit: 2 });
    assert.deepEqual(
      page.map((line) => line.action),
      ['three', 'two'],
    );
    const rest = await scene.store.auditLog({ before: page[1]?.id ?? 0, limit: 2 });
    const [{ id, ...line } = assert.fail()] = rest;
    assert.ok(id > 0);
    assert.deepEqual(
      [rest.length, line],
      [1, { at: START, actor: 'ops', role: 'owner', action: 'one', target: 'a', detail: '' }],
    );
  });
}

function explained({ open, durable }: StoreKind): void {
  test('the facts of one message: the event, who wanted it, how far its lane is', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook');
    await scene.endpoint('other', { groups: ['elsewhere'] });
    for (let n = 0; n < 3; n += 1) await scene.sent('g', 'a');
    const lane = { endpointId: hook, streamId };
    const retries = [{ seq: 3, attempts: 1, firstAttemptAt: START, dueAt: START + HOUR }];
    const failure = {
      attempt: 1,
      at: START,
      durationMs: 1,
      verdict: 'http_status',
      detail: 'HTTP 500',
      probe: false,
    };
    await scene.commit(
      checkpoint(scene.store.generation, {
        lanes: [progress(lane, { cursor: 2, retries, dueAt: START + HOUR })],
        attempts: [{ lane, seq: 3, status: 500, ...failure }],
      }),
    );
    if (durable) await scene.reopen();
    const facts = await scene.store.explain({ app: APP, groupId: 'g', msgSeq: 3 });
    assert.ok(facts.kind === 'found');
    const { id, ...event } = facts.event;
    assert.match(id ?? '', new RegExp(`-${streamId}-4$`));
    assert.deepEqual(event, {
      msgSeq: 3,
      logSeq: 4,
      time: START,
      inLog: true,
      kind: 'group.message.sent',
      asked: 'group.message.sent',
      suppressed: false,
    });
    const [wanted, unwanted] = facts.deliveries;
    assert.deepEqual([wanted?.wanted, unwanted?.wanted], [true, false]);
    assert.deepEqual(wanted?.lane, {
      settled: false,
      replaying: false,
      head: {
        ...{ logSeq: 3, msgSeq: 2, attempts: 1, dueAt: START + HOUR },
        lastFailure: { at: START, verdict: 'http_status', detail: 'HTTP 500', status: 500 },
      },
    });
    assert.deepEqual(await scene.store.explain({ app: OTHER_APP, groupId: 'g', msgSeq: 3 }), {
      kind: 'no-group',
    });
    const beyond = await scene.store.explain({ app: APP, groupId: 'g', msgSeq: 4 });
    assert.deepEqual(beyond, { kind: 'no-message', newest: 3 });
  });
}

function explainedPosition({ open, durable }: StoreKind): void {
  test('what the position of a receiver settled, in a range of its own and within one', async () => {
    await using scene = await openScene(open);
    const { streamId } = await scene.group('g', ['a']);
    const hook = await scene.endpoint('hook');
    for (let n = 0; n < 30; n += 1) await scene.sent('g', 'a');
    const lane = { endpointId: hook, streamId };
    const range = { count: 1, firstAt: START, lastAt: START + 10 };
    const steps = [
      { delivered: { ...range, fromSeq: 2, throughSeq: 3 }, cursor: 3 },
      ...[
        { fromSeq: 4, throughSeq: 6 },
        { fromSeq: 7, throughSeq: 9 },
      ].map((part) => ({
        delivered: { ...range, ...part, count: 0 },
        passed: { ...part, at: START + part.throughSeq, times: 1 },
        cursor: part.throughSeq,
      })),
      {
        delivered: { ...range, fromSeq: 20, throughSeq: 24, firstAt: START + 70_000, lastAt: START + 70_001 },
        passed: { fromSeq: 21, throughSeq: 24, at: START + 70_001, times: 1 },
        cursor: 24,
      },
      {
        delivered: { ...range, fromSeq: 22, throughSeq: 23, firstAt: START + 80_000, lastAt: START + 80_000 },
        cursor: 24,
      },
    ];
    for (const step of steps) {
      assert.equal((await scene.save(progress(lane, step))).kind, 'done');
    }
    if (durable) await scene.reopen();
    const passed = async (logSeq: number) => {
      const facts = await scene.store.explain({ app: APP, groupId: 'g', logSeq });
      return facts.kind === 'found' ? facts.deliveries[0]?.passed : assert.fail(facts.kind);
    };
    const twice = { at: START + 9, through: 9, times: 2 };
    const once = { at: START + 70_001, through: 24, times: 1 };
    const told = await Promise.all([3, 4, 9, 20, 21, 22, 24].map(passed));
    assert.deepEqual(told, [undefined, twice, twice, undefined, once, undefined, once]);
    const [first, second, third] = await scene.store.deliveries({ app: APP, groupId: 'g', limit: 9 });
    const shown = [first, second, third].map((row) => [
      row?.fromSeq,
      row?.passedFrom,
      row?.passedThrough,
      row?.passedAt,
    ]);
    assert.deepEqual(shown, [
      [22, undefined, undefined, undefined],
      [20, 21, 24, START + 70_001],
      [2, 4, 9, START + 9],
    ]);
  });
}

function explainedGone({ open, durable }: StoreKind): void {
  test('the facts of a group and a topic that are no more', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.sent('g', 'a');
    await scene.commit({ type: 'destroyGroup', now: START + 5, app: APP, operator: 'x', groupId: 'g' });
    await scene.group(TOWN, ['a'], { groupType: 'Community', supportTopic: true });
    await scene.commit(createTopic(NEWS));
    await scene.sent(TOWN, 'a', { topicId: NEWS });
    await scene.commit(destroyTopics(NEWS));
    if (durable) await scene.reopen();
    const { store } = scene;
    const facts = await store.explain({ app: APP, groupId: 'g', msgSeq: 1 });
    assert.ok(facts.kind === 'found');
    assert.deepEqual([facts.disbandedAt, facts.event.inLog, facts.event.logSeq], [START + 5, true, 2]);
    assert.deepEqual(await store.explain({ app: APP, groupId: 'g', msgSeq: 9 }), {
      kind: 'no-message',
      newest: 1,
    });
    const topic = await store.explain({ app: APP, groupId: TOWN, topicId: NEWS, msgSeq: 1 });
    assert.ok(topic.kind === 'found' && topic.disbandedAt !== undefined);
    for (const [groupId, kind] of [
      [TOWN, 'no-topic'],
      ['g', 'no-topic'],
      ['none', 'no-group'],
    ] as const) {
      assert.deepEqual(await store.explain({ app: APP, groupId, topicId: 'never', msgSeq: 1 }), { kind });
    }
    assert.equal((await store.explain({ app: OTHER_APP, groupId: 'g', msgSeq: 1 })).kind, 'no-group');
  });
}

function closing({ open, durable }: StoreKind): void {
  test('what was asked for before the close is done, what comes after is refused', async () => {
    await using scene = await openScene(open);
    await scene.group('g', ['a']);
    await scene.store.ping();
    const before = [scene.send('g', 'a'), scene.send('g', 'a')];
    const closed = scene.store.close();
    assert.deepEqual(
      (await Promise.all(before)).map((result) => result.kind),
      ['sent', 'sent'],
    );
    await closed;
    await scene.store.close();
    await assert.rejects(scene.commit(sendMessage('g', 'a')), isClosed);
    await assert.rejects(scene.store.groups(APP, ['g']), isClosed);
    await assert.rejects(scene.store.ping(), isClosed);
    if (!durable) return;
    await scene.reopen();
    assert.deepEqual(await scene.history('g'), [2, 1]);
  });

  if (durable) {
    test('everything is found again after a restart', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b'], { owner: 'a' });
      await scene.endpoint('hook');
      await scene.sent('g', 'a');
      const snapshot = async () => ({
        groups: await scene.store.groups(APP, ['g']),
        members: await scene.store.members({ app: APP, groupId: 'g', offset: 0, limit: 9 }),
        history: await scene.store.history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: 9 }),
        endpoints: await scene.store.endpoints(),
        lanes: await scene.store.lanes({ limit: 9 }),
        accounts: await scene.store.accountsImported(APP, ['a', 'b', 'c']),
      });
      const before = await snapshot();
      await scene.reopen();
      assert.deepEqual(await snapshot(), before);
    });
  }
}

export function appSuite({ open }: StoreKind): void {
  test('two apps with the same names in them are strictly apart', async () => {
    await using one = await openScene(open);
    await using two = await openScene(async () => one.store, { app: OTHER_APP });
    for (const scene of [one, two]) await scene.group('g', ['a'], { owner: 'a' });
    const [hookOne, hookTwo] = [await one.endpoint('hook'), await two.endpoint('hook')];
    await one.sent('g', 'a', { random: 7 });
    assert.equal((await two.sent('g', 'a', { random: 7 })).msgSeq, 1);
    await one.sent('g', 'a');
    const mute = {
      type: 'muteMembers',
      now: START,
      operator: 'x',
      groupId: 'g',
      userIds: ['a'],
      seconds: 60,
    } as const;
    await one.commit({ ...mute, app: APP });
    await two.sent('g', 'a');
    const { app } = two;
    for (const command of [
      { type: 'setEndpointPaused', now: START, app, name: 'hook', paused: true },
      { type: 'deleteAccounts', now: START, app, userIds: ['a'] },
      { type: 'destroyGroup', now: START, app, operator: 'x', groupId: 'g' },
      { type: 'deleteEndpoint', now: START, app, name: 'hook', force: true },
      { type: 'syncEndpoints', now: START, app, endpoints: [] },
    ] as const) {
      await one.commit(command);
    }
    await one.finishJobs();
    const group = await one.groupNow('g');
    assert.deepEqual([group.owner, group.memberNum, group.nextMsgSeq], ['a', 1, 4]);
    const endpoints = await one.store.endpoints();
    assert.deepEqual(
      endpoints.map((endpoint) => [endpoint.id, endpoint.paused]),
      [[hookOne, false]],
    );
    assert.deepEqual(
      (await one.drain(hookOne)).map((event) => [event.app, event.facts.msgSeq]),
      [
        [APP, 1],
        [APP, 2],
      ],
    );
    assert.deepEqual(await one.dueLanes(hookTwo), []);
    assert.deepEqual(await one.store.deadLetters({ app: APP, includeReplayed: true, limit: 9 }), []);
    assert.deepEqual(await one.store.accountsImported(APP, ['a']), [true]);
  });
}
