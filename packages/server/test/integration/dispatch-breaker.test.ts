import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const DOWN = { status: 503 };

async function down(world: World, groups: number): Promise<void> {
  for (let group = 1; group <= groups; group += 1) await world.send(`g${group}`, 3);
  await world.start();
  await world.until(() => world.recording.breakers.length === 1);
}

test('so many failures in a row open it; then one probe at a time, and it closes by itself', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 1, breaker: { failures: 5, probeEveryMs: 5_000 } }],
    script: () => DOWN,
  });
  await down(world, 12);
  assert.equal(world.arrivals.length, 5);
  assert.equal(world.state()?.breaker, 'open');

  await world.elapse(4_999);
  assert.equal(world.arrivals.length, 5, 'nothing is attempted while it is open');
  await world.elapse(1);
  assert.equal(world.arrivals.length, 6);
  await world.elapse(20_000);
  assert.equal(world.arrivals.length, 10, 'one probe every five seconds');
  assert.equal(new Set(world.arrivals.slice(5).map(({ group }) => group)).size, 5, 'each with another lane');

  world.script(() => ({}));
  await world.quiet();
  assert.deepEqual(world.recording.breakers, ['a open', 'a closed']);
  for (let group = 1; group <= 12; group += 1) {
    assert.deepEqual([...new Set(world.arrived(`g${group}`))], [1, 2, 3]);
  }
  assert.equal(world.recording.seen.filter(({ verdict }) => verdict === 'delivered').length, 36);
});

test('lanes that wait for the breaker are not held up by the backoff of their own', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 4, breaker: { failures: 4 } }],
    script: () => DOWN,
  });
  await down(world, 40);
  world.script(() => ({}));
  await world.quiet(6_000);
  assert.equal(world.recording.seen.filter(({ verdict }) => verdict === 'delivered').length, 120);
});

test('a probe that hangs is the only request, however late the others end', async () => {
  const late = gate();
  await using world = await startWorld({
    endpoints: [
      { name: 'a', concurrency: 8, timeoutMs: 60_000, breaker: { failures: 2, probeEveryMs: 1_000 } },
    ],
    script: ({ group }) => (Number(group.slice(1)) <= 2 ? DOWN : { ...DOWN, until: late.opened }),
  });
  await down(world, 20);
  await world.rest();
  const before = world.arrivals.length;
  world.script(() => 'hang');
  await world.elapse(1_000);
  assert.equal(world.arrivals.length, before + 1);
  late.open();
  await world.until(() => world.state()?.inFlight === 1);
  await world.elapse(30_000);
  assert.equal(world.arrivals.length, before + 1, 'a late failure starts no second probe');
  assert.equal(world.state()?.breaker, 'probing');
  assert.ok((world.clock.nextIn ?? 0) > 100, 'the clock is not kept busy meanwhile');
});

test('a late success closes it as well as a probe does, and the probe under way is an attempt like any other', async () => {
  const late = gate();
  await using world = await startWorld({
    endpoints: [
      { name: 'a', concurrency: 8, timeoutMs: 60_000, breaker: { failures: 2, probeEveryMs: 1_000 } },
    ],
    script: ({ group }) => (group === 'g8' ? { until: late.opened } : DOWN),
  });
  await down(world, 8);
  await world.rest();
  const slow = gate();
  world.script(() => ({ until: slow.opened }));
  await world.elapse(1_000);
  assert.equal(world.state()?.breaker, 'probing');
  const probed = world.arrivals.at(-1)?.group;
  const backoff = { status: 503, headers: { 'retry-after': '1' } };
  world.script(({ group, msgSeq, before }) =>
    group === probed && msgSeq === 2 && before === 0 ? backoff : {},
  );
  late.open();
  await world.until(() => world.recording.breakers.length === 2);
  assert.equal(world.state()?.breaker, 'closed');
  assert.equal(world.clock.monotonic(), 1_000);
  slow.open();
  await world.quiet();
  const again = world.recording.seen.filter(({ group, msgSeq }) => group === probed && msgSeq === 2);
  assert.deepEqual(
    again.map(({ attempt, next }) => [attempt, next]),
    [
      [1, 1_000],
      [1, undefined],
    ],
  );
  assert.equal((again[1]?.at ?? 0) - (again[0]?.at ?? 0), 1_000, 'it keeps to its backoff again');
  for (let group = 1; group <= 8; group += 1) {
    assert.deepEqual([...new Set(world.arrived(`g${group}`))], [1, 2, 3]);
  }
});

