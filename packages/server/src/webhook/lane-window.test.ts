import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneRow } from '../store/lanes.ts';
import { LaneWindow } from './lane-window.ts';

function row(streamId: number): LaneRow {
  return { endpointId: 1, streamId, cursor: 0, acked: [], retries: [], dueAt: 0 };
}

function windowOf(...streams: number[]): LaneWindow {
  const window = new LaneWindow(4, { order: 'group', dialect: 'tencent' });
  for (const stream of streams) window.add(row(stream));
  return window;
}

function turns(window: LaneWindow): number[] {
  const taken: number[] = [];
  for (let lane = window.next(); lane !== undefined; lane = window.next()) taken.push(lane.streamId);
  return taken;
}

test('turns come in the order in which they were asked for, one for each lane', () => {
  const window = windowOf(1, 2, 3);
  const first = window.next() ?? assert.fail();
  window.putBack(first);
  window.enqueue(first);
  assert.deepEqual(turns(window), [1, 2, 3]);
});

test('a lane that is to be let go gets no turn, also when it was to have one', () => {
  const window = windowOf(1, 2);
  const lane = window.get(1) ?? assert.fail();
  lane.evictAt = 0;
  assert.deepEqual(turns(window), [2]);
  window.enqueue(lane);
  assert.deepEqual(turns(window), []);
});

test('those that wait get a turn when their time has come', () => {
  const window = windowOf(1, 2);
  turns(window);
  for (const [stream, until] of [
    [1, 200],
    [2, 100],
  ] as const)
    window.wait(window.get(stream) ?? assert.fail(), until);
  assert.equal(window.firstDueAt, 100);
  window.wake(199);
  assert.deepEqual(turns(window), [2]);
  assert.equal(window.firstDueAt, 200);
});

test('it tells when there is room, and when most only wait for their checkpoint', () => {
  const window = windowOf(1, 2, 3, 4);
  assert.deepEqual([window.hasRoom, window.hasMuchRoom, window.isMostlyLeaving], [false, false, false]);
  for (const stream of [1, 2, 3]) window.leave(window.get(stream) ?? assert.fail());
  assert.equal(window.isMostlyLeaving, true);
  // News for one of them: it has something to do again.
  turns(window);
  window.enqueue(window.get(1) ?? assert.fail());
  window.stay(window.get(2) ?? assert.fail());
  assert.equal(window.isMostlyLeaving, false);
  for (const stream of [1, 2, 3]) window.remove(window.get(stream) ?? assert.fail());
  assert.deepEqual([window.size, window.hasRoom, window.hasMuchRoom], [1, true, true]);
});
