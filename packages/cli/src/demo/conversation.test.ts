import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMsgBody } from '@confab-im/protocol';
import { GROUP, linesFor } from './conversation.ts';

test('the second start goes on where the first ended, and there is always something to say', () => {
  const first = linesFor(1);
  const second = linesFor(first.length + 1);
  assert.equal(first.length, 6);
  assert.equal(new Set([...first, ...second]).size, 12);
  assert.deepEqual(linesFor(13), first);
  assert.deepEqual(linesFor(12)[1], first[0]);
});

test('every line is a valid message of a member', () => {
  const members: string[] = [GROUP.Owner_Account, ...GROUP.MemberList.map((member) => member.Member_Account)];
  for (const line of [...linesFor(1), ...linesFor(7)]) {
    assert.ok(checkMsgBody(line.MsgBody).ok, JSON.stringify(line.MsgBody));
    assert.ok(members.includes(line.From_Account));
  }
});
