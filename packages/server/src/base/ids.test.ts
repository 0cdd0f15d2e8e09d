import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomIds } from './ids.ts';

test('ids differ, and a group id seed has its 12 characters', () => {
  const ids = randomIds();
  const made = Array.from({ length: 1_000 }, () => ids.groupIdSeed());
  for (const seed of made) assert.match(seed, /^[A-Z2-7]{12}$/);
  assert.equal(new Set(made).size, 1_000);
  assert.notEqual(ids.requestId(), ids.requestId());
});
