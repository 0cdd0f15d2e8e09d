import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { LaneRow } from '../store/lanes.ts';
import { chooseProbe, EndpointBreaker } from './endpoint-breaker.ts';
import { Lane } from './lane.ts';

const POLICY = { failures: 2, probeEveryMs: 5_000 };

function row(streamId: number, failed = false): LaneRow {
  const retries = failed ? [{ seq: 1, attempts: 1, firstAttemptAt: 1, dueAt: 1 }] : [];
  return { endpointId: 1, streamId, cursor: 0, acked: [], retries, dueAt: 0 };
}

function setUp(): { clock: ManualClock; breaker: EndpointBreaker; lanes: [Lane, Lane] } {
  const clock = new ManualClock();
  const lanes: [Lane, Lane] = [new Lane(row(1), 'group'), new Lane(row(2), 'group')];
  return { clock, breaker: new EndpointBreaker(POLICY, clock), lanes };
}

test('it opens once, and says when it may probe', () => {
  const { clock, breaker, lanes } = setUp();
  assert.deepEqual([breaker.failed(lanes[0]), breaker.failed(lanes[0])], [undefined, 'opened']);
  assert.equal(breaker.failed(lanes[1]), undefined);
  assert.equal(breaker.mayProbe, false);
  breaker.startProbe();
  const openSince = clock.now();
  clock.advance(1_000);
  assert.equal(breaker.probeInMs, 4_000);
  assert.deepEqual(breaker.live(), { breaker: 'open', openSince, probeAt: openSince + 5_000 });
  clock.advance(4_000);
  assert.equal(breaker.mayProbe, true);
  breaker.startProbe();
  assert.deepEqual([breaker.state, breaker.probeInMs], ['probing', undefined]);
});

test('the time of its probe is whole milliseconds, though the clock that it waits by has fractions', () => {
  const { clock, breaker, lanes } = setUp();
  for (const lane of lanes) breaker.failed(lane);
  clock.advance(0.25);
  const { probeAt = 0 } = breaker.live();
  assert.ok(Number.isInteger(probeAt), `${probeAt}`);
});

test('while it probes, only the failure of the probe counts, and a success of anything', () => {
  const { clock, breaker, lanes } = setUp();
  const [probe, late] = lanes;
  for (let failure = 0; failure < 2; failure += 1) breaker.failed(late);
  clock.advance(5_000);
  breaker.startProbe();
  breaker.probe = probe;
  assert.equal(breaker.failed(late), undefined);
  assert.equal(breaker.probe, probe);
  assert.equal(breaker.failed(probe), 'opened again');
  assert.deepEqual([breaker.probe, breaker.state], [undefined, 'open']);
  assert.deepEqual([breaker.succeeded(), breaker.succeeded()], [true, false]);
  assert.deepEqual(breaker.live(), { breaker: 'closed' });
});

test('a probe that came to nothing leaves it open until the next', () => {
  const { clock, breaker, lanes } = setUp();
  for (let failure = 0; failure < 2; failure += 1) breaker.failed(lanes[0]);
  clock.advance(5_000);
  breaker.startProbe();
  breaker.probe = lanes[1];
  breaker.endProbe();
  assert.deepEqual([breaker.probe, breaker.state, breaker.probeInMs], [undefined, 'open', 5_000]);
});

test('the probe is a lane that has not failed, where there is one', () => {
  assert.equal(chooseProbe([row(1, true), row(2), row(3)])?.streamId, 2);
  assert.equal(chooseProbe([row(1, true), row(2, true)])?.streamId, 1);
  assert.equal(chooseProbe([]), undefined);
});
