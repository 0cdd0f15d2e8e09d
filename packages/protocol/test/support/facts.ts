import fc from 'fast-check';
import { canonicalJson, type GroupMessageFacts, type MsgElement } from '../../src/index.ts';

/** Facts with every optional field set; tests change what they are about. */
export const FACTS: GroupMessageFacts = {
  groupId: '@TGS#_@TGS#cLAKE2PX',
  topicId: '@TGS#_@TGS#cLAKE2PX@TOPIC#_boats',
  groupType: 'Community',
  sender: 'mira',
  operator: 'mira',
  random: 4294967295,
  msgSeq: 42,
  msgTime: 1735689600,
  eventTime: 1735689600456,
  onlineOnly: false,
  msgBodyJson: '[{"MsgContent":{"Text":"<ready> & über"},"MsgType":"TIMTextElem"}]',
  cloudCustomData: '{"ref":"a1"}',
  msgId: '144115233400000001-1735689600-4294967295',
  at: [{ all: true }, { all: false, userId: 'jon' }],
  serverMsgID: 'c0ffee',
  clientMsgID: 'c1',
  operationID: 'op-1',
  senderNickname: 'Mira <3',
  senderFaceUrl: 'https://h/f.png?a=1&b=2',
  clientIp: '203.0.113.7',
  platform: 'Web',
};

const text = fc.string({ unit: 'grapheme' });
const name = fc.string({ unit: 'grapheme', minLength: 1 });
const u32 = fc.integer({ min: 0, max: 4294967295 });

const element: fc.Arbitrary<MsgElement> = fc.oneof(
  text.map((Text) => ({ MsgType: 'TIMTextElem', MsgContent: { Text } })),
  fc
    .record({ Data: fc.oneof(text, fc.json()), Desc: text, Ext: text }, { requiredKeys: ['Data'] })
    .map((MsgContent) => ({ MsgType: 'TIMCustomElem', MsgContent })),
  fc
    .record({ Index: fc.integer(), Data: text })
    .map((MsgContent) => ({ MsgType: 'TIMFaceElem', MsgContent })),
);

/** Any message: with or without each optional field. The whole seconds of `eventTime` are `msgTime`, as the server has it. */
export const anyFacts: fc.Arbitrary<GroupMessageFacts> = fc
  .record(
    {
      groupId: name,
      topicId: name,
      groupType: fc.constantFrom('Private', 'Public', 'ChatRoom', 'Community'),
      sender: name,
      operator: name,
      random: u32,
      msgSeq: u32,
      onlineOnly: fc.boolean(),
      cloudCustomData: name,
      msgId: name,
      at: fc.array(
        fc.oneof(
          fc.constant({ all: true }),
          name.map((userId) => ({ all: false, userId })),
        ),
        { minLength: 1, maxLength: 30 },
      ),
      serverMsgID: name,
      clientMsgID: name,
      operationID: name,
      senderNickname: text,
      senderFaceUrl: text,
      clientIp: fc.ipV4(),
      platform: fc.constantFrom('RESTAPI', 'Web', 'iOS', 'Unknown'),
    },
    {
      requiredKeys: [
        'groupId',
        'groupType',
        'sender',
        'operator',
        'random',
        'msgSeq',
        'onlineOnly',
        'serverMsgID',
        'clientMsgID',
        'operationID',
        'senderNickname',
        'senderFaceUrl',
        'clientIp',
        'platform',
      ],
    },
  )
  .chain((facts) =>
    fc
      .tuple(fc.integer({ min: 0, max: 4e12 }), fc.array(element, { minLength: 1, maxLength: 4 }))
      .map(([eventTime, elements]) => ({
        ...facts,
        eventTime,
        msgTime: Math.floor(eventTime / 1000),
        msgBodyJson: canonicalJson(elements),
      })),
  );
