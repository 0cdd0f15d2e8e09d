import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StandardEvent } from '@confab-im/protocol';
import { APP, startWorld, type World } from '../support/dispatch-harness.ts';
import { chainOf, eventsOf, KEY } from '../support/standard-requests.ts';

const STANDARD = { name: 'a', dialect: 'standard', signingKeys: [KEY] };
const SKIP = { ...STANDARD, onHeadFailure: 'skip', retry: { maxAttempts: 2, baseDelayMs: 10 } };
const WEEK_MS = 7 * 86_400_000;

function received(world: World): StandardEvent[] {
  return world.arrivals.flatMap(({ request }) => eventsOf(request));
}

/** Each arrival as its number, with `t` for a tombstone. */
function told(world: World): string[] {
  return received(world).map(({ type, lane }) => `${lane.seq}${type === 'tombstone' ? 't' : ''}`);
}

test('a tombstone takes the place of a skipped event, and the chain stays whole', async () => {
  await using world = await startWorld({
    endpoints: [SKIP],
    script: ({ request }) => ({
      status: eventsOf(request)[0]?.lane.seq === 3 && isMessage(request.body) ? 500 : 200,
    }),
  });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  assert.deepEqual(told(world), ['2', '3', '3', '3t', '4']);
  const [, , failed, tombstone] = received(world);
  assert.deepEqual(tombstone?.lane, failed?.lane);
  assert.notEqual(tombstone?.id, failed?.id);
  assert.deepEqual([tombstone?.type, tombstone?.envelope.msgSeq], ['tombstone', 2]);
  assert.match(
    JSON.stringify(tombstone?.envelope),
    /given up after 2 attempts: the receiver answered HTTP 500/,
  );
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  assert.deepEqual(
    letters.map(({ logSeq, reason }) => [logSeq, reason]),
    [[3, 'attempts']],
  );
});

function isMessage(body: string): boolean {
  return body.includes('"type":"group.message.sent"');
}

test('the dead letter of a skipped event can be replayed, under the event’s own id', async () => {
  let broken = true;
  await using world = await startWorld({
    endpoints: [SKIP],
    script: ({ request }) => ({ status: broken && isMessage(request.body) ? 500 : 200 }),
  });
  await world.send('g1');
  await world.start();
  await world.quiet();
  broken = false;
  const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  await world.commit({ type: 'replayDeadLetter', app: APP, id: letter?.id ?? 0, now: world.clock.now() });
  await world.quiet();
  const [first, , , again] = received(world);
  assert.deepEqual(told(world), ['2', '2', '2t', '2']);
  assert.equal(again?.id, first?.id);
});

test('a tombstone is retried in its turn, and given up like an event', async () => {
  await using world = await startWorld({
    endpoints: [SKIP],
    script: ({ request }) => ({ status: eventsOf(request)[0]?.lane.seq === 2 ? 500 : 200 }),
  });
  await world.send('g1', 2);
  await world.start();
  await world.quiet();
  assert.deepEqual(told(world), ['2', '2', '2t', '2t', '3']);
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  assert.deepEqual(
    letters.map(({ logSeq }) => logSeq),
    [2, 2],
  );
});

test('after a crash the tombstone goes on, not the event', async () => {
  await using world = await startWorld({
    endpoints: [SKIP],
    file: true,
    script: ({ request }) => (isMessage(request.body) ? { status: 500 } : 'hang'),
  });
  await world.send('g1', 2);
  await world.start();
  await world.until(() => told(world).at(-1) === '2t');
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.quiet();
  assert.deepEqual(told(world), ['2', '2', '2t', '2t', '3']);
});

test('in the other dialects a skipped event is a dead letter and nothing is sent for it', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', onHeadFailure: 'skip', retry: { maxAttempts: 1 } }],
    script: ({ msgSeq }) => ({ status: msgSeq === 1 ? 500 : 200 }),
  });
  await world.send('g1', 2);
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2]);
});

test('in a dialect that the endpoint has changed to nothing is sent for what was given up before', async () => {
  await using world = await startWorld({
    endpoints: [SKIP],
    file: true,
    script: ({ request }) => (isMessage(request.body) ? { status: 500 } : 'hang'),
  });
  await world.send('g1', 2);
  await world.start();
  await world.until(() => told(world).at(-1) === '2t');
  await world.crash();
  world.script(() => ({}));
  await world.put({ name: 'a' });
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1').slice(3), [2]);
});

test('before the dispatcher hears of the change to `standard`, a skipped event is a dead letter and no more', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', onHeadFailure: 'skip', retry: { maxAttempts: 1 } }],
    script: () => ({ status: 500 }),
  });
  await world.start();
  await world.put(SKIP);
  await world.send('g1');
  await world.until(() => world.arrivals.length > 0);
  await world.rest();
  await world.elapse(1_000);
  assert.deepEqual(world.arrived('g1'), [1]);
});

test('a receiver that stands before what has been trimmed gets one tombstone for all of it', async () => {
  let restored = false;
  await using world = await startWorld({
    endpoints: [STANDARD],
    script: ({ request }) => {
      if (!restored) return {};
      restored = false;
      assert.equal(eventsOf(request)[0]?.lane.seq, 7);
      return { body: '{"appliedThrough":2}' };
    },
  });
  await world.send('g1', 4);
  await world.start();
  await world.quiet();
  world.clock.advance(WEEK_MS + 1);
  await world.send('g1');
  await world.quiet();
  const trimmed = await world.commit({
    type: 'trim',
    now: world.clock.now(),
    replayWindowMs: WEEK_MS,
    messageWindowMs: 0,
    limit: 100,
  });
  assert.equal(trimmed.logRows, 5);
  restored = true;
  await world.send('g1');
  await world.quiet();
  assert.deepEqual(chainOf(world.arrivals.slice(-4).map(({ request }) => request)), [
    '7<6',
    '5<2',
    '6<5',
    '7<6',
  ]);
  const tombstone = received(world).at(-3);
  assert.deepEqual([tombstone?.type, tombstone?.envelope.msgSeq], ['tombstone', 0]);
  assert.match(JSON.stringify(tombstone?.envelope), /have been trimmed/);
});
