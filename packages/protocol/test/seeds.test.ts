import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildTencentUrl,
  decodeOpenImAfterSend,
  decodeTencentAfterSend,
  encodeOpenImAfterSend,
  encodeTencentAfterSend,
  type GroupMessageFacts,
  OPENIM_OK,
  parseOpenImUrl,
  readOpenImAnswer,
  readTencentAnswer,
  TENCENT_OK,
} from '../src/index.ts';

function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
}

const TENCENT_FACTS: GroupMessageFacts = {
  groupId: '@TGS#2J4SZEAEL',
  groupType: 'Public',
  sender: 'jared',
  operator: 'admin',
  random: 123456,
  msgSeq: 123,
  msgTime: 1490686222,
  eventTime: 1670574414123,
  onlineOnly: true,
  msgBodyJson: '[{"MsgContent":{"Text":"red packet"},"MsgType":"TIMTextElem"}]',
  cloudCustomData: 'your cloud custom data',
  serverMsgID: 's',
  clientMsgID: 'c',
  operationID: 'o',
  senderNickname: '',
  senderFaceUrl: '',
  clientIp: '127.0.0.1',
  platform: 'RESTAPI',
};

const TENCENT_EVENT = {
  kind: 'group.message.sent',
  groupId: '@TGS#2J4SZEAEL',
  groupType: 'Public',
  sender: 'jared',
  operator: 'admin',
  random: 123456,
  msgSeq: 123,
  msgTime: 1490686222,
  onlineOnly: true,
  msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'red packet' } }],
};

/** What each generation's sample says beyond the common event. */
const TENCENT_SAMPLES = [
  ['G1', 'tencent-g1', { onlineOnly: false }],
  ['G2', 'tencent-g2', {}],
  ['G3', 'tencent-g3', { cloudCustomData: 'your cloud custom data' }],
  ['G4', 'tencent-g4', { cloudCustomData: 'your cloud custom data', eventTime: 1670574414123 }],
] as const;

for (const [revision, name, more] of TENCENT_SAMPLES) {
  test(`the sample of Tencent ${revision} decodes`, () => {
    const event = { ...TENCENT_EVENT, ...more };
    assert.deepEqual(decodeTencentAfterSend(fixture(name)), { ok: true, event });
  });

  test(`the facts of the sample encode to Tencent ${revision}, EventTime as a number`, () => {
    const sample = fixture(name);
    if ('EventTime' in sample) sample.EventTime = Number(sample.EventTime);
    assert.deepEqual(JSON.parse(encodeTencentAfterSend(TENCENT_FACTS, revision)), sample);
  });
}

const OPENIM_FACTS: GroupMessageFacts = {
  groupId: 'user456',
  groupType: 'Public',
  sender: 'user123',
  operator: 'user123',
  random: 1,
  msgSeq: 1,
  msgTime: 1673048592,
  eventTime: 1673048592000,
  onlineOnly: false,
  msgBodyJson: '[{"MsgContent":{"Text":"Hello, how are you?"},"MsgType":"TIMTextElem"}]',
  cloudCustomData: 'Extra data',
  at: [
    { all: false, userId: 'user456' },
    { all: false, userId: 'user789' },
  ],
  serverMsgID: 'serverMsg123',
  clientMsgID: 'clientMsg123',
  operationID: '1646445464564',
  senderNickname: 'John Doe',
  senderFaceUrl: 'http://example.com/path/to/face/image.png',
  clientIp: '127.0.0.1',
  platform: 'iOS',
};

test('the sample of the OpenIM page decodes: the group from recvID, the invented content type kept', () => {
  assert.deepEqual(decodeOpenImAfterSend(fixture('openim-page')), {
    ok: true,
    event: {
      kind: 'group.message.sent',
      groupId: 'user456',
      groupType: '',
      sender: 'user123',
      operator: 'user123',
      random: 0,
      msgSeq: 1,
      msgTime: 1673048592,
      eventTime: 1673048592000,
      onlineOnly: false,
      msgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data: 'Hello, how are you?' } }],
      cloudCustomData: 'Extra data',
      at: OPENIM_FACTS.at,
      openim: {
        serverMsgID: 'serverMsg123',
        clientMsgID: 'clientMsg123',
        operationID: '1646445464564',
        senderNickname: 'John Doe',
        senderPlatformID: 1,
        faceURL: 'http://example.com/path/to/face/image.png',
        msgFrom: 1,
        contentType: 1,
        ex: 'Extra data',
        recvID: 'user456',
      },
    },
  });
});

test('the facts of the sample encode to the OpenIM page, its impossible values set right', () => {
  // openim A.12: a group message has sessionType 3 and msgFrom 100; contentType 1 does not exist and content is JSON text
  // (106, a text with mentions, since somebody is mentioned); the group stands in groupID as well as in recvID.
  const expected = {
    ...fixture('openim-page'),
    sessionType: 3,
    msgFrom: 100,
    contentType: 106,
    content: '{"atUserList":["user456","user789"],"isAtSelf":false,"text":"Hello, how are you?"}',
    groupID: 'user456',
  };
  assert.deepEqual(JSON.parse(encodeOpenImAfterSend(OPENIM_FACTS, 'page')), expected);
});

test('the sample answers are successes, and ours equal them', () => {
  assert.deepEqual(JSON.parse(TENCENT_OK), fixture('tencent-answer'));
  assert.deepEqual(JSON.parse(OPENIM_OK), fixture('openim-answer'));
  assert.deepEqual(readTencentAnswer(JSON.stringify(fixture('tencent-answer'))), { kind: 'ok' });
  assert.deepEqual(readOpenImAnswer(JSON.stringify(fixture('openim-answer'))), { kind: 'ok' });
});

test('URLs are as the samples print them', () => {
  const { clientIp, platform } = TENCENT_FACTS;
  const command = 'Group.CallbackAfterSendMsg';
  assert.equal(
    buildTencentUrl('https://www.example.com', { sdkAppId: 1400000001, command, clientIp, platform }),
    'https://www.example.com?SdkAppid=1400000001&CallbackCommand=Group.CallbackAfterSendMsg&contenttype=json&ClientIP=127.0.0.1&OptPlatform=RESTAPI',
  );
  assert.deepEqual(parseOpenImUrl('/callbackAfterSendGroupMsgCommand?contenttype=json'), {
    command: 'callbackAfterSendGroupMsgCommand',
  });
});
