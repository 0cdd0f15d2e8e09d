import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const range = (from: number, through: number): number[] =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

test('each message arrives once, in order, and then nothing is left behind', async () => {
  await using world = await startWorld();
  await world.start();
  await world.send('g1', 40);
  await world.send('g2', 3);
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), range(1, 40));
  assert.deepEqual(world.arrived('g2'), [1, 2, 3]);
  assert.deepEqual(await world.store.lanes({ limit: 10 }), []);
});

test('a backlog from before the start is delivered as if it were new', async () => {
  await using world = await startWorld();
  await world.send('g1', 100);
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), range(1, 100));
});

test('what is sent while a lane is busy, or about to be forgotten, follows without waiting for a poll', async () => {
  await using world = await startWorld();
  await world.start();
  for (let round = 0; round < 20; round += 1) {
    await world.send('g1');
    // Round by round another moment of the lane's life: reading, in flight, idle, being checkpointed, gone.
    await world.elapse(round * 5);
  }
  await world.until(() => world.arrivals.length === 20, 100);
  assert.deepEqual(world.arrived('g1'), range(1, 20));
});

test('one request per group at a time, as many groups as the endpoint allows', async () => {
  const held = gate();
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 4 }],
    script: () => ({ until: held.opened }),
  });
  for (const group of range(1, 10)) await world.send(`g${group}`, 3);
  await world.start();
  await world.rest();
  assert.equal(world.arrivals.length, 4);
  assert.equal(new Set(world.arrivals.map(({ group }) => group)).size, 4);
  assert.equal(world.state()?.inFlight, 4);
  held.open();
  await world.quiet();
  assert.equal(world.receiver.maxConcurrent(), 4);
  for (const group of range(1, 10)) assert.deepEqual(world.arrived(`g${group}`), [1, 2, 3]);
});

test('no two requests of one group are ever under way together', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', concurrency: 8 }] });
  await world.start();
  const open = new Map<string, number>();
  let most = 0;
  world.script(({ group }) => {
    open.set(group, (open.get(group) ?? 0) + 1);
    most = Math.max(most, open.get(group) ?? 0);
    const answered = Promise.resolve().then(() => open.set(group, (open.get(group) ?? 0) - 1));
    return { until: answered };
  });
  for (let round = 0; round < 10; round += 1) {
    await world.send('g1', 3);
    await world.send('g2', 2);
    await world.turn();
  }
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), range(1, 30));
  assert.equal(most, 1);
});

test('with order none, 64 requests of one group are under way and no more', async () => {
  const held = gate();
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none', concurrency: 100 }],
    script: () => ({ until: held.opened }),
  });
  await world.send('g1', 150);
  await world.start();
  await world.rest();
  assert.equal(world.arrivals.length, 64);
  held.open();
  await world.quiet();
  assert.deepEqual(
    world.arrived('g1').sort((a, b) => a - b),
    range(1, 150),
  );
});

test('with order none, a head that waits lets the others pass and is retried on time', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none', retry: { baseDelayMs: 1000 } }],
    script: ({ msgSeq, before }) => ({ status: msgSeq === 1 && before < 3 ? 500 : 200 }),
  });
  await world.send('g1', 200);
  await world.start();
  await world.quiet();
  assert.equal(world.recording.seen.filter(({ msgSeq }) => msgSeq === 1).length, 4);
  assert.equal(world.arrivals.length, 203);
  assert.deepEqual(
    world.recording.seen.filter(({ verdict }) => verdict !== 'delivered').map(({ next }) => next),
    [500, 1000, 2000],
  );
});

test('with order none, one event that hangs does not hold up the retry of another', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none', timeoutMs: 60_000, retry: { baseDelayMs: 1000 } }],
    script: ({ msgSeq, before }) =>
      msgSeq === 2 && before === 0 ? 'hang' : { status: before === 0 ? 500 : 200 },
  });
  await world.send('g1', 2);
  await world.start();
  await world.until(() => world.recording.seen.some(({ verdict }) => verdict === 'delivered'), 1_000);
  assert.equal(world.recording.seen[0]?.msgSeq, 1);
});

test('with order none, what is settled beyond a stuck head is bounded', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none', breaker: { failures: 100_000 }, retry: { baseDelayMs: 1000 } }],
    script: ({ msgSeq }) => ({ status: msgSeq === 1 ? 500 : 200 }),
  });
  await world.send('g1', 2_000);
  await world.start();
  await world.elapse(60_000);
  const passed = new Set(world.arrivals.map(({ msgSeq }) => msgSeq)).size;
  assert.ok(passed >= 1_024 && passed < 1_200, `${passed} events passed the stuck one`);
  world.script(() => ({}));
  await world.quiet();
  assert.equal(new Set(world.arrivals.map(({ msgSeq }) => msgSeq)).size, 2_000);
});
