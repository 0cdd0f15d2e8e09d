import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { APP, startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

/** Delays after each failure, as the observer was told. */
const delays = (world: World): unknown[] =>
  world.recording.seen.filter(({ next }) => next !== undefined).map(({ next }) => next);

test('retries wait exponentially longer with full jitter, and the next attempt keeps to it', async () => {
  let random = 0.5;
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { baseDelayMs: 1000, maxDelayMs: 3000 } }],
    script: ({ before }) => ({ status: before < 5 ? 503 : 200 }),
    random: () => random,
  });
  await world.send('g1', 2);
  await world.start();
  await world.until(() => delays(world).length === 2);
  random = 0.25;
  await world.until(() => delays(world).length === 5);
  await world.until(() => world.recording.seen.length === 6);
  assert.deepEqual(delays(world), [500, 1000, 750, 750, 750]);
  const times = world.recording.seen.map(({ at }) => at);
  const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  assert.deepEqual(waits.slice(0, 5), [500, 1000, 750, 750, 750]);
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
});

test('a retry that is further off than a lane is kept in memory is still on time', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { baseDelayMs: 6_000 } }],
    script: ({ before }) => ({ status: before === 0 ? 503 : 200 }),
  });
  await world.send('g1', 1);
  await world.start();
  await world.quiet();
  const [first, second] = world.recording.seen;
  assert.equal((second?.at ?? 0) - (first?.at ?? 0), 3_000);
});

test('lanes whose time has come wait for a place without keeping the clock busy', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 1, timeoutMs: 60_000, retry: { baseDelayMs: 1_000 } }],
    script: ({ group, before }) => (group === 'hangs' ? 'hang' : { status: before === 0 ? 503 : 200 }),
  });
  await world.send('g1');
  await world.send('g2');
  await world.start();
  await world.rest();
  await world.send('hangs');
  await world.elapse(700);
  assert.equal(world.arrivals.length, 3);
  assert.ok((world.clock.nextIn ?? 0) > 100);
  await world.until(() => world.arrived('g1').length === 2 && world.arrived('g2').length === 2);
});

test('attempt n+1 never starts before attempt n has ended', async () => {
  const held = gate();
  await using world = await startWorld({
    endpoints: [{ name: 'a', timeoutMs: 60_000, retry: { baseDelayMs: 1 } }],
    script: ({ before }) => (before === 0 ? { status: 500, until: held.opened } : {}),
  });
  await world.send('g1');
  await world.start();
  await world.elapse(59_000);
  assert.equal(world.arrivals.length, 1);
  held.open();
  await world.quiet();
  assert.equal(world.arrivals.length, 2);
});

test('Retry-After in seconds and as a date is waited for, beyond the longest delay and up to its own bound', async () => {
  await using world = await startWorld({
    endpoints: [
      {
        name: 'a',
        retry: { baseDelayMs: 1000, maxDelayMs: 10_000, maxRetryAfterMs: 60_000, maxAttempts: 2 },
      },
    ],
  });
  world.script(({ before }) => {
    if (before === 0) return { status: 429, headers: { 'retry-after': '7' } };
    const date = new Date(world.clock.now() + 30_000).toUTCString();
    if (before === 1) return { status: 503, headers: { 'retry-after': date } };
    if (before === 2) return { status: 503, headers: { 'retry-after': '86400' } };
    return {};
  });
  await world.send('g1');
  await world.start();
  await world.until(() => world.recording.seen.length === 4);
  assert.deepEqual(delays(world), [7_000, 30_000, 60_000]);
  await world.quiet();
  assert.deepEqual(
    await world.store.deadLetters({ includeReplayed: false, limit: 1 }),
    [],
    'maxAttempts is 2',
  );
});

test('a receiver that says "later" for ever is believed until the age limit', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { maxAttempts: 2, maxAgeMs: 600_000 } }],
    script: ({ msgSeq }) => (msgSeq === 1 ? { status: 503, headers: { 'retry-after': '60' } } : {}),
  });
  await world.send('g1', 2);
  await world.start();
  await world.quiet();
  const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  assert.deepEqual([letter?.reason, letter?.msgSeq, letter?.attempts], ['age', 1, 0]);
  assert.equal(world.arrived('g1').filter((msgSeq) => msgSeq === 1).length, 11);
  assert.equal(world.arrived('g1').at(-1), 2);
});

test('410 is given up at once as permanent, the lane goes on, and a replay sends it again', async () => {
  await using world = await startWorld({
    script: ({ msgSeq, before }) => ({ status: msgSeq === 2 && before === 0 ? 410 : 200, body: 'gone' }),
  });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 3]);
  const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  assert.deepEqual([letter?.reason, letter?.attempts, letter?.msgSeq], ['permanent', 1, 2]);
  assert.match(letter?.detail ?? '', /given up for good: the receiver answered HTTP 410/);
  await world.commit({ type: 'replayDeadLetter', app: APP, now: world.clock.now(), id: letter?.id ?? 0 });
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 3, 2]);
});

