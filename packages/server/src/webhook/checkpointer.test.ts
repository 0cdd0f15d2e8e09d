import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { Checkpoint, ResultMap } from '../store/commands.ts';
import { Checkpointer } from './checkpointer.ts';
import { Lane } from './lane.ts';

type Result = ResultMap['checkpoint'];

interface Bench {
  readonly clock: ManualClock;
  readonly checkpointer: Checkpointer;
  readonly offered: Checkpoint[];
  readonly told: number[];
  readonly errors: unknown[];
  /** Answers the oldest commit that waits. */
  answer(result: Result | Error): Promise<void>;
}

const DONE: Result = { kind: 'done', kept: [] };

function setUp(): Bench & { readonly owner: { checkpointed(lane: Lane): void } } {
  const clock = new ManualClock();
  const offered: Checkpoint[] = [];
  const told: number[] = [];
  const errors: unknown[] = [];
  const waiting: { resolve(result: Result): void; reject(error: Error): void }[] = [];
  const checkpointer = new Checkpointer({
    clock,
    generation: 3,
    commit: (checkpoint) => {
      offered.push(checkpoint);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    onFenced: () => errors.push('fenced'),
    onError: (error) => errors.push(error),
  });
  return {
    clock,
    checkpointer,
    offered,
    told,
    errors,
    owner: { checkpointed: (lane) => void told.push(lane.streamId) },
    async answer(result) {
      await new Promise((resolve) => setImmediate(resolve));
      const first = waiting.shift() ?? assert.fail('nothing was offered');
      if (result instanceof Error) first.reject(result);
      else first.resolve(result);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const lane = (streamId: number): Lane =>
  new Lane({ endpointId: 1, streamId, cursor: 0, acked: [], retries: [], dueAt: 0 }, 'group');

test('a change is written 50 ms later, with all that came meanwhile', async () => {
  const { clock, checkpointer, offered, told, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(49);
  checkpointer.changed(lane(2), owner);
  assert.equal(offered.length, 0);
  clock.advance(1);
  assert.deepEqual(
    offered.map(({ generation, lanes }) => [generation, lanes.map(({ streamId }) => streamId)]),
    [[3, [1, 2]]],
  );
  await answer(DONE);
  assert.deepEqual(told, [1, 2]);
  assert.equal(clock.pending, 0, 'nothing to do, nothing to wait for');
});

test('one at a time; what changes during a write is in the next', async () => {
  const { clock, checkpointer, offered, owner, answer } = setUp();
  const busy = lane(1);
  checkpointer.changed(busy, owner);
  clock.advance(50);
  assert.equal(checkpointer.isDirty(busy), false);
  checkpointer.changed(busy, owner);
  assert.equal(checkpointer.isDirty(busy), true);
  clock.advance(1_000);
  assert.equal(offered.length, 1);
  await answer(DONE);
  clock.advance(50);
  assert.equal(offered.length, 2);
});

test('soon() writes at once, and what changes during that write right after it', async () => {
  const { checkpointer, offered, told, owner, answer } = setUp();
  checkpointer.soon();
  assert.equal(offered.length, 0, 'there was nothing to write');
  checkpointer.changed(lane(1), owner);
  checkpointer.soon();
  checkpointer.changed(lane(2), owner);
  checkpointer.soon();
  assert.equal(offered.length, 1);
  await answer(DONE);
  assert.deepEqual(told, [1]);
  await answer(DONE);
  assert.deepEqual(told, [1, 2], 'without any time passing');
});

test('what is refused is offered again, the same, every second', async () => {
  const { clock, checkpointer, offered, told, errors, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(50);
  assert.equal(checkpointer.stuck, false);
  for (let refused = 1; refused <= 3; refused += 1) {
    await answer(new Error('full'));
    assert.equal(checkpointer.stuck, true);
    assert.equal(offered.length, refused);
    clock.advance(1_000);
  }
  assert.equal(new Set(offered).size, 1);
  await answer(DONE);
  assert.equal(checkpointer.stuck, false);
  assert.deepEqual([told, errors.length], [[1], 3]);
});

test('flush() waits for what was told before it, not for what comes after', async () => {
  const { clock, checkpointer, offered, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(50);
  checkpointer.changed(lane(2), owner);
  let flushed = false;
  const flushing = checkpointer.flush().then(() => {
    flushed = true;
  });
  await answer(DONE);
  assert.deepEqual([offered.length, flushed], [2, false]);
  checkpointer.changed(lane(3), owner);
  await answer(DONE);
  await flushing;
  assert.equal(offered.length, 2);
});

test('flush() with nothing to write writes nothing', async () => {
  const { checkpointer, offered } = setUp();
  await checkpointer.flush();
  await checkpointer.stop();
  assert.equal(offered.length, 0);
});

test('stop() tries what waits for its next try, once, and then gives up', async () => {
  const { clock, checkpointer, offered, told, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(50);
  await answer(new Error('full'));
  const stopping = checkpointer.stop();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(offered.length, 2);
  await answer(new Error('full'));
  await stopping;
  assert.deepEqual([offered.length, told, clock.pending], [2, [], 0]);
});

test('after abort() nothing is written and nobody waits', async () => {
  const { clock, checkpointer, offered, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(50);
  await answer(new Error('full'));
  const flushing = checkpointer.flush();
  checkpointer.abort();
  await flushing;
  checkpointer.changed(lane(2), owner);
  clock.advance(10_000);
  assert.deepEqual([offered.length, clock.pending], [1, 0]);
});

test('fenced: it says so once and writes nothing more', async () => {
  const { clock, checkpointer, offered, told, errors, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(50);
  await answer({ kind: 'fenced' });
  checkpointer.changed(lane(1), owner);
  clock.advance(10_000);
  assert.deepEqual([offered.length, told, errors], [1, [], ['fenced']]);
});

test('tells how old the oldest progress is that is not durable, also while it is being written', async () => {
  const { clock, checkpointer, owner, answer } = setUp();
  const lane = new Lane({ endpointId: 1, streamId: 1, cursor: 0, acked: [], retries: [], dueAt: 0 }, 'group');
  assert.equal(checkpointer.age, 0);
  checkpointer.changed(lane, owner);
  clock.advance(30);
  checkpointer.changed(lane, owner);
  assert.equal(checkpointer.age, 30);
  clock.advance(20);
  checkpointer.changed(lane, owner);
  clock.advance(5);
  assert.equal(checkpointer.age, 55, 'the write has begun and is not over');
  await answer(DONE);
  assert.equal(checkpointer.age, 5, 'what was told meanwhile');
  clock.advance(50);
  await answer(DONE);
  assert.equal(checkpointer.age, 0);
  checkpointer.abort();
});

test('progress that is older than a second stops new attempts, whatever the store says of it, until it is durable', async () => {
  const { clock, checkpointer, owner, answer } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(900);
  checkpointer.changed(lane(2), owner);
  clock.advance(100);
  assert.equal(checkpointer.stuck, false);
  clock.advance(1);
  assert.equal(checkpointer.stuck, true, 'the store is silent');
  await answer(DONE);
  assert.equal(checkpointer.stuck, false, 'what is left has waited for 101 ms');
  clock.advance(900);
  assert.equal(checkpointer.stuck, true);
  await answer(DONE);
  assert.equal(checkpointer.stuck, false);
  checkpointer.abort();
});

test('more lanes than one checkpoint takes: their age is their own, not that of those before them', async () => {
  const { clock, checkpointer, offered, owner, answer } = setUp();
  for (let streamId = 1; streamId <= 2_000; streamId += 1) checkpointer.changed(lane(streamId), owner);
  clock.advance(40);
  checkpointer.changed(lane(2_001), owner);
  clock.advance(10);
  await answer(DONE);
  assert.deepEqual([offered.length, checkpointer.age], [1, 10]);
  checkpointer.abort();
});

test('what is lost to another process waits for nothing any more', () => {
  const { clock, checkpointer, owner } = setUp();
  checkpointer.changed(lane(1), owner);
  clock.advance(20);
  checkpointer.changed(lane(2), owner);
  checkpointer.forget((streamId) => streamId === 1);
  assert.equal(checkpointer.age, 0);
  clock.advance(5);
  assert.equal(checkpointer.age, 5);
  checkpointer.abort();
});
