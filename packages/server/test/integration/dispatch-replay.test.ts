import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StartReplay } from '../../src/store/commands.ts';
import type { Arrival } from '../support/arrivals.ts';
import { APP, startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const range = (from: number, through: number): number[] =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

async function replay(world: World, what: Partial<StartReplay>): Promise<void> {
  const command = { type: 'startReplay', app: APP, now: world.clock.now(), endpoint: 'a', ...what } as const;
  const { kind } = await world.commit(command);
  assert.equal(kind, 'done');
}

const replayed = (world: World, group: string): number[] =>
  world.arrivals.filter((arrival) => arrival.replay && arrival.group === group).map(({ msgSeq }) => msgSeq);

/** Each replay must be the first delivery again, but for the header that says so. */
function assertSameAsFirst(world: World): void {
  const first = new Map<string, Arrival>();
  for (const arrival of world.arrivals) {
    const original = first.get(`${arrival.group} ${arrival.msgSeq}`);
    if (original === undefined) first.set(`${arrival.group} ${arrival.msgSeq}`, arrival);
    else {
      assert.equal(arrival.id, original.id);
      assert.equal(arrival.request.body, original.request.body);
      assert.equal(arrival.request.url, original.request.url);
    }
  }
}

test('the range of a group comes again in order, marked, with the same id and the same bytes', async () => {
  await using world = await startWorld();
  await world.start();
  await world.send('g1', 100);
  await world.send('g2', 3);
  await world.quiet();
  await world.elapse(3_600_000);
  await replay(world, { groupId: 'g1', fromMsgSeq: 11, toMsgSeq: 90 });
  await world.quiet(1_000);
  assert.deepEqual(replayed(world, 'g1'), range(11, 90));
  assert.deepEqual(replayed(world, 'g2'), []);
  assert.equal(world.arrivals.length, 103 + 80);
  assertSameAsFirst(world);
});

test('a range of time over all groups comes again, with what is sent meanwhile', async () => {
  await using world = await startWorld();
  await world.start();
  for (const group of range(1, 600)) await world.send(`g${group}`);
  await world.elapse(10_000);
  const since = world.clock.now();
  for (const group of range(1, 600)) await world.send(`g${group}`, 2);
  await world.elapse(10_000);
  const until = world.clock.now() - 1;
  for (const group of range(1, 600)) await world.send(`g${group}`);
  await world.quiet();
  await replay(world, { since, until });
  await world.dispatcher.reload();
  await world.send('g1');
  await world.quiet();
  for (const group of range(1, 600)) assert.deepEqual(replayed(world, `g${group}`), [2, 3], `g${group}`);
  assert.equal(world.arrived('g1').at(-1), 5);
  assertSameAsFirst(world);
  const [job] = await world.store.jobs();
  assert.notEqual(job?.finishedAt, undefined);
});

test('a job that nobody told of is found by the poll', async () => {
  await using world = await startWorld();
  await world.start();
  await world.send('g1', 3);
  await world.quiet();
  await replay(world, { since: 0 });
  await world.until(() => replayed(world, 'g1').length === 3, 5_100);
});

test('a dead letter replayed is delivered once more, between what the lane has to do', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { maxAttempts: 2 } }],
    script: ({ msgSeq }) => ({ status: msgSeq === 2 ? 500 : 200 }),
  });
  await world.start();
  await world.send('g1', 4);
  await world.quiet();
  const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  assert.equal(letter?.msgSeq, 2);
  world.script(() => ({}));
  const command = { type: 'replayDeadLetter', app: APP, now: world.clock.now(), id: letter.id } as const;
  assert.equal((await world.commit(command)).kind, 'done');
  await world.quiet(1_000);
  assert.deepEqual(world.arrived('g1'), [1, 2, 2, 3, 4, 2]);
  assert.deepEqual(replayed(world, 'g1'), [2]);
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: false, limit: 10 }), []);
  assertSameAsFirst(world);
});

test('a replay that fails again is retried, and becomes a dead letter of its own', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', retry: { maxAttempts: 3 } }] });
  await world.start();
  await world.send('g1', 3);
  await world.quiet();
  world.script(({ replay: again, msgSeq }) => ({ status: again && msgSeq === 2 ? 500 : 200 }));
  await replay(world, { groupId: 'g1' });
  await world.quiet();
  assert.deepEqual(replayed(world, 'g1'), [1, 2, 2, 2, 3]);
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  assert.deepEqual(
    letters.map(({ msgSeq, attempts }) => [msgSeq, attempts]),
    [[2, 3]],
  );
});

test('a replay goes before what the lane still waits for, and each comes in its own order', async () => {
  const held = gate();
  await using world = await startWorld();
  await world.start();
  await world.send('g1', 40);
  await world.quiet();
  world.script(() => ({ until: held.opened }));
  await world.send('g1', 1);
  await world.rest();
  await world.send('g1', 100);
  await replay(world, { groupId: 'g1', toMsgSeq: 40 });
  held.open();
  await world.quiet();
  assert.deepEqual(replayed(world, 'g1'), range(1, 40));
  const live = world.arrivals.filter((arrival) => !arrival.replay).map(({ msgSeq }) => msgSeq);
  assert.deepEqual(live, range(1, 141));
  const after = world.arrivals.slice(40);
  const first = after.findIndex(({ replay: again }) => again);
  assert.ok(
    first <= 33,
    `the lane had 32 events in hand beside the one under way, the replay came after ${first}`,
  );
  assert.deepEqual(
    after.slice(first, first + 40).map(({ msgSeq }) => msgSeq),
    range(1, 40),
  );
});

for (const order of ['group', 'none']) {
  test(`a replay cut short by a crash goes on where it was (order ${order})`, async () => {
    const held = gate();
    await using world = await startWorld({ file: true, endpoints: [{ name: 'a', order }] });
    await world.start();
    await world.send('g1', 60);
    await world.quiet();
    world.script(({ msgSeq }) => (msgSeq === 20 ? { until: held.opened } : {}));
    await replay(world, { groupId: 'g1' });
    await world.elapse(50);
    await world.crash();
    const before = replayed(world, 'g1');
    assert.ok(before.includes(20));
    world.script(() => ({}));
    await world.start();
    await world.quiet();
    assert.deepEqual(
      [...new Set(replayed(world, 'g1'))].sort((a, b) => a - b),
      range(1, 60),
    );
    const after = replayed(world, 'g1').slice(before.length);
    assert.equal(after[0], 20, 'what was settled before it does not come a third time');
  });
}

test('order none: a replay that is let go sends nothing twice', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none', retry: { baseDelayMs: 20_000 }, breaker: { failures: 1_000 } }],
  });
  await world.start();
  await world.send('g1', 40);
  await world.quiet();
  const fails = new Set([1, 7, 20, 33]);
  world.script(({ msgSeq, before }) => ({ status: fails.has(msgSeq) && before === 1 ? 500 : 200 }));
  await replay(world, { groupId: 'g1' });
  await world.quiet();
  const twice = replayed(world, 'g1').filter((msgSeq) => fails.has(msgSeq));
  assert.equal(twice.length, 8, 'each failed once, and its lane waited in the store');
  assert.equal(replayed(world, 'g1').length, 44);
});
