import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { historyRange, type PlacedMessage, withHoles } from './history.ts';

const message = (msgSeq: number): PlacedMessage => ({
  msgSeq,
  msgTime: 1_700_000_000,
  sender: 'u1',
  random: 1,
  priority: 'Normal',
  state: 'normal',
  tip: false,
  msgBodyJson: '[]',
});

test('a page goes down from the number asked for, or from the newest', () => {
  const group = { nextMsgSeq: 13 };
  assert.deepEqual(historyRange(group, 0, 5), { from: 12, to: 8 });
  assert.deepEqual(historyRange(group, 99, 5), { from: 12, to: 8 });
  assert.deepEqual(historyRange(group, 3, 5), { from: 3, to: 1 });
  assert.deepEqual(withHoles([], historyRange({ nextMsgSeq: 1 }, 0, 20)), []);
});

test('numbers without a message are holes; older messages than the range are left out', () => {
  const entries = withHoles([message(12), message(10), message(2)], { from: 12, to: 9 });
  assert.deepEqual(
    entries.map((entry) => [entry.msgSeq, entry.state]),
    [
      [12, 'normal'],
      [11, 'hole'],
      [10, 'normal'],
      [9, 'hole'],
    ],
  );
});

test('pages one after the other show every number once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), (nextMsgSeq, limit) => {
      const seen: number[] = [];
      for (let from = nextMsgSeq - 1; from >= 1; ) {
        const page = withHoles([], historyRange({ nextMsgSeq }, from, limit));
        seen.push(...page.map((entry) => entry.msgSeq));
        from = (seen.at(-1) ?? 0) - 1;
      }
      assert.deepEqual(
        seen,
        Array.from({ length: nextMsgSeq - 1 }, (_, i) => nextMsgSeq - 1 - i),
      );
    }),
  );
});
