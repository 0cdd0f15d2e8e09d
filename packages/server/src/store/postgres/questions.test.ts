import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Questions, question } from './questions.ts';

const DOUBLE = question<[number], number>('double', 0, ([row]) => Number(row?.n));

test('a decision goes on with a stand-in, and finds the answers when it is made again', async () => {
  const questions = new Questions();
  const decide = () => [1, 2].map((n) => questions.ask(DOUBLE, questions.ask(DOUBLE, n)));
  const rounds: unknown[][] = [];
  let decision = decide();
  while (questions.open) {
    await questions.answer(async (calls) => {
      rounds.push(calls.map(({ values }) => values[0]));
      return calls.map(({ values }) => [{ n: Number(values[0]) * 2 }]);
    });
    decision = decide();
  }
  assert.deepEqual(decision, [4, 8]);
  // What was asked on a stand-in (0) is asked for nothing, once; nothing is asked twice.
  assert.deepEqual(rounds, [[1, 0, 2], [4]]);
  questions.clear();
  assert.equal(questions.ask(DOUBLE, 1), 0);
  assert.ok(questions.open);
});
