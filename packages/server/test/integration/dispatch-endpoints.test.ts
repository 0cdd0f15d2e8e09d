import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { APP, startWorld, type World } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const range = (from: number, through: number): number[] =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

async function pause(world: World, paused: boolean): Promise<void> {
  const command = { type: 'setEndpointPaused', app: APP, now: world.clock.now(), name: 'a', paused } as const;
  assert.equal((await world.commit(command)).kind, 'done');
  await world.dispatcher.reload();
}

test('a pause holds everything, and what was sent meanwhile follows after it', async () => {
  await using world = await startWorld();
  await world.start();
  await world.send('g1', 2);
  await world.quiet();
  await pause(world, true);
  assert.deepEqual(world.dispatcher.states(), []);
  await world.send('g1', 3);
  await world.send('g2', 2);
  await world.elapse(60_000);
  assert.equal(world.arrivals.length, 2);
  await pause(world, false);
  await world.quiet(1_000);
  assert.deepEqual(world.arrived('g1'), range(1, 5));
  assert.deepEqual(world.arrived('g2'), [1, 2]);
});

test('a pause lets what is in flight end and counts it', async () => {
  const held = gate();
  await using world = await startWorld({ script: () => ({ until: held.opened }) });
  await world.start();
  await world.send('g1', 3);
  await world.rest();
  const paused = pause(world, true);
  await world.rest();
  held.open();
  await paused;
  await world.elapse(10_000);
  assert.deepEqual(world.arrived('g1'), [1]);
  await pause(world, false);
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 3]);
});

/** A store that adds up what a dispatcher asks of it: calls, rows of lanes, events. */
function counting(store: Store): { readonly store: Store; readonly asked: Record<string, number> } {
  const asked: Record<string, number> = {};
  const add = (what: string, count = 1): void => {
    asked[what] = (asked[what] ?? 0) + count;
  };
  const counted: Store = {
    ...store,
    commit: (command) => {
      add(command.type);
      if (command.type === 'checkpoint') add('lanes written', command.lanes.length);
      return store.commit(command);
    },
    dueLanes: async (query) => {
      const due = await store.dueLanes(query);
      add('dueLanes');
      add('lanes read', due.lanes.length);
      return due;
    },
    readEvents: async (reads) => {
      const read = await store.readEvents(reads);
      add(
        'events read',
        read.reduce((sum, { events }) => sum + events.length, 0),
      );
      return read;
    },
  };
  return { store: counted, asked };
}

test('pausing and resuming costs the same, however large the backlog is', async () => {
  const costs: Record<string, number>[] = [];
  for (const [groups, messages] of [
    [300, 2],
    [1_500, 10],
  ] as const) {
    let asked: Record<string, number> = {};
    await using world = await startWorld({
      endpoints: [{ name: 'a', concurrency: 4, timeoutMs: 60_000 }],
      script: () => 'hang',
      wrap: (store) => {
        const wrapped = counting(store);
        asked = wrapped.asked;
        return wrapped.store;
      },
    });
    for (const group of range(1, groups)) await world.send(`g${group}`, messages);
    await world.start();
    await world.rest();
    for (const what of Object.keys(asked)) delete asked[what];
    const paused = pause(world, true);
    await world.elapse(60_000);
    await paused;
    await pause(world, false);
    await world.rest();
    costs.push({ ...asked });
    assert.equal(world.arrivals.length, 8, 'four before and four after');
  }
  const [small, large] = costs;
  assert.ok((small?.['lanes read'] ?? 0) <= 2 * 128, JSON.stringify(small));
  assert.deepEqual(Object.keys(large ?? {}).sort(), Object.keys(small ?? {}).sort());
  for (const [what, count] of Object.entries(large ?? {})) {
    // A lane is read ahead by 32 events at most, so that longer lanes bring more of them, and there are no more lanes.
    const most = what === 'events read' ? 5 * (small?.[what] ?? 0) : (small?.[what] ?? 0);
    assert.ok(count <= most, `${what}: ${count}, with a small backlog ${small?.[what]}`);
  }
});

test('a changed URL takes over after what is in flight, in order and without repeating anything', async () => {
  const held = gate();
  await using world = await startWorld({
    script: ({ msgSeq, request }) => {
      if (request.url.startsWith('/a/new')) return {};
      return msgSeq < 5 ? {} : { until: held.opened };
    },
  });
  await world.start();
  await world.send('g1', 10);
  await world.send('g2', 10);
  await world.until(() => world.arrivals.length === 10);
  await world.put({ name: 'a', url: `${world.receiver.url}/a/new` });
  const reloaded = world.dispatcher.reload();
  await world.send('g1', 2);
  await world.rest();
  assert.equal(world.arrivals.length, 10, 'nothing new while the old requests run');
  held.open();
  await reloaded;
  await world.quiet(1_000);
  assert.deepEqual(world.arrived('g1'), range(1, 12));
  assert.deepEqual(world.arrived('g2'), range(1, 10));
  const moved = world.arrivals.filter(({ request }) => request.url.startsWith('/a/new'));
  assert.equal(moved.length, 7 + 5);
});

