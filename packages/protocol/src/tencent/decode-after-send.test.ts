import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTencentAfterSend } from './decode-after-send.ts';

const body = {
  CallbackCommand: 'Group.CallbackAfterSendMsg',
  GroupId: 'g',
  Type: 'Public',
  From_Account: 'mira',
  Operator_Account: 'admin',
  Random: 4294967295,
  MsgSeq: 7,
  MsgTime: 1609840000,
  MsgBody: [{ MsgType: 'TIMNewElem', MsgContent: { New: true } }],
};

function event(change: object) {
  const decoded = decodeTencentAfterSend({ ...body, ...change });
  assert.ok(decoded.ok);
  return decoded.event;
}

function problems(value: unknown): readonly string[] {
  const decoded = decodeTencentAfterSend(value);
  return decoded.ok ? [] : decoded.problems;
}

test('real traffic varies: EventTime as text, unknown fields and elements, missing fields of old captures', () => {
  assert.equal(event({ EventTime: '1670574414123' }).eventTime, 1670574414123);
  assert.equal(event({ EventTime: 1657612269059 }).eventTime, 1657612269059);
  assert.deepEqual(event({ MsgPriority: 'Normal', More: {} }), event({}));
  const old = event({ Operator_Account: undefined, Random: undefined });
  assert.deepEqual([old.operator, old.random], ['mira', 0]);
});

test('mentions are read', () => {
  const at = [{ GroupAtAllFlag: 1 }, { GroupAtAllFlag: 0, GroupAt_Account: 'jon' }, { GroupAtAllFlag: 0 }];
  assert.deepEqual(event({ GroupAtInfo: at }).at, [
    { all: true },
    { all: false, userId: 'jon' },
    { all: false },
  ]);
});

test('empty optional fields count as absent', () => {
  assert.deepEqual(event({ CloudCustomData: '', TopicId: '', MsgId: '', GroupAtInfo: [] }), event({}));
});

test('what is not this body is refused with what is wrong', () => {
  assert.deepEqual(problems({ ...body, CallbackCommand: 'Group.CallbackBeforeSendMsg' }), [
    'CallbackCommand: must be "Group.CallbackAfterSendMsg"',
  ]);
  assert.deepEqual(problems({ ...body, MsgSeq: '7' }), ['MsgSeq: must be integer']);
  assert.deepEqual(problems({ ...body, Random: -1 }), ['Random: must be >= 0']);
  assert.deepEqual(problems({ ...body, MsgBody: [{ MsgType: 'TIMTextElem' }] }), [
    'MsgBody[0].MsgContent: is missing',
  ]);
  assert.deepEqual(problems(null), ['value: must be object']);
  assert.equal(problems({}).length, 7);
});
