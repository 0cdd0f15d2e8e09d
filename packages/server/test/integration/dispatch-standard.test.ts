import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, startWorld } from '../support/dispatch-harness.ts';
import { chainOf, eventsOf, KEY, NEXT_KEY, signedWith } from '../support/standard-requests.ts';

const STANDARD = { name: 'a', dialect: 'standard', signingKeys: [KEY] };

test('headers, envelope and answer of the dialect', async () => {
  await using world = await startWorld({ endpoints: [STANDARD], script: () => ({ body: '{}' }) });
  await world.send('g1');
  await world.start();
  await world.quiet();
  const { request } = world.arrivals[0] ?? assert.fail();
  assert.equal(request.url, '/a');
  assert.equal(request.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(request.headers['confab-endpoint'], 'a');
  const [event] = eventsOf(request);
  assert.ok(event !== undefined);
  assert.equal(event.id, request.headers['webhook-id']);
  const { stream, ...lane } = event.lane;
  assert.deepEqual(lane, { endpoint: 'a', app: APP, groupId: 'g1', seq: 2, prev: 0, replay: false });
  assert.equal(event.event?.kind, 'group.message.sent');
  assert.deepEqual(
    world.recording.seen.map(({ verdict, warning }) => [verdict, warning]),
    [['delivered', undefined]],
  );
});

test('each attempt is signed anew over the same body', async () => {
  await using world = await startWorld({
    endpoints: [{ ...STANDARD, retry: { baseDelayMs: 4_000 } }],
    script: ({ before }) => ({ status: before < 2 ? 500 : 200 }),
  });
  await world.send('g1');
  await world.start();
  await world.quiet();
  const requests = world.arrivals.map(({ request }) => request);
  const times = requests.map(({ headers }) => Number(headers['webhook-timestamp']));
  const [first = 0] = times;
  assert.deepEqual(times, [first, first + 2, first + 6]);
  assert.equal(new Set(requests.map(({ body }) => body)).size, 1);
  for (const [index, request] of requests.entries()) {
    assert.ok(await signedWith(KEY, request, times[index] ?? 0));
    assert.ok(!(await signedWith(NEXT_KEY, request, times[index] ?? 0)));
  }
});

test('a key is changed without a moment in which a receiver knows none of the signatures', async () => {
  await using world = await startWorld({ endpoints: [STANDARD] });
  await world.start();
  const signed: boolean[][] = [];
  for (const signingKeys of [[KEY], [KEY, NEXT_KEY], [NEXT_KEY]]) {
    await world.put({ ...STANDARD, signingKeys });
    await world.dispatcher.reload();
    await world.send('g1');
    await world.quiet();
    const { request } = world.arrivals.at(-1) ?? assert.fail();
    const now = Number(request.headers['webhook-timestamp']);
    signed.push(await Promise.all([KEY, NEXT_KEY].map((key) => signedWith(key, request, now))));
  }
  assert.deepEqual(signed, [
    [true, false],
    [true, true],
    [false, true],
  ]);
});

test('the chain is whole whether events come by a hint or from the log, over a crash and a restart', async () => {
  await using world = await startWorld({ endpoints: [STANDARD], file: true });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  for (let n = 0; n < 3; n += 1) {
    await world.send('g1');
    await world.quiet();
  }
  await world.crash();
  await world.send('g1', 40);
  await world.start();
  await world.quiet();
  const seen = [...new Set(chainOf(world.arrivals.map(({ request }) => request)))];
  assert.deepEqual(
    seen,
    Array.from({ length: 46 }, (_, index) => `${index + 2}<${index === 0 ? 0 : index + 1}`),
  );
});

test('a dead letter shows as a gap in the chain, and its replay names the same', async () => {
  await using world = await startWorld({
    endpoints: [{ ...STANDARD, onHeadFailure: 'park', retry: { maxAttempts: 1 } }],
    script: ({ msgSeq, replay }) => ({ status: msgSeq === 2 && !replay ? 500 : 200 }),
  });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  const [letter] = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  await world.commit({ type: 'replayDeadLetter', app: APP, id: letter?.id ?? 0, now: world.clock.now() });
  await world.quiet();
  assert.deepEqual(chainOf(world.arrivals.map(({ request }) => request)), ['2<0', '3<2', '4<3', '3<2']);
  const replayed = eventsOf(world.arrivals.at(-1)?.request ?? assert.fail());
  assert.equal(replayed[0]?.lane.replay, true);
});

test('what the store tells of a change of dialect before the dispatcher hears of it is not held against the event', async () => {
  await using world = await startWorld({ endpoints: [{ ...STANDARD, retry: { maxAttempts: 1 } }] });
  await world.start();
  await world.put({ name: 'a', retry: { maxAttempts: 1 } });
  await world.send('g1', 2);
  await world.elapse(4_000);
  assert.equal(world.arrivals.length, 0);
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2]);
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: true, limit: 9 }), []);
});
