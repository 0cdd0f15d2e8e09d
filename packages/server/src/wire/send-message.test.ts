import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SendGroupMsgRequest } from '@confab-im/protocol';
import { isRefusal } from '../domain/refusal.ts';
import { decodeSendMessage, encodeSent } from './send-message.ts';

const least: SendGroupMsgRequest = {
  GroupId: 'g',
  Random: 4_294_967_295,
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }],
};

test('the least message gets the documented defaults', () => {
  assert.deepEqual(decodeSendMessage(least), {
    groupId: 'g',
    random: 4_294_967_295,
    priority: 'Normal',
    onlineOnly: false,
    msgBodyJson: '[{"MsgContent":{"Text":"hi"},"MsgType":"TIMTextElem"}]',
    noUnread: false,
    noLastMsg: false,
    forbidBeforeWebhook: false,
    forbidAfterWebhook: false,
    supportMessageExtension: false,
    needReadReceipt: false,
  });
});

test('every field is carried on', () => {
  const decoded = decodeSendMessage({
    ...least,
    From_Account: 'u1',
    MsgPriority: 'High',
    SendMsgControl: ['NoLastMsg', 'NoUnread'],
    ForbidCallbackControl: ['ForbidAfterSendMsgCallback', 'ForbidBeforeSendMsgCallback'],
    OfflinePushInfo: { Title: 't', Desc: 'd' },
    CloudCustomData: '',
    SupportMessageExtension: 1,
    NeedReadReceipt: 1,
    GroupAtInfo: [
      { GroupAtAllFlag: 1 },
      { GroupAtAllFlag: 0, GroupAt_Account: 'u2' },
      { GroupAt_Account: 'u3' },
    ],
    To_Account: ['u2'],
    TopicId: '@TGS#_a@TOPIC#_b',
  });
  assert.deepEqual(decoded, {
    ...decodeSendMessage(least),
    topicId: '@TGS#_a@TOPIC#_b',
    sender: 'u1',
    priority: 'High',
    cloudCustomData: '',
    at: [{ all: true }, { all: false, userId: 'u2' }, { all: false, userId: 'u3' }],
    to: ['u2'],
    noUnread: true,
    noLastMsg: true,
    forbidBeforeWebhook: true,
    forbidAfterWebhook: true,
    offlinePushInfoJson: '{"Desc":"d","Title":"t"}',
    supportMessageExtension: true,
    needReadReceipt: true,
  });
});

test('names of other SDKs mean the same, and empty means absent', () => {
  const plain = decodeSendMessage(least);
  assert.deepEqual(decodeSendMessage({ ...least, MsgOnlineOnlyFlag: 1 }), { ...plain, onlineOnly: true });
  assert.deepEqual(decodeSendMessage({ ...least, IsNeedReadReceipt: 1 }), {
    ...plain,
    needReadReceipt: true,
  });
  assert.deepEqual(decodeSendMessage({ ...least, TopicId: '', To_Account: [], GroupAtInfo: [] }), plain);
});

function deep(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i++) value = { value };
  return value;
}

const REFUSED: readonly [changes: Partial<SendGroupMsgRequest>, error: string, detail: RegExp][] = [
  [{ MsgBody: [{ MsgType: 'TIMFooElem' }] }, 'INVALID_PARAMETERS', /^MsgBody\[0\].MsgType: /],
  [{ OnlineOnlyFlag: 1, SendMsgControl: ['NoUnread'] }, 'INVALID_PARAMETERS', /^SendMsgControl: /],
  [{ GroupAtInfo: [{ GroupAtAllFlag: 0 }] }, 'INVALID_PARAMETERS', /^GroupAtInfo\[0\].GroupAt_Account: /],
  [{ OfflinePushInfo: deep(400) }, 'OFFLINE_PUSH_INFO_INVALID', /^OfflinePushInfo: /],
];

for (const [changes, error, detail] of REFUSED) {
  test(`refused: ${Object.keys(changes)} (${error})`, () => {
    const decoded = decodeSendMessage({ ...least, ...changes });
    assert.ok(isRefusal(decoded));
    assert.equal(decoded.error, error);
    assert.match(decoded.detail, detail);
  });
}

test('a repeated message is answered like the first one, a dropped one with its reason', () => {
  assert.deepEqual(encodeSent({ kind: 'sent', msgSeq: 12, msgTime: 1_700_000_000 }), {
    MsgTime: 1_700_000_000,
    MsgSeq: 12,
  });
  assert.deepEqual(encodeSent({ kind: 'duplicate', msgSeq: 12, msgTime: 1_700_000_000 }), {
    MsgTime: 1_700_000_000,
    MsgSeq: 12,
  });
  assert.deepEqual(encodeSent({ kind: 'dropped', msgTime: 1_700_000_000 }), {
    MsgTime: 1_700_000_000,
    MsgSeq: 0,
    MsgDropReason: 'MsgFreqCtrl',
  });
});

test('a message that a before-webhook dropped looks sent', () => {
  const answer = encodeSent({ kind: 'swallowed', msgTime: 1_700_000_000 });
  assert.deepEqual(answer, { MsgTime: 1_700_000_000, MsgSeq: 0 });
});
