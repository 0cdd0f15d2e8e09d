import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FOR_EVER, muteEnd, muteLeft } from './mute.ts';

test('a mute ends after its seconds, not at all, or at once', () => {
  assert.equal(muteEnd(1_000, 60), 1_060);
  assert.equal(muteEnd(1_000, 0), 0);
  assert.equal(muteEnd(1_000, FOR_EVER), FOR_EVER);
  assert.equal(muteEnd(1_000, FOR_EVER - 1), FOR_EVER);
});

test('what is left of a mute', () => {
  assert.equal(muteLeft(1_000, 1_060), 60);
  assert.equal(muteLeft(1_060, 1_060), 0);
  assert.equal(muteLeft(2_000, 0), 0);
  assert.equal(muteLeft(2_000, FOR_EVER), FOR_EVER);
});
