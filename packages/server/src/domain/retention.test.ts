import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesKeptMs } from './retention.ts';

test('the time of the group comes before that of its app, and that before the server’s', () => {
  const retention = {
    messagesMs: 7,
    apps: [
      { app: 1, messagesMs: 5, groups: [{ groupIds: ['g', 'h'], messagesMs: 3 }] },
      { app: 2, groups: [{ groupIds: ['g'], messagesMs: 0 }] },
    ],
  };
  const kept = (app: number, groupId: string) => messagesKeptMs(retention, app, groupId);
  assert.deepEqual(
    [kept(1, 'h'), kept(1, 'other'), kept(2, 'g'), kept(2, 'h'), kept(3, 'g')],
    [3, 5, 0, 7, 7],
  );
  assert.equal(messagesKeptMs({ messagesMs: 9 }, 1, 'g'), 9);
});