test('failing lanes among healthy ones never open it', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 1, breaker: { failures: 3 } }],
    script: ({ group }) => (group === 'bad1' || group === 'bad2' ? DOWN : {}),
  });
  await world.start();
  for (const bad of ['bad1', 'bad2']) await world.send(bad, 1);
  for (let round = 0; round < 200; round += 1) {
    await world.send('good');
    await world.elapse(100);
  }
  assert.ok(world.arrived('bad1').length > 4);
  assert.deepEqual(world.recording.breakers, []);
  assert.equal(world.arrived('good').length, 200);
});

test('probes use up no attempt and are one row', async () => {
  await using world = await startWorld({
    endpoints: [
      {
        name: 'a',
        retry: { baseDelayMs: 100, maxAttempts: 5 },
        breaker: { failures: 3, probeEveryMs: 1_000 },
      },
    ],
    script: () => DOWN,
  });
  await down(world, 1);
  await world.elapse(60_050);
  assert.equal(world.arrivals.length, 63);
  const attempts = await world.store.attempts({ app: 1400000001, limit: 100 });
  assert.deepEqual(
    attempts.map(({ attempt, count }) => [attempt, count]),
    [
      [3, 61],
      [2, 1],
      [1, 1],
    ],
  );
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: false, limit: 10 }), []);
});

test('with nothing to send it stays open, and the next message is the probe', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { maxAttempts: 1 }, breaker: { failures: 2, probeEveryMs: 5_000 } }],
    script: () => DOWN,
  });
  await world.send('g1', 2);
  await world.start();
  await world.quiet();
  assert.equal(world.state()?.breaker, 'open');
  await world.elapse(20_000);
  world.script(() => ({}));
  await world.send('g2', 2);
  await world.quiet(5_100);
  assert.deepEqual(world.arrived('g2'), [1, 2]);
  assert.deepEqual(world.recording.breakers, ['a open', 'a closed']);
});

test('a hanging endpoint with all places taken finds its way back', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 3, breaker: { failures: 6, probeEveryMs: 1_000 } }],
    script: () => 'hang',
  });
  await down(world, 10);
  world.script(() => ({}));
  await world.quiet();
  assert.equal(world.recording.seen.filter(({ verdict }) => verdict === 'delivered').length, 30);
});

test('with order none the lane rests too, and nothing of it is lost', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', order: 'none', breaker: { failures: 10, probeEveryMs: 1_000 } }],
    script: () => DOWN,
  });
  await world.send('g1', 100);
  await world.start();
  await world.until(() => world.recording.breakers.length === 1);
  await world.rest();
  const before = world.arrivals.length;
  await world.elapse(10_000);
  assert.equal(world.arrivals.length, before + 10);
  world.script(() => 'hang');
  await world.elapse(1_000);
  await world.send('g1', 5);
  await world.rest();
  assert.equal(world.arrivals.length, before + 11, 'news of its lane go not beside a probe');
  world.script(() => ({}));
  await world.quiet();
  assert.equal(new Set(world.arrived('g1')).size, 105);
});

test('a change of the endpoint closes the breaker: it opens again after as many failures as the first time', async () => {
  const endpoint = { name: 'a', concurrency: 4, breaker: { failures: 5, probeEveryMs: 60_000 } };
  await using world = await startWorld({ endpoints: [endpoint], script: () => ({ status: 500 }) });
  for (let group = 1; group <= 40; group += 1) await world.send(`g${group}`);
  await world.start();
  await world.rest();
  const before = world.arrivals.length;
  assert.equal(world.state()?.breaker, 'open');
  await world.put({ ...endpoint, timeoutMs: 9_000 });
  await world.dispatcher.reload();
  await world.rest();
  const more = world.arrivals.length - before;
  assert.ok(more >= 5 && more <= 5 - 1 + 4, `${more} requests`);
  assert.equal(world.state()?.breaker, 'open');
});
