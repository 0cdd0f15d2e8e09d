import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamHint } from '../../src/store/lanes.ts';
import { EVERYTHING } from '../../src/webhook/holdings.ts';
import { startWorld } from '../support/dispatch-harness.ts';

test('a hint of a commit from before the lease tells of the past: what was delivered since is not sent again', async () => {
  const heard: StreamHint[] = [];
  let tell = (_: readonly StreamHint[]): void => assert.fail('nobody listens');
  let since = Number.NEGATIVE_INFINITY;
  await using world = await startWorld({
    holdings: { ...EVERYTHING, heldSince: () => since },
    wrap: (store) => ({
      ...store,
      onLanes(listener) {
        tell = listener;
        store.onLanes((hints) => {
          heard.push(...hints);
          listener(hints);
        });
      },
    }),
  });
  await world.start();
  await world.send('g1');
  await world.quiet();
  assert.deepEqual([world.arrived('g1'), heard.length], [[1], 1]);

  // As if another process had delivered it, and its answer had been on the way until this one got the lease.
  since = world.clock.monotonic() + 1;
  tell(heard.map((hint) => ({ ...hint, begunAt: since - 1 })));
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1]);

  await world.send('g1');
  await world.quiet();
  assert.deepEqual(world.arrived('g1'), [1, 2]);
});

test('what such a hint tells of is looked for', async () => {
  let since = 0;
  await using world = await startWorld({
    holdings: { ...EVERYTHING, heldSince: () => since },
    wrap: (store) => ({
      ...store,
      onLanes: (listener) =>
        store.onLanes((hints) => listener(hints.map((hint) => ({ ...hint, begunAt: since - 1 })))),
    }),
  });
  await world.start();
  since = world.clock.monotonic() + 1;
  await world.send('g1');
  await world.rest();
  assert.deepEqual(world.arrived('g1'), [1]);
});