test('a change keeps the attempts and the time of the next one', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: { baseDelayMs: 100_000 } }],
    script: ({ before }) => ({ status: before === 0 ? 500 : 200 }),
  });
  await world.start();
  await world.send('g1');
  await world.elapse(10_000);
  await world.put({ name: 'a', concurrency: 3 });
  await world.dispatcher.reload();
  await world.elapse(39_900);
  assert.equal(world.arrivals.length, 1);
  await world.elapse(200);
  assert.deepEqual(
    world.recording.seen.map(({ attempt }) => attempt),
    [1, 2],
  );
});

test('a change comes through while other endpoints are busy all the time', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a' }, { name: 'b' }] });
  await world.start();
  let rounds = 0;
  let reloaded = false;
  world.script(({ path }) => {
    if (path === 'a' && !reloaded && rounds < 500) {
      rounds += 1;
      void world.send('g1');
    }
    return {};
  });
  await world.send('g1');
  await world.until(() => rounds > 20);
  await world.put({ name: 'b', concurrency: 1 });
  const done = world.dispatcher.reload().then(() => {
    reloaded = true;
  });
  await world.until(() => reloaded);
  await done;
  assert.ok(rounds < 500, 'the change did not wait for the load to end');
});

test('from old to new, an endpoint that is added starts where it says', async () => {
  await using world = await startWorld({ endpoints: [] });
  await world.send('g1', 3);
  await world.send('g2', 40);
  await world.elapse(60_000);
  const time = world.clock.now();
  await world.send('g1', 2);
  await world.elapse(1_000);
  await world.start();
  const starts = { now: 'now', beginning: 'beginning', time: new Date(time).toISOString(), sequence: 4 };
  for (const [name, start] of Object.entries(starts)) await world.put({ name, start });
  await world.dispatcher.reload();
  await world.send('g1', 1);
  await world.quiet(1_000);
  assert.deepEqual(world.arrived('g1', 'now'), [6]);
  assert.deepEqual(world.arrived('g1', 'beginning'), range(1, 6));
  assert.deepEqual(world.arrived('g1', 'time'), [4, 5, 6]);
  // The first number in a log is the group's creation.
  assert.deepEqual(world.arrived('g1', 'sequence'), range(3, 6));
  assert.deepEqual(world.arrived('g2', 'now'), []);
  assert.deepEqual(world.arrived('g2', 'beginning'), range(1, 40));
  assert.deepEqual(world.arrived('g2', 'time'), []);
  assert.deepEqual(world.arrived('g2', 'sequence'), range(3, 40));
});

test('a start from the beginning over many groups outlives a crash', async () => {
  await using world = await startWorld({ endpoints: [], file: true });
  for (const group of range(1, 1_200)) await world.send(`g${group}`);
  await world.put({ name: 'a', start: 'beginning' });
  const page = { type: 'continueJobs', now: world.clock.now(), pageSize: 500 } as const;
  assert.equal((await world.commit(page)).more, true);
  await world.start();
  await world.crash();
  await world.start();
  await world.quiet();
  assert.equal(new Set(world.arrivals.map(({ group }) => group)).size, 1_200);
});

test('an endpoint that is added, changed or deleted without a word is noticed by the poll', async () => {
  await using world = await startWorld();
  await world.start();
  await world.put({ name: 'b' });
  await world.send('g1');
  await world.until(() => world.arrived('g1', 'b').length === 1, 5_100);
  await world.commit({ type: 'deleteEndpoint', app: APP, now: world.clock.now(), name: 'b', force: true });
  await world.elapse(5_000);
  assert.equal(world.dispatcher.states().length, 1);
});

test('an endpoint gets only the groups it asks for', async () => {
  await using world = await startWorld({ endpoints: [{ name: 'a', groups: ['g2'] }, { name: 'b' }] });
  await world.start();
  await world.send('g1', 2);
  await world.send('g2', 2);
  await world.quiet();
  assert.deepEqual([world.arrived('g1'), world.arrived('g2')], [[], [1, 2]]);
  assert.deepEqual(
    [world.arrived('g1', 'b'), world.arrived('g2', 'b')],
    [
      [1, 2],
      [1, 2],
    ],
  );
});
