import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupMessageSent } from '@confab-im/protocol';
import { eventLine, MESSAGE_COLUMNS, messageColumns, recordedLine, summary } from './recorded-line.ts';

const event: GroupMessageSent = {
  kind: 'group.message.sent',
  groupId: 'lobby',
  groupType: 'Public',
  sender: 'alice',
  operator: 'administrator',
  random: 1,
  msgSeq: 7,
  msgTime: 1_700_000_000,
  onlineOnly: false,
  msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
};

test('the columns stand under their titles', () => {
  const line = messageColumns(event, 3.4);
  assert.equal(line, '       7  alice              3 ms  hello');
  assert.equal(line.indexOf('hello'), MESSAGE_COLUMNS.indexOf('message'));
  assert.match(messageColumns(event, undefined), /alice {17}- {2}hello$/);
});

test('the name that Tencent gives the admin of an app is not cut off', () => {
  assert.match(messageColumns({ ...event, sender: 'administrator' }, 1), / administrator /);
  assert.match(messageColumns({ ...event, sender: 'administrators' }, 1), / administrato… /);
});

test('a line for the log has time and group in front', () => {
  const line = recordedLine(event, { recordedAt: 1_700_000_000_000, delayMs: 1 }, 'UTC');
  assert.match(line, /^2023-11-14T22:13:20\.000Z {2}lobby +7 {2}alice/);
});

test('another event has time and group in front, and its kind', () => {
  const joined = { groupId: 'lob\nby', kind: 'group.members.joined' };
  assert.equal(
    eventLine(joined, { recordedAt: 1_700_000_000_000 }, 'UTC'),
    '2023-11-14T22:13:20.000Z  lob by  group.members.joined',
  );
});

test('a message in one line', () => {
  assert.equal(summary([{ MsgType: 'TIMTextElem', MsgContent: { Text: ' hi ' } }]), 'hi');
  assert.equal(summary([{ MsgType: 'TIMCustomElem', MsgContent: { Desc: 'card' } }]), '[custom: card]');
  assert.equal(summary([{ MsgType: 'TIMSoundElem', MsgContent: {} }]), '[sound]');
});

test('what a user writes cannot steer the terminal', () => {
  const line = recordedLine({ ...event, sender: 'a\u001b[2J', groupId: 'g\n' }, { recordedAt: 0 }, 'UTC');
  assert.doesNotMatch(line, /[\p{Cc}]/u);
});
