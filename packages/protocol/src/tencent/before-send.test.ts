import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyFacts, FACTS } from '../../test/support/facts.ts';
import { canonicalJson } from '../canonical-json.ts';
import { TENCENT_REVISIONS } from './after-send.ts';
import { decodeTencentBeforeSend } from './decode-before-send.ts';
import { encodeTencentBeforeSend } from './encode-before-send.ts';

const G1 = ['CallbackCommand', 'From_Account', 'GroupId', 'MsgBody', 'Operator_Account', 'Random', 'Type'];
const G4 = [...G1, 'OnlineOnlyFlag', 'CloudCustomData', 'EventTime', 'TopicId'];

/** The fields of the table of tencent-webhooks C.1. */
const FIELDS = {
  G1,
  G2: [...G1, 'OnlineOnlyFlag'],
  G3: [...G1, 'OnlineOnlyFlag'],
  G4,
  G5: [...G4, 'MsgId'],
};

test('each generation has its fields, in ASCII order; MsgSeq and MsgTime in none', () => {
  for (const revision of TENCENT_REVISIONS) {
    const text = encodeTencentBeforeSend(FACTS, revision);
    assert.deepEqual(Object.keys(JSON.parse(text)), FIELDS[revision].toSorted(), revision);
    assert.equal(text, canonicalJson(JSON.parse(text)), revision);
  }
});

test('the current body, byte for byte', () => {
  assert.equal(
    encodeTencentBeforeSend(FACTS, 'G5'),
    '{"CallbackCommand":"Group.CallbackBeforeSendMsg","CloudCustomData":"{\\"ref\\":\\"a1\\"}","EventTime":1735689600456,' +
      '"From_Account":"mira","GroupId":"@TGS#_@TGS#cLAKE2PX",' +
      '"MsgBody":[{"MsgContent":{"Text":"<ready> & über"},"MsgType":"TIMTextElem"}],' +
      '"MsgId":"144115233400000001-1735689600-4294967295","OnlineOnlyFlag":0,"Operator_Account":"mira",' +
      '"Random":4294967295,"TopicId":"@TGS#_@TGS#cLAKE2PX@TOPIC#_boats","Type":"Community"}',
  );
});

test('optional fields without a value are left out; online-only is flagged, in an AVChatRoom never', () => {
  const { topicId: _topicId, msgId: _msgId, cloudCustomData: _data, ...bare } = FACTS;
  const text = encodeTencentBeforeSend(bare, 'G5');
  assert.deepEqual(Object.keys(JSON.parse(text)), [...G1, 'OnlineOnlyFlag', 'EventTime'].toSorted());
  const flag = (groupType: string) =>
    JSON.parse(encodeTencentBeforeSend({ ...FACTS, groupType, onlineOnly: true }, 'G2')).OnlineOnlyFlag;
  assert.deepEqual([flag('Public'), flag('AVChatRoom')], [1, 0]);
});

for (const revision of TENCENT_REVISIONS) {
  test(`property: ${revision} decodes to the facts it was encoded from`, () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decoded = decodeTencentBeforeSend(JSON.parse(encodeTencentBeforeSend(facts, revision)));
        const event = {
          kind: 'group.message.before-send',
          groupId: facts.groupId,
          ...(revision >= 'G4' && facts.topicId && { topicId: facts.topicId }),
          groupType: facts.groupType,
          sender: facts.sender,
          operator: facts.operator,
          random: facts.random,
          ...(revision >= 'G4' && { eventTime: facts.eventTime }),
          onlineOnly: revision >= 'G2' && facts.onlineOnly,
          msgBody: JSON.parse(facts.msgBodyJson),
          ...(revision >= 'G4' && facts.cloudCustomData && { cloudCustomData: facts.cloudCustomData }),
          ...(revision >= 'G5' && facts.msgId && { msgId: facts.msgId }),
        };
        assert.deepEqual(decoded, { ok: true, event });
      }),
    );
  });
}

test('the published sample decodes: EventTime as text, unknown fields, a missing operator', () => {
  const decoded = decodeTencentBeforeSend({
    CallbackCommand: 'Group.CallbackBeforeSendMsg',
    GroupId: 'g',
    Type: 'Public',
    From_Account: 'jon',
    MsgBody: [],
    EventTime: '1670574414123',
    MsgPriority: 'Normal',
  });
  assert.ok(decoded.ok);
  assert.deepEqual([decoded.event.operator, decoded.event.eventTime], ['jon', 1670574414123]);
});

test('another command and missing fields are named', () => {
  const decoded = decodeTencentBeforeSend({ CallbackCommand: 'Group.CallbackAfterSendMsg', GroupId: 'g' });
  assert.ok(!decoded.ok);
  assert.deepEqual(decoded.problems.toSorted(), [
    'CallbackCommand: must be "Group.CallbackBeforeSendMsg"',
    'From_Account: is missing',
    'MsgBody: is missing',
    'Type: is missing',
  ]);
});
