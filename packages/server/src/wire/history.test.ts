import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEntry } from '../domain/history.ts';
import { decodeHistory, encodeHistory } from './history.ts';

const sent = (msgSeq: number, changes: object = {}): HistoryEntry => ({
  msgSeq,
  msgTime: 1_700_000_000,
  sender: 'u1',
  random: 77,
  priority: 'Low',
  state: 'normal',
  tip: false,
  msgBodyJson: '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]',
  ...changes,
});
const hole = (msgSeq: number): HistoryEntry => ({ msgSeq, state: 'hole' });

test('more than 20 messages are never asked of the store', () => {
  assert.deepEqual(decodeHistory({ GroupId: 'g', ReqMsgNumber: 99 }), {
    groupId: 'g',
    fromMsgSeq: 0,
    limit: 20,
  });
  assert.deepEqual(decodeHistory({ GroupId: 'g', ReqMsgNumber: 3, ReqMsgSeq: 7 }), {
    groupId: 'g',
    fromMsgSeq: 7,
    limit: 3,
  });
});

test('messages, tips, recalled messages and holes', () => {
  const entries = [
    sent(4, { cloudCustomData: 'x' }),
    sent(3, { state: 'recalled', sender: 'u2', cloudCustomData: 'x' }),
    sent(2, { tip: true }),
    hole(1),
  ];
  const request = { GroupId: 'g', ReqMsgNumber: 4, WithRecalledMsg: 1 };
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }];
  const common = {
    From_Account: 'u1',
    IsPlaceMsg: 0,
    MsgPriority: 3,
    MsgRandom: 77,
    MsgTimeStamp: 1_700_000_000,
  };
  const empty = {
    From_Account: '',
    IsPlaceMsg: 1,
    MsgPriority: 2,
    MsgRandom: 0,
    MsgTimeStamp: 0,
    MsgBody: [],
  };
  assert.deepEqual(encodeHistory(request, entries), {
    GroupId: 'g',
    IsFinished: 1,
    RspMsgList: [
      { ...common, MsgSeq: 4, MsgBody, CloudCustomData: 'x' },
      { ...common, MsgSeq: 3, From_Account: 'u2', IsPlaceMsg: 2, MsgBody: [] },
      { ...common, MsgSeq: 2, MsgBody, IsSystemMsg: 1 },
      { ...empty, MsgSeq: 1 },
    ],
  });
  const without = encodeHistory({ GroupId: 'g', ReqMsgNumber: 4 }, entries);
  assert.deepEqual(without.RspMsgList[1], { ...empty, MsgSeq: 3 });
});

test('IsFinished: 1 all there, 0 cut, 2 cut and all expired', () => {
  const finished = (ReqMsgNumber: number, entries: readonly HistoryEntry[]) =>
    encodeHistory({ GroupId: 'g', ReqMsgNumber }, entries).IsFinished;
  const page = Array.from({ length: 20 }, (_, i) => 30 - i);
  assert.equal(
    finished(
      20,
      page.map((seq) => sent(seq)),
    ),
    1,
  );
  assert.equal(
    finished(
      21,
      page.map((seq) => sent(seq)),
    ),
    0,
  );
  assert.equal(finished(21, page.map(hole)), 2);
  assert.equal(finished(21, [sent(2), sent(1)]), 1);
  assert.equal(finished(5, []), 1);
});
