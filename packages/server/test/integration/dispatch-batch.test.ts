import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importVerifyingKeys, verifyStandard } from '@confab-im/protocol';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import { gate, type RecordedRequest, type Reply } from '../support/scripted-receiver.ts';
import { eventsOf, KEY } from '../support/standard-requests.ts';

const BATCH = { name: 'a', dialect: 'standard', signingKeys: [KEY], batch: { maxEvents: 10 } };

function seqsOf(request: RecordedRequest): number[] {
  return eventsOf(request).map(({ lane }) => lane.seq);
}

/** Log sequences by request; the first message has 2. */
function requests(world: World): number[][] {
  return world.arrivals.map(({ request }) => seqsOf(request));
}

function range(from: number, through: number): number[] {
  return Array.from({ length: through - from + 1 }, (_, index) => from + index);
}

function at(position: number | string): Reply {
  return { body: '{}', headers: { 'confab-applied-through': String(position) } };
}

test('what waits goes in batches, each signed, each behind the one before', async () => {
  await using world = await startWorld({ endpoints: [BATCH], script: () => ({ body: '{}' }) });
  await world.send('g1', 25);
  await world.start();
  await world.quiet();
  assert.deepEqual(requests(world), [range(2, 11), range(12, 21), range(22, 26)]);
  for (const { request } of world.arrivals) {
    const { headers, body } = request;
    const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) =>
      String(headers[`webhook-${name}`]),
    );
    const keys = await importVerifyingKeys([KEY]);
    const verdict = await verifyStandard({ id, timestamp, signature, body, keys, now: Number(timestamp) });
    assert.deepEqual(verdict, { ok: true, keyIndex: 0 });
  }
  assert.equal(world.recording.seen.filter(({ verdict }) => verdict === 'delivered').length, 25);
});

test('a lane that is up to date sends events one by one; a batch is what came while one was under way', async () => {
  const slow = gate();
  let first = true;
  await using world = await startWorld({
    endpoints: [BATCH],
    script: () => {
      const reply = first ? { until: slow.opened } : {};
      first = false;
      return reply;
    },
  });
  await world.start();
  await world.send('g1');
  await world.until(() => world.arrivals.length === 1);
  for (let n = 0; n < 4; n += 1) await world.send('g1');
  slow.open();
  await world.quiet();
  await world.send('g1');
  await world.quiet();
  assert.deepEqual(requests(world), [[2], [3, 4, 5, 6], [7]]);
  const single = world.arrivals[0]?.request.body ?? '';
  assert.equal(JSON.parse(single).type, 'group.message.sent', 'alone it has the form of a single one');
});

test('what was applied of a batch is delivered, the rest comes again', async () => {
  await using world = await startWorld({
    endpoints: [BATCH],
    script: ({ request }) => at(Math.min(seqsOf(request).at(-1) ?? 0, (seqsOf(request)[0] ?? 0) + 3)),
  });
  await world.send('g1', 12);
  await world.start();
  await world.quiet();
  assert.deepEqual(requests(world), [range(2, 11), range(6, 13), range(10, 13)]);
  assert.equal(world.recording.seen.filter(({ verdict }) => verdict === 'failed').length, 0);
});

test('a batch that fails is tried again with its first event alone, at the cost of nobody’s attempts', async () => {
  await using world = await startWorld({
    endpoints: [{ ...BATCH, retry: { maxAttempts: 1, permanentStatuses: [422] } }],
    script: ({ request }) => ({ status: seqsOf(request).includes(4) ? 422 : 200 }),
  });
  await world.send('g1', 5);
  await world.start();
  await world.quiet();
  assert.deepEqual(requests(world), [range(2, 6), [2], range(3, 6), [3], range(4, 6), [4], [5, 6]]);
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 9 });
  assert.deepEqual(
    letters.map(({ logSeq }) => logSeq),
    [4],
  );
});

test('nonsense in the answer to a batch acknowledges nothing of it', async () => {
  await using world = await startWorld({ endpoints: [BATCH], script: () => at('soon') });
  await world.send('g1', 3);
  await world.start();
  await world.quiet();
  assert.deepEqual(requests(world), [[2, 3, 4], [2], [3, 4], [3], [4]]);
  const [attempt] = await world.store.attempts({ app: 1400000001, limit: 9 });
  assert.equal(attempt?.verdict, 'position_unreadable');
  assert.equal(world.recording.seen.filter(({ verdict }) => verdict === 'delivered').length, 3);
});

test('a batch keeps to its bytes, and an event that is longer goes alone', async () => {
  await using world = await startWorld({ endpoints: [{ ...BATCH, batch: { maxBytes: 2_000 } }] });
  await world.send('g1', 9);
  await world.start();
  await world.quiet();
  assert.deepEqual(requests(world).flat(), range(2, 10));
  const sizes = world.arrivals.map(({ request }) => Buffer.byteLength(request.body));
  assert.ok(Math.max(...sizes) <= 2_000, `${sizes}`);
  assert.ok(world.arrivals.length < 9, 'some went together');
  await using tight = await startWorld({ endpoints: [{ ...BATCH, batch: { maxBytes: 1_024 } }] });
  await tight.send('g1', 4);
  await tight.start();
  await tight.quiet();
  assert.deepEqual(requests(tight).flat(), range(2, 5));
});

test('a crash in the middle of a batch repeats it and loses nothing', async () => {
  await using world = await startWorld({ endpoints: [BATCH], file: true, script: () => 'hang' });
  await world.send('g1', 5);
  await world.start();
  await world.until(() => world.arrivals.length === 1);
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.quiet();
  assert.deepEqual(requests(world), [range(2, 6), range(2, 6)]);
});

test('a replay goes one by one', async () => {
  await using world = await startWorld({ endpoints: [BATCH] });
  await world.send('g1', 3);
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
  assert.deepEqual(requests(world), [[2, 3, 4], [2], [3], [4]]);
});
