import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import type { Reply } from '../support/scripted-receiver.ts';
import { eventsOf, KEY } from '../support/standard-requests.ts';

const STANDARD = { name: 'a', dialect: 'standard', signingKeys: [KEY] };

function at(position: number | string): Reply {
  return { body: '{}', headers: { 'confab-applied-through': String(position) } };
}

/** Log sequences as they arrived; the first message has 2. */
function seqs(world: World): number[] {
  return world.arrivals.flatMap(({ request }) => eventsOf(request).map(({ lane }) => lane.seq));
}

test('a receiver restored from a backup says so once and gets what it lacks, in order', async () => {
  let restored = false;
  await using world = await startWorld({
    endpoints: [STANDARD],
    script: ({ request }) => {
      const seq = eventsOf(request)[0]?.lane.seq ?? 0;
      if (!restored || seq !== 8) return at(seq);
      restored = false;
      return at(3);
    },
  });
  await world.send('g1', 6);
  await world.start();
  await world.quiet();
  restored = true;
  await world.send('g1', 3);
  await world.quiet();
  assert.deepEqual(seqs(world), [2, 3, 4, 5, 6, 7, 8, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(world.recording.moves, ['a back 3']);
  const [attempt] = await world.store.attempts({ app: 1400000001, limit: 9 });
  assert.deepEqual([attempt?.logSeq, attempt?.verdict], [8, 'position_behind']);
});

test('the lane goes on from there also after a crash', async () => {
  let restored = true;
  await using world = await startWorld({
    endpoints: [STANDARD],
    file: true,
    script: ({ request }) => {
      const seq = eventsOf(request)[0]?.lane.seq ?? 0;
      if (seq < 7) return restored ? {} : 'hang';
      restored = false;
      return at(3);
    },
  });
  await world.send('g1', 6);
  await world.start();
  await world.until(() => world.arrivals.length === 7);
  await world.elapse(100);
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.quiet();
  assert.deepEqual(seqs(world), [2, 3, 4, 5, 6, 7, 4, 4, 5, 6, 7]);
});

test('a receiver that has more than it was sent is not sent it again', async () => {
  await using world = await startWorld({
    endpoints: [STANDARD],
    script: ({ request }) => (eventsOf(request)[0]?.lane.seq === 3 ? at(40) : {}),
  });
  await world.send('g1', 50);
  await world.start();
  await world.quiet();
  assert.deepEqual(seqs(world), [2, 3, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51]);
  assert.deepEqual(world.recording.moves, ['a forward 40']);
  const ranges = await world.store.deliveries({ app: 1400000001, logSeq: 20, limit: 9 });
  assert.ok(ranges.length > 0, 'what was passed over stands among the delivered ranges');
});

test('a position beyond the end of the log is ignored, and what comes later is sent', async () => {
  await using world = await startWorld({ endpoints: [STANDARD], script: () => at(1_000) });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  await world.send('g1', 2);
  await world.quiet();
  assert.deepEqual(seqs(world), [2, 3, 4, 5, 6]);
  assert.deepEqual(new Set(world.recording.moves), new Set(['a refused 1000']));
});

test('a position that cannot be read is a warning on a delivery', async () => {
  await using world = await startWorld({ endpoints: [STANDARD], script: () => at('-1') });
  await world.send('g1', 2);
  await world.start();
  await world.quiet();
  assert.deepEqual(seqs(world), [2, 3]);
  for (const { verdict, warning } of world.recording.seen) {
    assert.equal(verdict, 'delivered');
    assert.match(warning ?? '', /position in the header confab-applied-through cannot be read/);
  }
});

test('without an order, and from a replay, a position moves nothing', async () => {
  await using world = await startWorld({
    endpoints: [STANDARD, { ...STANDARD, name: 'b', order: 'none' }],
    script: ({ path, replay }) => (path === 'b' || replay ? at(0) : {}),
  });
  await world.send('g1', 4);
  await world.start();
  await world.quiet();
  await world.commit({
    type: 'startReplay',
    app: 1400000001,
    endpoint: 'a',
    groupId: 'g1',
    now: world.clock.now(),
  });
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 3, 4, 1, 2, 3, 4]);
  assert.deepEqual(world.arrived('g1', 'b').toSorted(), [1, 2, 3, 4]);
  assert.deepEqual(world.recording.moves, []);
});

test('“not applied” is a failed attempt: it waits, and ends as a dead letter', async () => {
  await using world = await startWorld({
    endpoints: [{ ...STANDARD, retry: { maxAttempts: 3 } }],
    script: ({ msgSeq, request }) => (msgSeq === 2 ? at((eventsOf(request)[0]?.lane.seq ?? 1) - 1) : {}),
  });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 2, 2, 3]);
  assert.deepEqual(world.recording.moves, []);
  const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  assert.equal(letter?.msgSeq, 2);
});

test('a receiver that always says it has nothing gets no storm, and each event its end', async () => {
  await using world = await startWorld({
    endpoints: [
      { ...STANDARD, retry: { maxAgeMs: 600_000, maxDelayMs: 1_000 }, breaker: { failures: 1_000 } },
    ],
    script: () => at(0),
  });
  await world.send('g1', 3);
  await world.start();
  await world.quiet(3_600_000);
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  assert.deepEqual(
    letters.map(({ msgSeq, reason }) => [msgSeq, reason]),
    [3, 2, 1].map((msgSeq) => [msgSeq, 'age']),
  );
  // Ten minutes for each event, a retry twice a second at most.
  assert.ok(world.arrivals.length < 3 * 1_300, `${world.arrivals.length} requests`);
});

test('a receiver that goes back at every new event is set back once a minute at most', async () => {
  await using world = await startWorld({
    endpoints: [
      { ...STANDARD, retry: { baseDelayMs: 10_000, maxDelayMs: 10_000 }, breaker: { failures: 1_000 } },
    ],
    script: ({ before, msgSeq }) => (before === 0 && msgSeq > 1 ? at(0) : {}),
  });
  await world.send('g1', 12);
  await world.start();
  await world.quiet();
  const minutes = (world.clock.monotonic() - 0) / 60_000;
  assert.ok(world.recording.moves.length <= Math.ceil(minutes) + 1, `${world.recording.moves.length} moves`);
  assert.ok(world.recording.moves.length < 11, 'not at every event');
  assert.equal(new Set(world.arrived('g1')).size, 12);
});
