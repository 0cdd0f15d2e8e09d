import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter } from './counters.ts';

test('it counts on from the highest there is; what was discarded is given out again', () => {
  const counter = new Counter();
  counter.start(7);
  assert.equal(counter.next(), 8);
  counter.keep();
  assert.equal(counter.next(), 9);
  counter.discard();
  assert.equal(counter.next(), 9);
});

test('after a lost connection it gives out nothing again that was written, though the rows have gone since', () => {
  const counter = new Counter();
  counter.start(0);
  assert.equal(counter.next(), 1);
  counter.keep();
  counter.start(0);
  assert.equal(counter.next(), 2);
});