test('an endpoint that answers 410 to everything loses so many events as open the breaker, and no more', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', breaker: { failures: 5, probeEveryMs: 1_000 } }],
    script: () => ({ status: 410 }),
  });
  await world.send('g1', 50);
  await world.start();
  await world.until(() => world.recording.breakers.length === 1);
  await world.elapse(600_000);
  assert.equal((await world.store.deadLetters({ includeReplayed: false, limit: 100 })).length, 5);
  world.script(() => ({}));
  await world.quiet();
  assert.deepEqual([...new Set(world.arrived('g1'))].length, 50);
  assert.equal((await world.store.deadLetters({ includeReplayed: false, limit: 100 })).length, 5);
});

test('past the age limit an event becomes a dead letter with its reason and every attempt; the lane goes on', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { baseDelayMs: 1000, maxAgeMs: 10_000 } }],
    script: ({ msgSeq }) => ({ status: msgSeq === 1 ? 500 : 200, body: 'no room' }),
  });
  await world.send('g1', 3);
  const sentAt = world.clock.now();
  await world.elapse(100_000);
  await world.start();
  await world.quiet();
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  const [letter] = letters;
  assert.equal(letters.length, 1);
  assert.equal(letter?.reason, 'age');
  assert.equal(letter.msgSeq, 1);
  assert.equal(letter.groupId, 'g1');
  assert.equal(letter.firstAttemptAt, sentAt + 100_000, 'age counts from the first attempt');
  assert.match(letter.detail, /given up .* after the first attempt: the receiver answered HTTP 500/);
  const attempts = await world.store.attempts({ app: APP, logSeq: letter.logSeq, limit: 100 });
  assert.equal(attempts.length, letter.attempts);
  assert.deepEqual(
    attempts.map(({ attempt }) => attempt),
    Array.from({ length: attempts.length }, (_, index) => attempts.length - index),
  );
  for (const { status, answer, verdict } of attempts) {
    assert.deepEqual([status, answer, verdict], [500, 'no room', 'http_status']);
  }
  assert.deepEqual([...new Set(world.arrived('g1'))], [1, 2, 3]);
});

for (const [name, endpoint, attempts] of [
  ['maxAttempts', { retry: { maxAttempts: 3 } }, 3],
  ['park without a number', { onHeadFailure: 'park' }, 10],
  ['skip with maxAttempts', { onHeadFailure: 'skip', retry: { maxAttempts: 2 } }, 2],
  ['one attempt', { retry: { maxAttempts: 1 } }, 1],
] as const) {
  test(`${name}: given up after ${attempts} attempts, and the next event follows`, async () => {
    await using world = await startWorld({
      endpoints: [{ name: 'a', ...endpoint }],
      script: ({ msgSeq }) => ({ status: msgSeq === 2 ? 400 : 200 }),
    });
    await world.send('g1', 3);
    await world.start();
    await world.quiet();
    assert.deepEqual(world.arrived('g1'), [1, ...Array.from({ length: attempts }, () => 2), 3]);
    const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
    assert.deepEqual([letter?.reason, letter?.attempts, letter?.msgSeq], ['attempts', attempts, 2]);
  });
}

test('block is the default: a head that keeps failing holds its own group, and no other', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', breaker: { failures: 1_000 } }],
    script: ({ group }) => ({ status: group === 'bad' ? 500 : 200 }),
  });
  await world.send('bad', 2);
  await world.send('good', 2);
  await world.start();
  await world.elapse(3_600_000);
  assert.ok(world.arrived('bad').length > 8);
  assert.ok(world.arrived('bad').every((msgSeq) => msgSeq === 1));
  assert.deepEqual(world.arrived('good'), [1, 2]);
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: false, limit: 10 }), []);
  await world.send('good');
  await world.until(() => world.arrived('good').length === 3, 0);
});

test('a refused connection uses up no attempt', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => nobody.once('listening', resolve));
  const { port } = nobody.address() as { port: number };
  await new Promise((resolve) => nobody.close(resolve));
  await using world = await startWorld({
    endpoints: [
      { name: 'a', url: `http://127.0.0.1:${port}/`, retry: { maxAttempts: 2 }, breaker: { failures: 100 } },
    ],
  });
  await world.send('g1');
  await world.start();
  await world.until(() => world.recording.seen.length === 10);
  for (const { verdict, attempt, next } of world.recording.seen) {
    assert.deepEqual([verdict, attempt, typeof next], ['connection_refused', 1, 'number']);
  }
  await world.put({ name: 'a' });
  await world.dispatcher.reload();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1]);
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: false, limit: 10 }), []);
});

test('a blocked address is never called, and the attempts say why', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', allowPrivateNetwork: false, retry: { maxAttempts: 2 } }],
  });
  await world.send('g1');
  await world.start();
  await world.quiet();
  assert.equal(world.arrivals.length, 0);
  assert.deepEqual(
    world.recording.seen.map(({ verdict, next }) => [verdict, next]),
    [
      ['blocked_address', 250],
      ['blocked_address', 'attempts'],
    ],
  );
});
