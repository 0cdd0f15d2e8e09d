import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Explanation, REASONS, type Reason } from '../../src/domain/explain/explain.ts';
import type { SendMessage } from '../../src/store/commands.ts';
import { createGroup, sendMessage } from '../conformance/commands.ts';
import { adminOf, type WorldAdmin } from '../support/admin-of-world.ts';
import { APP, SENDER, startWorld, type World, type WorldOptions } from '../support/dispatch-harness.ts';
import type { Reply } from '../support/scripted-receiver.ts';
import { eventsOf, KEY } from '../support/standard-requests.ts';

const DAY = 86_400_000;
const DOWN = { status: 503 };
const told = new Set<Reason>();

interface Case {
  readonly options?: WorldOptions;
  /** Brings it about. */
  act(world: World, admin: WorldAdmin): Promise<unknown>;
  /** Which message; 1 of g1 when not said. */
  readonly ask?: string;
  /** What the answer for endpoint `a` has to say besides. */
  check?(answer: Explanation, world: World): void;
}

async function ask(admin: WorldAdmin, query: string): Promise<Explanation> {
  const { status, body } = await admin.call(`GET apps/${APP}/explain?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return (
    body.endpoints.find(({ endpoint }: Explanation) => endpoint === 'a') ?? assert.fail('a is not told of')
  );
}

const once = (options: object = {}) => ({ name: 'a', retry: { maxAttempts: 1 }, ...options });

async function delivered(world: World): Promise<void> {
  await world.start();
  await world.send('g1');
  await world.quiet();
}

async function givenUp(world: World): Promise<number> {
  world.script(() => DOWN);
  await delivered(world);
  world.script(() => ({}));
  return (await world.store.deadLetters({ includeReplayed: false, limit: 1 }))[0]?.id ?? 0;
}

async function sendWith(world: World, groupId: string, fields: Partial<SendMessage>): Promise<void> {
  const command = sendMessage(groupId, SENDER, {
    app: APP,
    now: world.clock.now(),
    senderIsAdmin: true,
    ...fields,
  });
  assert.equal((await world.commit(command)).kind, 'sent');
}

const STANDARD = { name: 'a', dialect: 'standard', signingKeys: [KEY] };

/** The receiver has applied everything through here. */
function at(position: number): Reply {
  return { body: '{}', headers: { 'confab-applied-through': String(position) } };
}

async function trim(world: World, after = 8 * DAY): Promise<void> {
  world.clock.jump(after);
  for (let page = 0; page < 2; page += 1)
    await world.commit({
      type: 'trim',
      now: world.clock.now(),
      replayWindowMs: 7 * DAY,
      messageWindowMs: 0,
      limit: 100,
    });
}

const CASES: Readonly<Record<Reason, Case>> = {
  answered: {
    options: { script: ({ before }) => (before < 2 ? DOWN : {}) },
    act: delivered,
    check: (answer, world) => {
      assert.deepEqual([answer.outcome, answer.attempts, answer.exact], ['delivered', 3, true]);
      const last = world.recording.seen.at(-1);
      assert.equal(answer.deliveredThrough, last?.at);
      assert.equal(answer.lastFailure?.status, 503);
    },
  },
  position: {
    options: { endpoints: [STANDARD], script: ({ msgSeq }) => (msgSeq === 2 ? at(40) : {}) },
    act: async (world) => {
      await world.send('g1', 50);
      await world.start();
      await world.quiet();
      await trim(world, 5 * DAY);
    },
    ask: 'groupId=g1&msgSeq=20',
    check: (answer, world) => {
      assert.equal(world.arrived('g1').includes(20), false);
      assert.deepEqual([answer.outcome, answer.attempts, answer.through], ['delivered', 0, 40]);
      assert.match(
        answer.why,
        /said that it has applied everything through log sequence 40, so this was not sent/,
      );
      const told = world.recording.seen.find(({ msgSeq }) => msgSeq === 2);
      assert.deepEqual([answer.deliveredThrough, answer.exact], [told?.at, true]);
    },
  },
  settled: {
    options: { endpoints: [{ name: 'a' }, { name: 'pin' }] },
    act: async (world, admin) => {
      await admin.call(`POST apps/${APP}/endpoints/pin/pause`);
      await world.start();
      await world.send('g1');
      await world.until(async () => (await world.store.deliveries({ app: APP, limit: 9 })).length === 1);
      await trim(world);
    },
    check: (answer) => assert.deepEqual([answer.outcome, answer.exact], ['delivered', false]),
  },
  replayed: {
    options: { endpoints: [once()] },
    act: async (world, admin) => {
      const id = await givenUp(world);
      await admin.call(`POST dead-letters/${id}/replay`);
      await world.quiet();
    },
    check: (answer) => assert.deepEqual([answer.outcome, answer.attempts], ['delivered', 2]),
  },
  'sent-by-start': {
    options: { endpoints: [] },
    act: async (world) => {
      await world.send('g1');
      await world.put({ name: 'a', start: 'beginning' });
      await world.start();
      await world.until(() => world.arrived('g1').length === 1);
      await world.quiet();
    },
  },
  'in-flight': {
    options: { script: () => 'hang' },
    act: async (world) => {
      await world.start();
      await world.send('g1');
      await world.until(() => world.arrivals.length === 1);
    },
    check: (answer) => assert.deepEqual([answer.outcome, answer.attempts], ['waiting', 0]),
  },
  settling: {
    act: async (world) => {
      await world.start();
      await world.send('g1');
      await world.until(() => world.recording.seen.length === 1);
    },
  },
  paused: {
    act: async (world, admin) => {
      await admin.call(`POST apps/${APP}/endpoints/a/pause`);
      await world.start();
      await world.send('g1');
    },
    check: (answer, world) => {
      assert.match(answer.why, /paused by "olga"/);
      assert.equal(answer.since, world.clock.now());
    },
  },
  starting: {
    options: { endpoints: [] },
    act: async (world) => {
      await world.send('g1');
      await world.put({ name: 'a', start: 'beginning' });
    },
  },
  'breaker-open': {
    options: {
      endpoints: [{ name: 'a', breaker: { failures: 2, probeEveryMs: 5_000 } }],
      script: () => DOWN,
    },
    act: async (world) => {
      await world.start();
      await world.send('g1', 2);
      await world.until(() => world.recording.breakers.length === 1);
      await world.elapse(100);
    },
    ask: 'groupId=g1&msgSeq=2',
    check: (answer, world) => {
      assert.equal(answer.since, world.clock.now() - 100);
      assert.equal(answer.nextAt, world.clock.now() + 4_900);
      assert.deepEqual(answer.behind, { logSeq: 2, msgSeq: 1 }, 'and what it would wait for besides');
    },
  },
  behind: {
    options: { script: () => ({ status: 500, body: 'no room' }) },
    act: async (world) => {
      await world.start();
      await world.send('g1', 3);
      await world.until(() => world.recording.seen.length === 4);
      await world.elapse(60);
    },
    ask: 'groupId=g1&msgSeq=3',
    check: (answer, world) => {
      assert.deepEqual(answer.behind, { logSeq: 2, msgSeq: 1 });
      assert.match(answer.why, /MsgSeq 1, which fails: http_status/);
      assert.equal(answer.lastFailure?.status, 500);
      assert.ok((answer.nextAt ?? 0) > world.clock.now());
      assert.equal(answer.attempts, 0);
    },
  },
  'behind-replay': {
    act: async (world, admin) => {
      await delivered(world);
      await world.stop();
      await admin.call(`POST apps/${APP}/replay`, { endpoint: 'a', groupId: 'g1', fromMsgSeq: 1 });
      await world.send('g1');
    },
    ask: 'groupId=g1&msgSeq=2',
  },
  retry: {
    options: { script: () => DOWN },
    act: async (world) => {
      await world.start();
      await world.send('g1');
      await world.until(() => world.recording.seen.length === 4);
      await world.elapse(60);
    },
    check: (answer, world) => {
      assert.equal(answer.attempts, 4);
      assert.ok((answer.nextAt ?? 0) > world.clock.now());
    },
  },
  rate: {
    options: { endpoints: [{ name: 'a', ratePerSecond: 1 }] },
    act: async (world) => {
      await world.start();
      await world.send('g0');
      await world.send('g1');
      await world.until(() => world.recording.seen.length === 1);
    },
  },
  concurrency: {
    options: { endpoints: [{ name: 'a', concurrency: 1 }], script: () => 'hang' },
    act: async (world) => {
      await world.start();
      await world.send('g0');
      await world.send('g1');
      await world.until(() => world.arrivals.length === 1);
    },
  },
  'slow-down': {
    options: { script: () => ({ status: 429, headers: { 'retry-after': '30' } }) },
    act: async (world) => {
      await world.start();
      await world.send('g0');
      await world.until(() => world.recording.seen.length === 1);
      await world.send('g1');
      await world.elapse(10_000);
    },
    check: (answer, world) => {
      const left = (answer.nextAt ?? 0) - world.clock.now();
      assert.ok(left > 15_000 && left <= 25_000, `${left} ms`);
    },
  },
  turn: {
    options: { endpoints: [{ name: 'a' }], concurrency: 1, script: () => 'hang' },
    act: async (world) => {
      await world.start();
      await world.send('g0');
      await world.send('g1');
      await world.until(() => world.arrivals.length === 1);
      await world.turn();
    },
  },
  store: {
    options: {
      wrap: (store) => ({
        ...store,
        generation: store.generation,
        onLanes: (listener) => store.onLanes(listener),
        endpoints: () => store.endpoints(),
        dueLanes: (query) => store.dueLanes(query),
        readEvents: (reads) => store.readEvents(reads),
        commit: (command) =>
          command.type === 'checkpoint' ? Promise.reject(new Error('disk full')) : store.commit(command),
      }),
    },
    act: async (world) => {
      await world.start();
      await world.send('g0');
      await world.until(() => world.recording.storeErrors.length > 0);
      await world.send('g1');
      await world.rest();
    },
  },
  replay: {
    options: { endpoints: [once()] },
    act: async (world, admin) => {
      const id = await givenUp(world);
      await world.stop();
      await admin.call(`POST dead-letters/${id}/replay`);
    },
  },
  due: { act: (world) => world.send('g1') },
  'given-up': {
    options: { endpoints: [once()] },
    act: givenUp,
    check: (answer) => {
      assert.equal(answer.deadLetter, 1);
      assert.match(
        answer.why,
        /dead letter 1, not replayed: given up after 1 attempts: the receiver answered HTTP 503/,
      );
    },
  },
  'endpoint-deleted': {
    act: async (world, admin) => {
      await world.send('g1', 2);
      await admin.call(`DELETE apps/${APP}/endpoints/a?force=true`);
    },
    ask: 'groupId=g1&msgSeq=2',
    check: (answer, world) => assert.equal(answer.since, world.clock.now()),
  },
  'no-webhook': {
    act: async (world) => {
      await world.send('g1');
      await world.commit({
        ...{ type: 'muteMembers', app: APP, now: world.clock.now(), operator: SENDER },
        ...{ groupId: 'g1', userIds: [SENDER], seconds: 60 },
      });
    },
    ask: 'groupId=g1&logSeq=3',
    check: (answer) => assert.match(answer.why, /no webhook tells of it: group\.members\.muted/),
  },
  suppressed: {
    act: async (world) => {
      await world.send('g1');
      await sendWith(world, 'g1', { forbidAfterWebhook: true });
    },
    ask: 'groupId=g1&msgSeq=2',
  },
  'endpoint-new': {
    options: { endpoints: [] },
    act: async (world) => {
      await world.send('g1');
      world.clock.advance(10);
      await world.put({ name: 'a' });
    },
  },
  'not-subscribed': {
    options: { endpoints: [{ name: 'a', events: ['Group.CallbackBeforeSendMsg'] }] },
    act: async (world) => {
      world.clock.advance(10);
      await world.send('g1');
    },
  },
  filtered: {
    options: { endpoints: [{ name: 'a', groups: ['other'] }] },
    act: async (world) => {
      world.clock.advance(10);
      await world.send('g1');
    },
  },
  'changed-since': {
    options: { endpoints: [{ name: 'a', groups: ['other'] }] },
    act: async (world) => {
      world.clock.advance(10);
      await world.send('g1');
      await world.put({ name: 'a' });
    },
  },
  trimmed: {
    act: async (world) => {
      await delivered(world);
      await trim(world);
    },
    check: (answer) => assert.equal(answer.outcome, 'unknown'),
  },
};

describe('why, by name', () => {
  for (const [reason, { options = {}, act, ask: query = 'groupId=g1&msgSeq=1', check }] of Object.entries(
    CASES,
  )) {
    test(reason, async () => {
      await using world = await startWorld(options);
      await using admin = await adminOf(world);
      await act(world, admin);
      const answer = await ask(admin, query);
      assert.equal(answer.reason, reason, JSON.stringify(answer));
      assert.equal(answer.outcome, REASONS[answer.reason]);
      check?.(answer, world);
      told.add(answer.reason);
    });
  }
  after(() => assert.deepEqual([...told].toSorted(), Object.keys(REASONS).toSorted()));
});

test('of an endpoint that came later and starts in the past it is told what it leaves out', async () => {
  await using world = await startWorld({ endpoints: [] });
  await using admin = await adminOf(world);
  await world.send('g1');
  world.clock.advance(10);
  await world.put({ name: 'a', start: 'beginning', groups: ['other'] });
  assert.equal((await ask(admin, 'groupId=g1&msgSeq=1')).reason, 'starting');
  await world.start();
  await world.quiet();
  assert.equal((await ask(admin, 'groupId=g1&msgSeq=1')).reason, 'filtered');
  await world.put({ name: 'a', start: 'beginning', events: ['Group.CallbackAfterCreateGroup'] });
  assert.equal((await ask(admin, 'groupId=g1&msgSeq=1')).reason, 'not-subscribed');
});

test('a range of deliveries gives the time between its ends, and says so', async () => {
  await using world = await startWorld();
  await using admin = await adminOf(world);
  await world.send('g1', 5);
  await world.start();
  await world.quiet();
  const answer = await ask(admin, 'groupId=g1&msgSeq=3');
  assert.deepEqual([answer.reason, answer.exact, answer.attempts], ['answered', false, 1]);
  assert.match(answer.why, /one of 5 deliveries/);
  world.clock.advance(1_000);
  await world.send('g1');
  await world.quiet();
  const later = await ask(admin, 'groupId=g1&msgSeq=6');
  assert.match(later.why, /one of 6 deliveries/);
  assert.ok((later.deliveredFrom ?? 0) >= (answer.deliveredThrough ?? 0) + 900, 'never before its commit');
});

test('beside what a position settled, the events that were sent are told as answered', async () => {
  await using world = await startWorld({
    endpoints: [STANDARD],
    script: ({ msgSeq }) => (msgSeq === 2 ? at(6) : {}),
  });
  await using admin = await adminOf(world);
  await world.send('g1', 8);
  await world.start();
  await world.quiet();
  const answers = [1, 2, 3, 5, 6, 7, 8].map((seq) => ask(admin, `groupId=g1&msgSeq=${seq}`));
  const reasons = (await Promise.all(answers)).map(({ reason, attempts }) => `${reason} ${attempts}`);
  assert.deepEqual(reasons, [
    ...['answered 1', 'answered 1', 'position 0', 'position 0', 'answered 1', 'answered 1', 'answered 1'],
  ]);
});

test('what a position settled and the receiver then lost is told as sent', async () => {
  const said = new Map([[2, 6]]);
  await using world = await startWorld({
    endpoints: [STANDARD],
    script: ({ msgSeq, request }) => at(said.get(msgSeq) ?? eventsOf(request)[0]?.lane.seq ?? 0),
  });
  await using admin = await adminOf(world);
  await world.send('g1', 8);
  await world.start();
  await world.quiet();
  assert.equal((await ask(admin, 'groupId=g1&msgSeq=4')).reason, 'position');
  await world.elapse(120_000);
  said.clear();
  said.set(9, 3);
  world.script(({ msgSeq, request }) => {
    const position = said.get(msgSeq) ?? eventsOf(request)[0]?.lane.seq ?? 0;
    said.clear();
    return at(position);
  });
  await world.send('g1');
  await world.quiet();
  assert.ok(world.arrived('g1').includes(4));
  const answer = await ask(admin, 'groupId=g1&msgSeq=4');
  assert.equal(answer.reason, 'answered');
  assert.equal(answer.through, undefined);
});

test('of several positions in a row it is told that what lies between them may have been sent', async () => {
  await using world = await startWorld({
    endpoints: [STANDARD],
    script: ({ msgSeq }) => ({ 2: at(6), 6: at(9) })[msgSeq] ?? {},
  });
  await using admin = await adminOf(world);
  await world.send('g1', 10);
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 6, 9, 10]);
  for (const seq of [4, 6, 7]) {
    const answer = await ask(admin, `groupId=g1&msgSeq=${seq}`);
    assert.deepEqual([answer.reason, answer.exact, answer.through], ['position', false, 9]);
    assert.match(answer.why, /position, or answered 2xx: it told 2 positions in a row/);
  }
  assert.deepEqual((await ask(admin, 'groupId=g1&msgSeq=10')).reason, 'answered');
});

test('a message of a group or a topic that is no more is explained as long as the log holds it', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', events: 'all' }] });
  await using admin = await adminOf(world);
  await delivered(world);
  const destroyGroup = (groupId: string) =>
    world.commit({ type: 'destroyGroup', app: APP, now: world.clock.now(), operator: SENDER, groupId });
  const disbandedAt = world.clock.now();
  await destroyGroup('g1');
  await world.quiet();
  const asked = `GET apps/${APP}/explain?groupId=g1&msgSeq=1`;
  const { body } = await admin.call(asked);
  assert.deepEqual([body.message.disbandedAt, body.message.inLog], [disbandedAt, true]);
  assert.equal(body.endpoints[0].reason, 'answered');
  const dissolved = await admin.call(`GET apps/${APP}/explain?groupId=g1&logSeq=3`);
  assert.equal(dissolved.body.message.kind, 'group.destroyed');
  await world.commit(createGroup({ app: APP, now: world.clock.now(), groupId: 'g1' }));
  await world.send('g1', 2);
  const again = await admin.call(asked);
  assert.equal(again.body.message.disbandedAt, undefined, 'the group that is there goes before');
  await world.quiet();
  await destroyGroup('g1');
  assert.equal((await ask(admin, 'groupId=g1&msgSeq=2')).reason, 'answered', 'the last one of that id');
});

test('a later replay changes neither when it was delivered nor after how many attempts', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', retry: { maxAttempts: 3 } }] });
  await using admin = await adminOf(world);
  await delivered(world);
  const before = await ask(admin, 'groupId=g1&msgSeq=1');
  world.script(() => DOWN);
  await admin.call(`POST apps/${APP}/replay`, { endpoint: 'a', groupId: 'g1', fromMsgSeq: 1 });
  await world.until(() => world.arrivals.length === 3);
  assert.deepEqual(await ask(admin, 'groupId=g1&msgSeq=1'), before);
});

test('an endpoint that vanished from the file is told apart from one that somebody paused', async () => {
  await using world = await startWorld({ endpoints: [] });
  await using admin = await adminOf(world);
  const sync = { type: 'syncEndpoints', app: APP, now: world.clock.now() } as const;
  await world.commit({ ...sync, endpoints: [world.settings({ name: 'a' })] });
  await world.send('g1');
  await world.commit({ ...sync, endpoints: [] });
  const answer = await ask(admin, 'groupId=g1&msgSeq=1');
  assert.deepEqual(
    [answer.reason, answer.why],
    ['paused', 'the endpoint vanished from the configuration file'],
  );
});

test('with order none, what is done is told apart from what waits before and after it', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none' }],
    script: ({ msgSeq }) => (msgSeq === 2 ? DOWN : {}),
  });
  await using admin = await adminOf(world);
  await world.start();
  await world.send('g1', 3);
  await world.until(() => world.recording.seen.length >= 6);
  await world.elapse(60);
  const reasons = [1, 2, 3].map(async (seq) => (await ask(admin, `groupId=g1&msgSeq=${seq}`)).reason);
  assert.deepEqual(await Promise.all(reasons), ['answered', 'retry', 'answered']);
});

test('a message is found by its log sequence, and by its MsgSeq where there is no message row', async () => {
  await using world = await startWorld();
  await using admin = await adminOf(world);
  await world.send('g1', 2);
  const { body } = await admin.call(`GET apps/${APP}/explain?groupId=g1&logSeq=3`);
  assert.equal(body.message.msgSeq, 2);
  assert.equal(body.message.time, world.clock.now());
  const live = { app: APP, now: world.clock.now(), groupType: 'AVChatRoom', groupId: 'live' } as const;
  await world.commit(createGroup(live));
  const asked = `GET apps/${APP}/explain?groupId=live&msgSeq=1`;
  assert.match(
    (await admin.call(asked)).body.error.message,
    /group "live" has no MsgSeq 1; it has had no message yet/,
  );
  await sendWith(world, 'live', {});
  assert.equal((await admin.call(asked)).body.endpoints[0].reason, 'due');
});

test('a change of a group is explained by its log sequence, and by the MsgSeq of its tip', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', events: 'all' }, { name: 'b' }] });
  await using admin = await adminOf(world);
  await delivered(world);
  const at = { app: APP, now: world.clock.now() };
  await world.commit({ ...at, type: 'importAccounts', accounts: [{ userId: 'bob' }] });
  const joining = { ...at, operator: SENDER, groupId: 'g1', userIds: ['bob'], silent: false };
  await world.commit({ ...joining, type: 'addMembers' });
  await world.quiet();
  for (const query of ['logSeq=3', 'msgSeq=2']) {
    const { body } = await admin.call(`GET apps/${APP}/explain?groupId=g1&${query}`);
    assert.equal(body.message.kind, 'group.members.joined');
    const [a, b] = body.endpoints as Explanation[];
    assert.deepEqual([a?.reason, b?.reason], ['answered', 'not-subscribed']);
    assert.match(b?.why ?? '', /^group\.members\.joined\.invited is not in the endpoint's events/);
  }
});

test('an endpoint that is asked before sending is not blamed for hearing nothing after it', async () => {
  const events = ['Group.CallbackBeforeSendMsg'];
  await using world = await startWorld({ endpoints: [{ name: 'mod', events }] });
  await using admin = await adminOf(world);
  world.clock.advance(10);
  await world.send('g1', 1);
  const { body } = await admin.call(`GET apps/${APP}/explain?groupId=g1&msgSeq=1`);
  const [mod] = body.endpoints as Explanation[];
  assert.deepEqual([mod?.outcome, mod?.reason], ['not-sent', 'not-subscribed']);
  assert.match(mod?.why ?? '', /^the endpoint is asked before things happen \(group\.message\.before-send\)/);
});

test('a question that cannot be answered says why', async () => {
  await using world = await startWorld();
  await using admin = await adminOf(world);
  await world.send('g1', 2);
  for (const [query, status, message] of [
    ['groupId=g1', 400, /either "msgSeq" or "logSeq"/],
    ['groupId=g1&msgSeq=1&logSeq=1', 400, /either "msgSeq" or "logSeq"/],
    ['msgSeq=1', 400, /"groupId" is missing/],
    ['groupId=g1&msgSeq=0', 400, /whole number from 1/],
    ['groupId=g1&msgSeq=3', 404, /group "g1" has no MsgSeq 3; its newest is 2/],
    ['groupId=g2&msgSeq=1', 404, /app 1400000001 has no group "g2", and had none/],
    ['groupId=g1&msgSeq=1&topicId=t', 404, /group "g1" has no topic "t", and had none/],
  ] as const) {
    const { status: got, body } = await admin.call(`GET apps/${APP}/explain?${query}`);
    assert.equal(got, status, query);
    assert.match(body.error.message, message);
  }
  assert.equal((await admin.call('GET apps/7/explain?groupId=g1&msgSeq=1')).status, 404);
});

test('a dead letter that was dismissed is told as that, and not as replayed', async () => {
  await using world = await startWorld({ endpoints: [once()] });
  await using admin = await adminOf(world);
  const id = await givenUp(world);
  await admin.call(`POST dead-letters/${id}/dismiss`);
  const answer = await ask(admin, 'groupId=g1&msgSeq=1');
  assert.deepEqual([answer.reason, answer.outcome, answer.deadLetter], ['given-up', 'dead-letter', id]);
  assert.match(answer.why, /dead letter 1, dismissed by an operator: given up after 1 attempts/);
});

test('what a deleted endpoint still had to get is told as deleted before the job and after it', async () => {
  await using world = await startWorld();
  await using admin = await adminOf(world);
  await world.send('g1', 2);
  await admin.call(`DELETE apps/${APP}/endpoints/a?force=true`);
  for (const said of [
    /a job is about to make a dead letter/,
    /the endpoint was deleted; this event and all later/,
  ]) {
    const answer = await ask(admin, 'groupId=g1&msgSeq=1');
    assert.equal(answer.reason, 'endpoint-deleted');
    assert.match(answer.why, said);
    await world.commit({ type: 'continueJobs', now: world.clock.now(), pageSize: 10 });
  }
});
