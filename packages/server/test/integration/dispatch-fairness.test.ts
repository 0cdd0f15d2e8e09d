import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const SMALL_APP = APP + 1;

/** Position of each arrival at an endpoint among all arrivals. */
const positions = (world: World, path: string): number[] =>
  world.arrivals.flatMap((arrival, index) => (arrival.path === path ? [index] : []));

/** Messages of the second app, in a group of its own. */
async function sendSmall(world: World, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await world.send('small', 1, SMALL_APP);
}

test('an app a thousand times busier does not keep a small one waiting', async () => {
  await using world = await startWorld({
    concurrency: 4,
    endpoints: [{ name: 'busy', concurrency: 64 }],
  });
  await world.put({ name: 'small', concurrency: 64 }, SMALL_APP);
  for (let group = 1; group <= 200; group += 1) await world.send(`g${group}`, 50);
  await sendSmall(world, 10);
  await world.start();
  await world.until(() => positions(world, 'small').length === 10);
  const last = positions(world, 'small').at(-1) ?? 0;
  assert.ok(last < 10 * 10, `its ten webhooks arrived among the first ${last}, of 10,010`);
  assert.deepEqual(world.arrived('small', 'small'), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await world.quiet();
  assert.equal(positions(world, 'busy').length, 10_000);
});

test('when every place hangs, an endpoint with one message still gets it delivered at once', async () => {
  await using world = await startWorld({
    concurrency: 4,
    endpoints: ['h1', 'h2', 'h3'].map((name) => ({ name, concurrency: 64, timeoutMs: 60_000 })),
    script: ({ path }) => (path.startsWith('h') ? 'hang' : {}),
  });
  await world.put({ name: 'small' }, SMALL_APP);
  for (let group = 1; group <= 20; group += 1) await world.send(`g${group}`, 2);
  await world.start();
  await world.rest();
  assert.ok(world.arrivals.length <= 4 + 3, `${world.arrivals.length} hang`);
  await sendSmall(world, 3);
  await world.until(() => positions(world, 'small').length === 3, 0);
});

test('endpoints of an app share scarce places by weight', async () => {
  const held = gate();
  await using world = await startWorld({
    concurrency: 20,
    endpoints: [
      { name: 'heavy', concurrency: 64, weight: 3, timeoutMs: 60_000 },
      { name: 'light', concurrency: 64, weight: 1, timeoutMs: 60_000 },
    ],
    script: () => ({ until: held.opened }),
  });
  for (let group = 1; group <= 60; group += 1) await world.send(`g${group}`, 40);
  await world.start();
  await world.rest();
  world.script(() => ({}));
  held.open();
  await world.until(() => positions(world, 'heavy').length === 60 * 40);
  const light = positions(world, 'light').filter((at) => at < (positions(world, 'heavy').at(-1) ?? 0)).length;
  assert.ok(light > 500 && light < 1_300, `light had ${light} beside 2,400`);
  await world.quiet();
});

for (const order of ['group', 'none']) {
  test(`a hot group lets its neighbours go in between (order ${order})`, async () => {
    await using world = await startWorld({ endpoints: [{ name: 'a', concurrency: 1, order }] });
    await world.send('hot', 1_000);
    await world.start();
    await world.until(() => world.arrived('hot').length === 100);
    await world.send('cold', 5);
    await world.until(() => world.arrived('cold').length === 5);
    const between = world.arrived('hot').length - 100;
    assert.ok(between <= 20, `${between} of the hot group came before five of the cold one`);
    await world.quiet();
  });
}

test('an app that is stopped in the middle leaves its places to the others', async () => {
  await using world = await startWorld({
    concurrency: 4,
    endpoints: [{ name: 'busy', concurrency: 64 }],
  });
  await world.put({ name: 'small', concurrency: 64 }, SMALL_APP);
  for (let group = 1; group <= 20; group += 1) await world.send(`g${group}`, 20);
  await sendSmall(world, 50);
  await world.start();
  await world.until(() => world.arrivals.length > 20);
  await world.commit({
    type: 'setEndpointPaused',
    app: APP,
    now: world.clock.now(),
    name: 'busy',
    paused: true,
  });
  await world.dispatcher.reload();
  await world.until(() => positions(world, 'small').length === 50);
  await world.commit({
    type: 'setEndpointPaused',
    app: APP,
    now: world.clock.now(),
    name: 'busy',
    paused: false,
  });
  await world.dispatcher.reload();
  await world.quiet();
  assert.equal(positions(world, 'busy').length, 400);
});
