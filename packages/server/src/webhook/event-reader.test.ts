import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneEvents, LaneRead } from '../store/lanes.ts';
import { EventReader } from './event-reader.ts';

const answer = ({ endpointId, streamId, after }: LaneRead): LaneEvents => ({
  endpointId,
  streamId,
  events: [],
  scannedThrough: after,
  atHead: true,
});
const readOf = (endpointId: number, streamId: number): LaneRead => ({
  endpointId,
  streamId,
  after: streamId,
  maxEvents: 32,
});

test('a call holds 64 reads at most, and the next one goes when it has ended', async () => {
  const calls: number[] = [];
  let underWay = 0;
  const reader = new EventReader(async (reads) => {
    calls.push(reads.length);
    underWay += 1;
    assert.equal(underWay, 1);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return reads.map(answer);
  });
  const read = await Promise.all(Array.from({ length: 150 }, (_, index) => reader.read(1, readOf(1, index))));
  assert.deepEqual(calls, [64, 64, 22]);
  assert.deepEqual(
    read.map(({ streamId, scannedThrough }) => [streamId, scannedThrough]),
    Array.from({ length: 150 }, (_, index) => [index, index]),
  );
});

test('a thousand lanes of one app do not keep another waiting, nor one endpoint its neighbour', async () => {
  const calls: (readonly LaneRead[])[] = [];
  const reader = new EventReader(async (reads) => {
    calls.push(reads);
    return reads.map(answer);
  });
  const busy = Array.from({ length: 1_000 }, (_, index) => reader.read(1, readOf(1, index)));
  const others = [reader.read(1, readOf(2, 1)), reader.read(2, readOf(3, 1)), reader.read(2, readOf(3, 2))];
  await Promise.all([...busy, ...others]);
  const first = calls[0]?.map(({ endpointId }) => endpointId) ?? [];
  assert.deepEqual(
    [2, 3].map((id) => first.filter((other) => other === id).length),
    [1, 2],
  );
  assert.equal(first.indexOf(3), 1, 'apps take turns');
});

test('a call that fails fails its reads and no others', async () => {
  let calls = 0;
  const reader = new EventReader(async (reads) => {
    calls += 1;
    if (calls === 1) throw new Error('unreachable');
    return reads.map(answer);
  });
  const reads = Array.from({ length: 65 }, (_, index) => reader.read(1, readOf(1, index)));
  const settled = await Promise.allSettled(reads);
  assert.equal(settled.filter(({ status }) => status === 'rejected').length, 64);
  assert.equal((await reader.read(1, readOf(1, 7))).streamId, 7, 'and it goes on');
});
