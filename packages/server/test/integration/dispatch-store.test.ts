import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, ResultOf } from '../../src/store/commands.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { startWorld, type World, type WorldOptions } from '../support/dispatch-harness.ts';
import { gate } from '../support/scripted-receiver.ts';

const range = (from: number, through: number): number[] =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

type Failing = 'nothing' | 'checkpoints' | 'reads' | 'everything';

/** A world whose dispatcher sees the store fail whenever the test says so. */
async function startFragile(
  options: WorldOptions = {},
): Promise<{ world: World; fail(what: Failing): void; refused(): number }> {
  let failing: Failing = 'nothing';
  let refused = 0;
  const check = (what?: Failing): void => {
    if (failing !== 'everything' && failing !== what) return;
    refused += 1;
    throw new StoreError('full', 'the disk is full');
  };
  const wrap = (store: Store): Store => ({
    ...store,
    commit: async <C extends Command>(command: C): Promise<ResultOf<C>> => {
      check(command.type === 'checkpoint' ? 'checkpoints' : undefined);
      return store.commit(command);
    },
    endpoints: async () => {
      check();
      return store.endpoints();
    },
    dueLanes: async (query) => {
      check();
      return store.dueLanes(query);
    },
    readEvents: async (reads) => {
      check('reads');
      return store.readEvents(reads);
    },
  });
  return {
    world: await startWorld({ ...options, wrap }),
    fail: (what) => {
      failing = what;
    },
    refused: () => refused,
  };
}

test('checkpoints that the store refuses are offered again until it takes them; nothing is lost or doubled', async () => {
  const fragile = await startFragile({
    endpoints: [{ name: 'a', retry: { maxAttempts: 2 } }],
    script: ({ msgSeq }) => ({ status: msgSeq === 3 ? 500 : 200 }),
  });
  await using world = fragile.world;
  await world.start();
  await world.send('g1', 2);
  await world.quiet();
  fragile.fail('checkpoints');
  await world.send('g1', 20);
  await world.elapse(10_000);
  assert.ok(fragile.refused() >= 10);
  assert.ok(world.recording.storeErrors.length >= 10);
  fragile.fail('nothing');
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2, 3, 3, ...range(4, 22)]);
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  assert.deepEqual(
    letters.map(({ msgSeq }) => msgSeq),
    [3],
  );
  assert.equal((await world.store.attempts({ app: 1400000001, limit: 10 })).length, 2);
});

test('while no checkpoint is taken nothing new begins, so that a crash repeats little', async () => {
  const fragile = await startFragile();
  await using world = fragile.world;
  await world.start();
  fragile.fail('checkpoints');
  await world.send('g1');
  await world.elapse(100);
  await world.send('g1', 50);
  for (const group of range(2, 9)) await world.send(`g${group}`, 5);
  await world.elapse(60_000);
  assert.equal(world.arrivals.length, 1);
  await world.crash();
  fragile.fail('nothing');
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, ...range(1, 51)]);
  for (const group of range(2, 9)) assert.deepEqual(world.arrived(`g${group}`), range(1, 5));
});

test('a store that answers nothing for a while only costs that while', async () => {
  const fragile = await startFragile({ endpoints: [{ name: 'a', concurrency: 2 }] });
  await using world = fragile.world;
  await world.start();
  for (let round = 0; round < 6; round += 1) {
    fragile.fail(round % 2 === 0 ? 'everything' : 'nothing');
    for (const group of range(1, 200)) await world.send(`g${group}`);
    await world.elapse(3_333);
  }
  fragile.fail('nothing');
  await world.quiet(60_000);
  for (const group of range(1, 200)) assert.deepEqual(world.arrived(`g${group}`), range(1, 6));
});

for (const failing of ['everything', 'reads'] as const)
  test(`a probe that the store has no answer for (${failing}) leaves the breaker open, and the next one is tried`, async () => {
    const fragile = await startFragile({
      endpoints: [{ name: 'a', breaker: { failures: 3, probeEveryMs: 1_000 } }],
      script: () => ({ status: 500 }),
    });
    await using world = fragile.world;
    for (const group of range(1, 5)) await world.send(`g${group}`);
    await world.start();
    await world.until(() => world.recording.breakers.length === 1);
    await world.elapse(100);
    fragile.fail(failing);
    await world.elapse(10_000);
    world.script(() => ({}));
    fragile.fail('nothing');
    await world.quiet(10_000);
    assert.deepEqual(world.recording.breakers, ['a open', 'a closed']);
  });

test('a probe that waits for the store to take checkpoints of another endpoint goes on when it does', async () => {
  const fragile = await startFragile({
    endpoints: [
      { name: 'a', groups: ['g1'], breaker: { failures: 3, probeEveryMs: 2_000 } },
      { name: 'b', groups: ['g2'] },
    ],
    script: ({ path }) => ({ status: path === 'a' ? 500 : 200 }),
  });
  await using world = fragile.world;
  await world.send('g1');
  await world.start();
  await world.until(() => world.recording.breakers.length === 1);
  await world.elapse(100);
  fragile.fail('checkpoints');
  await world.send('g2');
  await world.elapse(10_000);
  assert.equal(world.state()?.breaker, 'probing');
  world.script(() => ({}));
  fragile.fail('nothing');
  await world.quiet(3_000);
  assert.deepEqual(world.recording.breakers, ['a open', 'a closed']);
});

