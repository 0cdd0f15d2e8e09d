import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const BREAKER = { breaker: { failures: 1_000 } };
const BUSY = { status: 429, headers: { 'retry-after': '30' } };

async function sendToMany(world: World, groups: number, count: number): Promise<void> {
  for (let group = 1; group <= groups; group += 1) await world.send(`g${group}`, count);
}

test('one 429 with Retry-After holds the whole endpoint so long, and no other endpoint', async () => {
  await using world = await startWorld({
    endpoints: [
      { name: 'a', ...BREAKER },
      { name: 'b', ...BREAKER },
    ],
    script: ({ path, group, msgSeq, before }) =>
      path === 'a' && group === 'g1' && msgSeq === 1 && before === 0 ? BUSY : {},
  });
  await world.send('g1');
  await world.start();
  await world.until(() => world.recording.seen.some(({ endpoint }) => endpoint === 'a'), 0);
  await sendToMany(world, 20, 2);
  await world.rest();
  assert.equal(world.state('a')?.heldForMs, 30_000);
  await world.elapse(29_999);
  assert.equal(world.arrivals.filter(({ path }) => path === 'a').length, 1, 'nothing more went to a');
  assert.equal(world.arrivals.filter(({ path }) => path === 'b').length, 41, 'b has everything');
  assert.deepEqual([world.state('a')?.heldForMs, world.state('b')?.heldForMs], [1, 0]);
  await world.elapse(1);
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 1, 2, 3]);
  for (let group = 2; group <= 20; group += 1) assert.deepEqual(world.arrived(`g${group}`), [1, 2]);
});

test('a change of the endpoint forgets the pause: at most one round of refusals, and it is known again', async () => {
  const endpoint = { name: 'a', concurrency: 8, ...BREAKER };
  await using world = await startWorld({ endpoints: [endpoint], script: () => BUSY });
  await sendToMany(world, 40, 1);
  await world.start();
  await world.rest();
  const before = world.arrivals.length;
  assert.equal(world.state()?.heldForMs, 30_000);
  await world.put({ ...endpoint, timeoutMs: 9_000 });
  await world.dispatcher.reload();
  await world.rest();
  const more = world.arrivals.length - before;
  assert.ok(more >= 1 && more <= 8, `${more} requests`);
  assert.equal(world.state()?.heldForMs, 30_000);
  const asked = world.arrivals.map(({ group }) => group);
  assert.equal(new Set(asked).size, asked.length, 'what was refused keeps its time');
});

test('overload without Retry-After halves what may be under way, deliveries bring it back', async () => {
  const held = gate();
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 16, timeoutMs: 60_000, retry: { baseDelayMs: 1 }, ...BREAKER }],
    script: () => ({ status: 503, until: held.opened }),
  });
  await sendToMany(world, 40, 20);
  await world.start();
  await world.until(() => world.arrivals.length === 16, 0);
  const slow = gate();
  world.script(() => ({ until: slow.opened }));
  held.open();
  await world.until(() => world.arrivals.length === 16 + 8);
  await world.rest();
  assert.equal(world.state()?.allowed, 8, 'sixteen refusals of one round halve it once');
  assert.equal(world.state()?.inFlight, 8);
  let most = 0;
  world.script(() => {
    most = Math.max(most, world.state()?.inFlight ?? 0);
    return {};
  });
  slow.open();
  await world.quiet();
  assert.equal(most, 16, 'it came back by itself');
  for (let group = 1; group <= 40; group += 1) {
    assert.deepEqual(
      [...new Set(world.arrived(`g${group}`))],
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
  }
});

test('a receiver that takes so many at a time is found out and not run down', async () => {
  const capacity = 5;
  let flying = 0;
  await using world = await startWorld({
    endpoints: [{ name: 'a', concurrency: 64, retry: { baseDelayMs: 1 }, ...BREAKER }],
  });
  world.script(() => {
    flying = world.state()?.inFlight ?? 0;
    return flying > capacity ? { status: 503 } : {};
  });
  await sendToMany(world, 100, 20);
  await world.start();
  await world.quiet();
  const refused = world.recording.seen.filter(({ verdict }) => verdict !== 'delivered').length;
  assert.equal(world.recording.seen.length - refused, 2_000);
  assert.ok(refused < 1_000, `${refused} refusals for 2,000 deliveries`);
});

test('with the breaker open the probe waits for Retry-After too', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', breaker: { failures: 2, probeEveryMs: 1_000 } }],
    script: () => BUSY,
  });
  await sendToMany(world, 8, 1);
  await world.start();
  await world.until(() => world.recording.breakers.length === 1);
  await world.rest();
  const before = world.arrivals.length;
  await world.elapse(29_999);
  assert.equal(world.arrivals.length, before, 'no probe is sent in vain');
  world.script(() => ({}));
  await world.quiet(10_000);
  assert.deepEqual(world.recording.breakers, ['a open', 'a closed']);
});
