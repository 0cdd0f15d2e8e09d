import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const range = (from: number, through: number): number[] =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

test('stop() lets what is in flight end, writes it down, and nothing of it comes again', async () => {
  const held = gate();
  await using world = await startWorld({ file: true, script: () => ({ until: held.opened }) });
  await world.send('g1', 3);
  await world.send('g2', 3);
  await world.start();
  await world.rest();
  const stopped = world.stop();
  await world.send('g3', 1);
  held.open();
  await stopped;
  assert.deepEqual([world.arrived('g1'), world.arrived('g2'), world.arrived('g3')], [[1], [1], []]);

  await world.crash();
  await world.start();
  await world.quiet();
  assert.deepEqual(
    [world.arrived('g1'), world.arrived('g2'), world.arrived('g3')],
    [[1, 2, 3], [1, 2, 3], [1]],
  );
});

test('stop() waits no longer than one time-out, and the attempt counts', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', timeoutMs: 2_000 }],
    script: () => 'hang',
  });
  await world.send('g1');
  await world.start();
  await world.rest();
  const begun = world.clock.monotonic();
  await world.stop();
  assert.equal(world.clock.monotonic() - begun, 2_000);
  assert.equal(world.clock.pending, 0);
  const [attempt] = await world.store.attempts({ app: 1400000001, limit: 10 });
  assert.equal(attempt?.verdict, 'timeout_headers');

  world.script(() => ({}));
  await world.start();
  await world.quiet();
  assert.equal(world.recording.seen.at(-1)?.attempt, 2);
});

test('stop() twice, abort() after stop(), stop() after abort(), and stop() during start() all end', async () => {
  await using world = await startWorld({ script: () => 'hang' });
  await world.send('g1');
  await world.start();
  await world.rest();
  const both = Promise.all([world.dispatcher.stop(), world.dispatcher.stop()]);
  await world.turn();
  await world.dispatcher.abort();
  await both;
  await world.dispatcher.stop();

  const starting = world.start();
  await Promise.all([world.dispatcher.stop(), starting]);
  assert.equal(world.clock.pending, 0);
});

test('abort() while an endpoint is being changed leaves nothing waiting', async () => {
  await using world = await startWorld({ script: () => 'hang' });
  await world.send('g1');
  await world.start();
  await world.rest();
  await world.put({ name: 'a', concurrency: 2 });
  const reloaded = world.dispatcher.reload();
  await world.turn();
  await world.dispatcher.abort();
  await reloaded;
  await world.dispatcher.stop();
  assert.equal(world.clock.pending, 0);
});

test('after a crash only what was begun since the last checkpoint comes again, with the same id', async () => {
  const held = gate();
  await using world = await startWorld({
    file: true,
    script: ({ msgSeq }) => (msgSeq === 8 ? { until: held.opened } : {}),
  });
  await world.send('g1', 5);
  await world.start();
  await world.elapse(50);
  await world.send('g1', 5);
  await world.rest();
  assert.deepEqual(world.arrived('g1'), range(1, 8));
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [...range(1, 8), ...range(6, 10)]);
  for (const { msgSeq, id } of world.arrivals) {
    const same = world.arrivals.filter((arrival) => arrival.msgSeq === msgSeq).map((arrival) => arrival.id);
    assert.deepEqual(new Set(same), new Set([id]));
  }
  assert.equal(new Set(world.arrivals.map(({ id }) => id)).size, 10);
});

test('an event that was given up just before a crash is not sent behind a later one', async () => {
  await using world = await startWorld({
    file: true,
    endpoints: [{ name: 'a', retry: { maxAttempts: 1 } }],
    script: () => ({ status: 500 }),
  });
  await world.send('g1', 3);
  await world.start();
  await world.rest();
  assert.equal(world.arrivals.length, 1, 'the dead letter has to be written down first');
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 1, 2, 3]);
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: true, limit: 1 }), []);
});

test('failed attempts and the time of the next one outlive a crash', async () => {
  await using world = await startWorld({
    file: true,
    endpoints: [{ name: 'a', retry: { baseDelayMs: 10_000, maxAttempts: 3 } }],
    script: () => ({ status: 500 }),
  });
  await world.send('g1', 2);
  await world.start();
  await world.elapse(50);
  await world.crash();
  await world.start();
  await world.elapse(4_900);
  assert.equal(world.arrivals.length, 1, 'the delay of the first failure is not over');
  await world.elapse(50);
  assert.equal(world.arrivals.length, 2);
  assert.equal(world.recording.seen[1]?.attempt, 2);
});

test('with order none, a restart redelivers only what was not acknowledged', async () => {
  const open = new Set([1, 7, 30]);
  const held = gate();
  await using world = await startWorld({
    file: true,
    endpoints: [{ name: 'a', order: 'none' }],
    script: ({ msgSeq }) => (open.has(msgSeq) ? { until: held.opened } : {}),
  });
  await world.send('g1', 50);
  await world.start();
  await world.rest();
  await world.elapse(50);
  const [lane] = await world.store.lanes({ limit: 10 });
  const [first] = await world.store.deliveries({ app: 1400000001, limit: 10 });
  assert.equal(first?.count, 47);
  assert.equal(lane?.cursor, (first?.fromSeq ?? 0) - 2, 'the cursor stands before the lowest unacknowledged');
  await world.crash();

  const before = world.arrivals.length;
  world.script(() => ({}));
  await world.start();
  await world.quiet();
  const again = world.arrivals.slice(before).map(({ msgSeq }) => msgSeq);
  assert.deepEqual(
    again.sort((a, b) => a - b),
    [1, 7, 30],
  );
});
