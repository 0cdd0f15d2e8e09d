import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const range = (through: number): number[] => Array.from({ length: through }, (_, index) => index + 1);
/** A store that never tells that a lane has work. */
const withoutHints = (store: Store): Store => ({ ...store, onLanes: () => {} });

function assertAll(world: World, groups: number, messages: number): void {
  for (const group of range(groups))
    assert.deepEqual(world.arrived(`g${group}`), range(messages), `g${group}`);
}

test('with every hint lost, everything still arrives, in order, within a poll', async () => {
  await using world = await startWorld({ wrap: withoutHints });
  await world.start();
  for (let round = 0; round < 8; round += 1) {
    for (const group of range(5)) await world.send(`g${group}`);
    await world.elapse(777);
  }
  await world.quiet(5_100);
  assertAll(world, 5, 8);
});

test('a hint lost while the lane is still in memory is found at its checkpoint', async () => {
  const held = gate();
  await using world = await startWorld({
    wrap: withoutHints,
    script: ({ msgSeq }) => (msgSeq === 1 ? { until: held.opened } : {}),
  });
  await world.send('g1');
  await world.start();
  await world.rest();
  await world.send('g1', 2);
  held.open();
  await world.quiet(200);
  assertAll(world, 1, 3);
});

for (const [name, wrap] of [
  ['told', undefined],
  ['found by polling', withoutHints],
] as const) {
  test(`1000 groups at once on four places, ${name}: all delivered, few in memory`, async () => {
    await using world = await startWorld({
      endpoints: [{ name: 'a', concurrency: 4 }],
      ...(wrap === undefined ? {} : { wrap }),
    });
    if (wrap === undefined) await world.start();
    for (const group of range(1000)) await world.send(`g${group}`, 2);
    if (wrap !== undefined) await world.start();
    let most = 0;
    world.script(() => {
      most = Math.max(most, world.state()?.lanesInMemory ?? 0);
      return {};
    });
    await world.quiet(wrap === undefined ? 10_000 : 60_000);
    assertAll(world, 1000, 2);
    assert.ok(most <= 128, `${most} lanes in memory`);
    assert.equal(world.receiver.maxConcurrent() <= 4, true);
  });
}

test('a backlog of many groups drains without a wait for the next checkpoint', async () => {
  await using world = await startWorld();
  for (const group of range(600)) await world.send(`g${group}`);
  await world.start();
  for (let turns = 0; turns < 100 && world.arrivals.length < 600; turns += 1) await world.rest();
  assertAll(world, 600, 1);
});

test('lanes that fill the window while they wait for a retry let others in', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 4, breaker: { failures: 100_000 } }],
    script: ({ group }) => ({ status: Number(group.slice(1)) <= 300 ? 500 : 200 }),
  });
  for (const group of range(400)) await world.send(`g${group}`, 1);
  await world.start();
  await world.until(
    () => world.recording.seen.filter(({ verdict }) => verdict === 'delivered').length === 100,
    60_000,
  );
  world.script(() => ({}));
  await world.quiet();
  for (const group of range(400)) assert.equal(world.arrived(`g${group}`).at(-1), 1);
});

test('a backlog that finds the window full of news when it is read does not wait for the next poll', async () => {
  const reading = gate();
  const held = gate();
  await using world = await startWorld({
    wrap: (store) => ({
      ...store,
      dueLanes: async (query) => {
        const due = await store.dueLanes(query);
        await reading.opened;
        return due;
      },
    }),
    script: () => ({ until: held.opened }),
  });
  for (const group of range(100)) await world.send(`g${group}`);
  await world.start();
  for (const group of range(128)) await world.send(`news${group}`);
  await world.rest();
  assert.equal(world.state()?.lanesInMemory, 128);
  reading.open();
  await world.rest();
  held.open();
  await world.until(() => world.arrivals.length === 228, 1_000);
});

for (const order of ['group', 'none']) {
  test(`a busy lane gives way to waiting ones, and comes back at once (order ${order})`, async () => {
    await using world = await startWorld({
      endpoints: [
        {
          name: 'a',
          concurrency: 2,
          order,
          retry: { baseDelayMs: 3_000 },
          breaker: { failures: 100_000 },
        },
      ],
      script: ({ group }) => ({ status: group === 'busy' || group === 'late' ? 200 : 500 }),
    });
    await world.send('busy', 500);
    for (const group of range(127)) await world.send(`g${group}`);
    await world.send('late', 1);
    await world.start();
    await world.until(() => world.arrived('late').length === 1, 200);
    const turns = world.arrived('busy').length;
    assert.ok(turns >= 64 && turns <= 132, `${turns} turns before the other lane had any`);
    // The 127 lanes that wait for their retry do not keep the busy one's place.
    await world.until(() => new Set(world.arrived('busy')).size === 500, 1_000);
  });
}

test('a slow endpoint and a dead one delay neither another endpoint nor a send', async () => {
  await using world = await startWorld({
    endpoints: [
      { name: 'slow', concurrency: 2 },
      { name: 'dead', concurrency: 2 },
      { name: 'a', concurrency: 2 },
    ],
    script: ({ path }) => (path === 'slow' ? 'hang' : path === 'dead' ? 'reset' : {}),
  });
  await world.start();
  for (let round = 0; round < 20; round += 1) {
    for (const group of range(10)) await world.send(`g${group}`);
    await world.until(() => world.arrivals.filter(({ path }) => path === 'a').length === (round + 1) * 10, 0);
    await world.elapse(333);
  }
  assertAll(world, 10, 20);
  world.script(() => ({}));
  await world.quiet();
  for (const path of ['slow', 'dead']) {
    for (const group of range(10))
      assert.deepEqual([...new Set(world.arrived(`g${group}`, path))], range(20));
  }
});

test('a stream that hangs delays no other stream of its endpoint', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 2 }],
    script: ({ group }) => (group === 'hangs' ? 'hang' : {}),
  });
  await world.send('hangs');
  await world.start();
  for (const group of range(10)) await world.send(`g${group}`, 10);
  await world.until(() => world.arrivals.length === 101, 0);
  assertAll(world, 10, 10);
});

test('a backlog is read a little at a time', async () => {
  const reads: number[] = [];
  await using world = await startWorld({
    wrap: (store) => ({
      ...store,
      readEvents: async (asked) => {
        const answers = await store.readEvents(asked);
        for (const { events } of answers) reads.push(events.length);
        return answers;
      },
    }),
  });
  await world.send('g1', 1_000);
  await world.start();
  await world.quiet();
  assertAll(world, 1, 1_000);
  assert.equal(Math.max(...reads), 32);
});
