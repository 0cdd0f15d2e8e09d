import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/dispatch-harness.ts';

const HOUR_MS = 3_600_000;
const SHORT = { baseDelayMs: 1_000, maxDelayMs: 60_000, maxRetryAfterMs: 120_000 };

for (const waitS of [1, 30]) {
  test(`a retry in ${waitS} s keeps to it when the clock is set back an hour`, async () => {
    await using world = await startWorld({
      endpoints: [{ name: 'a', retry: SHORT }],
      script: ({ before }) =>
        before === 0 ? { status: 503, headers: { 'retry-after': String(waitS) } } : {},
    });
    await world.send('g1');
    await world.start();
    await world.until(() => world.recording.seen.length === 1, 0);
    await world.elapse(100);
    world.clock.jump(-HOUR_MS);
    await world.elapse(waitS * 1_000 - 101);
    assert.equal(world.arrivals.length, 1, 'it does not come early');
    await world.elapse(1);
    assert.equal(world.arrivals.length, 2);
    await world.quiet();
  });
}

test('what is sent after the clock was set back is delivered at once, and retried as ever', async () => {
  await using world = await startWorld({
    endpoints: [{ name: 'a', retry: SHORT }],
    script: ({ group, before }) => ({ status: group === 'g2' && before === 0 ? 500 : 200 }),
  });
  await world.send('g1');
  await world.start();
  await world.quiet();
  world.clock.jump(-HOUR_MS);
  await world.send('g1');
  await world.send('g2');
  await world.quiet(2_000);
  assert.deepEqual(
    [world.arrived('g1'), world.arrived('g2')],
    [
      [1, 2],
      [1, 1],
    ],
  );
});

test('after a restart a lane waits no longer than the longest delay, whatever the clock was set back by', async () => {
  await using world = await startWorld({
    file: true,
    endpoints: [{ name: 'a', retry: SHORT }],
    script: () => ({ status: 503, headers: { 'retry-after': '100' } }),
  });
  for (const group of ['g1', 'g2']) await world.send(group);
  await world.start();
  await world.until(() => world.recording.seen.length === 2);
  await world.stop();
  world.clock.jump(-HOUR_MS);
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.rest();
  assert.deepEqual(
    [world.arrived('g1'), world.arrived('g2')],
    [
      [1, 1],
      [1, 1],
    ],
  );
});

test('set back by less, a lane that was put off waits that much longer at most', async () => {
  await using world = await startWorld({
    file: true,
    endpoints: [{ name: 'a', retry: SHORT }],
    script: () => ({ status: 503, headers: { 'retry-after': '60' } }),
  });
  await world.send('g1');
  await world.start();
  await world.until(() => world.recording.seen.length === 1, 0);
  await world.stop();
  world.clock.jump(-30_000);
  await world.crash();
  world.script(() => ({}));
  await world.start();
  await world.elapse(89_000);
  assert.equal(world.arrivals.length, 1);
  await world.quiet(6_000);
  assert.equal(world.arrivals.length, 2);
});
