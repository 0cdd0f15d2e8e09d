import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter } from './counters.ts';
import { Questions } from './questions.ts';

/** A sequence that other processes take blocks from, too. */
function sequence(blocks: readonly number[]) {
  const questions = new Questions();
  const left = [...blocks];
  const answer = () => questions.answer(async (calls) => calls.map(() => [{ first: left.shift() }]));
  return { questions, answer, counter: new Counter(questions, 'replay_ids') };
}

const take = (counter: Counter, count: number) => Array.from({ length: count }, () => counter.next());

test('what a void pass has used is given out again; what was kept is not', async () => {
  const { questions, answer, counter } = sequence([1]);
  assert.deepEqual([take(counter, 2), questions.open], [[-1, -2], true]);
  await answer();
  counter.discard();
  assert.deepEqual([take(counter, 2), questions.open], [[1, 2], false]);
  counter.discard();
  assert.deepEqual(take(counter, 1), [1]);
  counter.keep();
  assert.deepEqual(take(counter, 1), [2]);
});

test('as many blocks as a pass needs are asked for at once, and may be anywhere', async () => {
  const { questions, answer, counter } = sequence([129, 1, 577]);
  take(counter, 130);
  await answer();
  counter.discard();
  const ids = take(counter, 130);
  assert.equal(questions.open, false);
  assert.deepEqual([ids[0], ids[63], ids[64], ids[127], ids[128]], [129, 192, 1, 64, 577]);
  assert.equal(new Set(ids).size, 130);
  counter.keep();
  assert.deepEqual(take(counter, 1), [579]);
});

test('one that needs more in the same turn asks again', async () => {
  const { questions, answer, counter } = sequence([1, 65]);
  take(counter, 64);
  await answer();
  counter.discard();
  assert.deepEqual([take(counter, 65).at(-1), questions.open], [-1, true]);
  await answer();
  counter.discard();
  assert.deepEqual([take(counter, 65).at(-1), questions.open], [65, false]);
});

test('after a lost connection a new block is taken', async () => {
  const { answer, counter } = sequence([1, 65]);
  take(counter, 1);
  await answer();
  counter.forget();
  take(counter, 1);
  await answer();
  counter.discard();
  assert.deepEqual(take(counter, 1), [65]);
});