test('news that come before the answer to the checkpoint that knew nothing of them are not forgotten', async () => {
  let held: Promise<void> | undefined;
  await using world = await startWorld({
    wrap: (store) => ({
      ...store,
      commit: async <C extends Command>(command: C): Promise<ResultOf<C>> => {
        const result = await store.commit(command);
        if (command.type === 'checkpoint') await held;
        return result;
      },
    }),
  });
  await world.start();
  const late = gate();
  held = late.opened;
  await world.send('g1');
  await world.elapse(50);
  await world.send('g1');
  await world.rest();
  late.open();
  await world.rest();
  await world.send('g1');
  await world.until(() => world.arrivals.length === 3, 200);
  await world.quiet(200);
  assert.deepEqual(world.arrived('g1'), [1, 2, 3]);
});

test('while the store is silent, attempts begin for a second and no longer; when it answers, all goes on', async () => {
  let held: Promise<void> | undefined;
  const silence = gate();
  await using world = await startWorld({
    wrap: (store) => ({
      ...store,
      commit: async <C extends Command>(command: C): Promise<ResultOf<C>> => {
        if (command.type === 'checkpoint') await held;
        return store.commit(command);
      },
    }),
  });
  await world.start();
  held = silence.opened;
  await world.send('g1');
  await world.elapse(900);
  await world.send('g2');
  await world.elapse(200);
  assert.deepEqual([world.arrived('g1'), world.arrived('g2')], [[1], [1]]);
  await world.send('g1', 20);
  await world.send('g3', 20);
  await world.elapse(30_000);
  assert.equal(world.arrivals.length, 2, 'a crash would repeat no more than this');
  silence.open();
  await world.quiet(3_000);
  assert.deepEqual(world.arrived('g1'), range(1, 21));
  assert.deepEqual(world.arrived('g3'), range(1, 20));
});

for (const breaker of ['closed', 'open'] as const)
  test(`an event that only a newer version knows holds up its lane and no other (breaker ${breaker})`, async () => {
    let knows = false;
    await using world = await startWorld({
      endpoints: [{ name: 'a', breaker: { failures: 3, probeEveryMs: 1_000 } }],
      script: () => ({ status: breaker === 'open' ? 500 : 200 }),
      wrap: (store) => ({
        ...store,
        readEvents: async (reads) =>
          (await store.readEvents(reads)).map((read) => {
            const at = read.events.findIndex(({ facts }) => facts.groupId === 'g1' && facts.msgSeq === 3);
            const first = read.events[at];
            if (knows || first === undefined) return read;
            const unknown = { seq: first.seq, kind: 'group.moon.landed' };
            const events = read.events.slice(0, at);
            return { ...read, events, scannedThrough: first.seq - 1, atHead: false, unknown };
          }),
      }),
    });
    await world.send('g1', 5);
    for (const group of range(2, 9)) await world.send(`g${group}`, 2);
    await world.start();
    await world.elapse(20_000);
    world.script(() => ({}));
    await world.elapse(20_000);
    for (const group of range(2, 9)) assert.deepEqual(world.arrived(`g${group}`).slice(-2), [1, 2]);
    assert.deepEqual(world.arrived('g1').slice(-2), [1, 2]);
    assert.ok(world.recording.storeErrors.some((error) => /upgrade this process/.test(String(error))));
    knows = true;
    await world.quiet(5_000);
    assert.deepEqual(world.arrived('g1').slice(-5), range(1, 5));
  });

test('stop() with a store that refuses ends at once; what it refused comes again', async () => {
  const fragile = await startFragile({ file: true });
  await using world = fragile.world;
  await world.start();
  fragile.fail('checkpoints');
  await world.send('g1', 3);
  await world.elapse(5_000);
  const begun = world.clock.monotonic();
  await world.stop();
  assert.equal(world.clock.monotonic(), begun);
  assert.equal(world.clock.pending, 0);
  fragile.fail('nothing');
  await world.crash();
  await world.start();
  await world.quiet();
  assert.deepEqual(world.arrived('g1').slice(-3), [1, 2, 3]);
});

test('abort() and stop() come through while a change waits for the store', async () => {
  const fragile = await startFragile();
  await using world = fragile.world;
  await world.start();
  fragile.fail('checkpoints');
  await world.send('g1', 3);
  await world.rest();
  await world.put({ name: 'a', concurrency: 2 });
  const reloaded = world.dispatcher.reload();
  await world.elapse(5_000);
  await world.stop();
  await reloaded;
  await world.dispatcher.abort();
  assert.equal(world.clock.pending, 0);
});

test('a reload that the store does not answer says so, and the poll makes up for it', async () => {
  const fragile = await startFragile();
  await using world = fragile.world;
  await world.start();
  await world.put({ name: 'b' });
  fragile.fail('everything');
  await assert.rejects(world.dispatcher.reload(), /the disk is full/);
  await world.elapse(20_000);
  fragile.fail('nothing');
  await world.elapse(5_000);
  assert.equal(world.dispatcher.states().length, 2);
});

test('start() fails when the store does not answer', async () => {
  const fragile = await startFragile();
  await using world = fragile.world;
  fragile.fail('everything');
  await assert.rejects(world.start(), /the disk is full/);
  assert.equal(world.clock.pending, 0);
});

test('when another process has taken over the store, nothing more is sent or written', async () => {
  await using world = await startWorld({
    wrap: (store) => ({ ...store, generation: store.generation - 1 }),
  });
  await world.send('g1', 3);
  await world.start();
  await world.until(() => world.fenced > 0);
  const before = world.arrivals.length;
  await world.send('g1', 3);
  await world.elapse(60_000);
  assert.equal(world.arrivals.length, before);
  assert.equal(world.fenced, 1);
  const [lane] = await world.store.lanes({ limit: 10 });
  assert.equal(lane?.lag, 6);
  assert.equal(world.clock.pending, 0);
});
