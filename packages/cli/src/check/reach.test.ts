import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesPerSecond } from './reach.ts';

test('in order, one group gets one message per round trip', () => {
  assert.equal(messagesPerSecond({ order: 'group', concurrency: 64 }, 4), 250);
});

test('without order a window of them is in flight, within the concurrency', () => {
  assert.equal(messagesPerSecond({ order: 'none', concurrency: 64 }, 10), 6400);
  assert.equal(messagesPerSecond({ order: 'none', concurrency: 8 }, 10), 800);
});

test('a rate limit caps either', () => {
  assert.equal(messagesPerSecond({ order: 'group', concurrency: 64, ratePerSecond: 100 }, 1), 100);
});
