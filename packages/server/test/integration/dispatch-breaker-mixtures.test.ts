import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import type { Arrival } from '../support/arrivals.ts';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import type { Reply } from '../support/scripted-receiver.ts';

const FAILURES = 6;
const PROBE_MS = 1_000;
const ENDPOINT = {
  name: 'a',
  concurrency: 4,
  timeoutMs: 500,
  breaker: { failures: FAILURES, probeEveryMs: PROBE_MS },
  retry: { baseDelayMs: 100, maxDelayMs: 2_000, maxAttempts: 200 },
};

type Fail = (arrival: Arrival) => Reply;
const FAIL: Readonly<Record<string, Fail>> = {
  'status 500': () => ({ status: 500 }),
  'status 503': () => ({ status: 503 }),
  'time-out': () => 'hang',
  'reset connection': () => 'reset',
  'half an answer': () => ({ half: '{"ActionStatus":', ending: 'close' }),
  'one after the other of these': ({ request }) => {
    const replies: Reply[] = [{ status: 500 }, 'hang', 'reset', { status: 404 }];
    return replies[request.index % replies.length] ?? 'reset';
  },
};

/** Which groups fail, and whether the breaker is to open for that. */
const MIXTURES: readonly {
  readonly name: string;
  readonly fails: (group: number, arrival: Arrival) => boolean;
  readonly opens: boolean;
}[] = [
  { name: 'all groups fail', fails: () => true, opens: true },
  { name: 'one group fails for ever', fails: (group) => group === 1, opens: false },
  { name: 'half of the groups fail', fails: (group) => group % 2 === 0, opens: true },
  { name: 'every second attempt fails', fails: (_, { request }) => request.index % 2 === 0, opens: false },
  { name: 'each event fails at first', fails: (_, { before }) => before === 0, opens: true },
];

const GROUPS = 12;

/** Healthy and failing groups have a message each, round after round. */
async function traffic(world: World, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (let group = 1; group <= GROUPS; group += 1) await world.send(`g${group}`);
    await world.elapse(700);
  }
}

/** Whatever happened: everything arrived, in order within each group, and nothing was given up. */
async function assertNothingLost(world: World, messages: number): Promise<void> {
  world.script(() => ({}));
  await world.quiet();
  for (let group = 1; group <= GROUPS; group += 1) {
    const firsts = [...new Set(world.arrived(`g${group}`))];
    assert.deepEqual(
      firsts,
      Array.from({ length: messages }, (_, index) => index + 1),
    );
  }
  assert.deepEqual(await world.store.deadLetters({ includeReplayed: true, limit: 10 }), []);
  assert.equal(world.state()?.breaker, 'closed');
}

for (const [manner, fail] of Object.entries(FAIL)) {
  describe(`the breaker, when attempts end by ${manner}`, () => {
    for (const { name, fails, opens } of MIXTURES) {
      test(`${name}: ${opens ? 'it may open' : 'it stays closed'}, and nothing is lost`, async () => {
        await using world = await startWorld({
          endpoints: [ENDPOINT],
          script: (arrival) => (fails(Number(arrival.group.slice(1)), arrival) ? fail(arrival) : {}),
        });
        await world.start();
        await traffic(world, 8);
        if (!opens) assert.deepEqual(world.recording.breakers, []);
        await assertNothingLost(world, 8);
      });
    }

    test('while it is open only probes are sent, one at a time', async () => {
      await using world = await startWorld({ endpoints: [ENDPOINT], script: fail });
      await world.start();
      await traffic(world, 1);
      await world.until(() => world.state()?.breaker === 'open');
      await world.rest();
      const before = world.arrivals.length;
      await world.elapse(20 * PROBE_MS);
      assert.deepEqual(world.recording.breakers, ['a open']);
      const probes = world.arrivals.length - before;
      assert.ok(probes > 10 && probes <= 21, `${probes} requests in ${20 * PROBE_MS} ms`);
      await assertNothingLost(world, 1);
    });
  });
}

test('connections that are refused open it too, and use up no attempt', async () => {
  const nobody = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => nobody.once('listening', resolve));
  const { port } = nobody.address() as { port: number };
  await new Promise((resolve) => nobody.close(resolve));
  await using world = await startWorld({
    endpoints: [{ ...ENDPOINT, url: `http://127.0.0.1:${port}/`, retry: { maxAttempts: 1 } }],
  });
  await world.start();
  await traffic(world, 1);
  await world.until(() => world.state()?.breaker === 'open');
  await world.rest();
  const before = world.recording.seen.length;
  await world.elapse(20 * PROBE_MS);
  assert.ok(world.recording.seen.length - before <= 20);
  assert.ok(world.recording.seen.every(({ verdict }) => verdict === 'connection_refused'));
  await world.put(ENDPOINT);
  await world.dispatcher.reload();
  await assertNothingLost(world, 1);
});

test('a poisonous head on an endpoint that is otherwise idle opens it; the next message of another group closes it', async () => {
  await using world = await startWorld({
    endpoints: [{ ...ENDPOINT, retry: {} }],
    script: ({ group }) => ({ status: group === 'poison' ? 500 : 200 }),
  });
  await world.start();
  await world.send('poison', 2);
  await world.until(() => world.state()?.breaker === 'open');
  for (let round = 1; round <= 20; round += 1) {
    await world.elapse(60_000);
    await world.send('good');
    await world.until(() => world.arrived('good').length === round, PROBE_MS + 10);
    await world.rest();
    assert.equal(world.state()?.breaker, 'closed');
  }
  assert.ok(
    world.arrived('poison').every((msgSeq) => msgSeq === 1),
    'its own group waits behind it',
  );
});

test('many poisonous heads hold a healthy group up for no longer than one probe', async () => {
  await using world = await startWorld({
    endpoints: [{ ...ENDPOINT, retry: { maxDelayMs: 2_000 } }],
    script: ({ group }) => ({ status: group.startsWith('bad') ? 500 : 200 }),
  });
  await world.start();
  for (let bad = 1; bad <= 20; bad += 1) await world.send(`bad${bad}`);
  await world.elapse(60_000);
  assert.equal(new Set(world.arrivals.map(({ group }) => group)).size, 20, 'each has failed once');
  for (let round = 1; round <= 20; round += 1) {
    await world.until(() => world.state()?.breaker === 'open');
    await world.elapse(PROBE_MS / 2);
    await world.send('good');
    await world.until(() => world.arrived('good').length === round, PROBE_MS + 10);
  }
});
