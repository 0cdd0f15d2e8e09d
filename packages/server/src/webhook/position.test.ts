import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneEvent } from '../store/lanes.ts';
import { moveOf, SetBacks } from './position.ts';

const EVENT: LaneEvent = {
  seq: 9,
  id: 'i-2-9',
  app: 1,
  time: 0,
  facts: {} as LaneEvent['facts'],
  link: { streamId: 2, prev: 6 },
};
const GROUP = { order: 'group' } as const;

test('where a position moves the lane', () => {
  const moves = [undefined, 9, 8, 6, 5, 0, 10].map((applied) => moveOf(GROUP, EVENT, applied));
  assert.deepEqual(moves, [
    { kind: 'stay' },
    { kind: 'stay' },
    { kind: 'again', through: 8 },
    { kind: 'again', through: 6 },
    { kind: 'back', through: 5 },
    { kind: 'back', through: 0 },
    { kind: 'forward', through: 10 },
  ]);
});

test('of a batch a position between its ends is a part', () => {
  const moves = [8, 9, 11, 12, 13].map((applied) => moveOf(GROUP, EVENT, applied, 12));
  assert.deepEqual(moves, [
    { kind: 'again', through: 8 },
    { kind: 'part', through: 9 },
    { kind: 'part', through: 11 },
    { kind: 'stay' },
    { kind: 'forward', through: 13 },
  ]);
});

test('a replay moves nothing, nor does anything without an order or a chain', () => {
  const { link: _, ...unlinked } = EVENT;
  for (const [settings, event] of [
    [GROUP, { ...EVENT, replayId: 1 }],
    [{ order: 'none' } as const, EVENT],
    [GROUP, unlinked],
  ] as const) {
    for (const applied of [0, 99]) assert.deepEqual(moveOf(settings, event, applied), { kind: 'stay' });
  }
});

test('a lane is set back once a minute, and each lane for itself', () => {
  const setBacks = new SetBacks();
  const take = (streamId: number, seq: number, now: number) =>
    setBacks.take(streamId, { seq, prev: seq - 1, through: 1 }, now);
  assert.deepEqual(
    [take(1, 5, 0), take(1, 6, 59_999), take(1, 7, 60_000), take(1, 8, 60_001), take(2, 5, 60_001)],
    [1, undefined, 1, undefined, 1],
  );
});

test('one event sets its lane back three times', () => {
  const setBacks = new SetBacks();
  const taken = [0, 1, 2, 3, 4].map((hour) =>
    setBacks.take(1, { seq: 5, prev: 4, through: 1 }, hour * 3_600_000),
  );
  assert.deepEqual(taken, [1, 1, 1, undefined, undefined]);
  assert.equal(setBacks.take(1, { seq: 6, prev: 5, through: 1 }, 5 * 3_600_000), 1);
});

test('no lane goes back behind what was given up over its position', () => {
  const setBacks = new SetBacks();
  setBacks.gaveUp(1, 5);
  assert.equal(setBacks.take(1, { seq: 6, prev: 5, through: 0 }, 0), undefined);
  assert.equal(setBacks.take(1, { seq: 9, prev: 8, through: 0 }, 0), 5);
});

test('of ten thousand and one lanes the one longest ago is forgotten', () => {
  const setBacks = new SetBacks();
  const take = (streamId: number) => setBacks.take(streamId, { seq: 5, prev: 4, through: 1 }, 0);
  for (let stream = 0; stream <= 10_000; stream += 1) take(stream);
  assert.equal(take(1), undefined);
  assert.equal(take(0), 1);
});
