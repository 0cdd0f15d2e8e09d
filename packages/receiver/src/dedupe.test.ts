import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDedupe } from './dedupe.ts';

test('a key is claimed once until it is released, and done once it is confirmed', () => {
  const store = memoryDedupe();
  assert.equal(store.claim('a'), 'new');
  assert.equal(store.claim('a'), 'busy');
  store.release('a');
  assert.equal(store.claim('a'), 'new');
  store.confirm('a');
  assert.equal(store.claim('a'), 'done');
  assert.equal(store.claim('b'), 'new');
});

test('the oldest handled key is forgotten first, a claim never', () => {
  const store = memoryDedupe({ maxKeys: 2 });
  store.claim('held');
  for (const key of ['a', 'b', 'c']) {
    store.claim(key);
    store.confirm(key);
  }
  assert.equal(store.claim('a'), 'new');
  assert.equal(store.claim('b'), 'done');
  assert.equal(store.claim('c'), 'done');
  assert.equal(store.claim('held'), 'busy');
});
