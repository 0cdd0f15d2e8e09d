import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Contention } from './contention.ts';

test('a stream that others write to counts as contended until its lock has found nothing new for some turns in a row', () => {
  const contention = new Contention();
  assert.equal(contention.none, true);
  contention.locked(1, true);
  contention.locked(2, false);
  assert.deepEqual(
    [contention.isAmong([1]), contention.isAmong([2]), contention.isAmong([2, 1])],
    [true, false, true],
  );
  const turns = (news: readonly boolean[]) =>
    news.map((foundNews) => {
      contention.locked(1, foundNews);
      return contention.isAmong([1]);
    });
  assert.deepEqual(turns([false, false, true, false, false, false]), [true, true, true, true, true, true]);
  assert.deepEqual(turns([false]), [false]);
  assert.equal(contention.none, true);
});
