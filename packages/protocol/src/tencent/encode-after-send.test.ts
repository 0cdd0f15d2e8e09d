import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACTS } from '../../test/support/facts.ts';
import { canonicalJson } from '../canonical-json.ts';
import { TENCENT_REVISIONS } from './after-send.ts';
import { encodeTencentAfterSend } from './encode-after-send.ts';

const G1 = [
  'CallbackCommand',
  'From_Account',
  'GroupId',
  'MsgBody',
  'MsgSeq',
  'MsgTime',
  'Operator_Account',
  'Random',
  'Type',
];

/** The fields of the table of tencent-webhooks C.2. */
const FIELDS = {
  G1,
  G2: [...G1, 'OnlineOnlyFlag'],
  G3: [...G1, 'OnlineOnlyFlag', 'CloudCustomData'],
  G4: [...G1, 'OnlineOnlyFlag', 'CloudCustomData', 'EventTime', 'TopicId'],
  G5: [...G1, 'OnlineOnlyFlag', 'CloudCustomData', 'EventTime', 'TopicId', 'MsgId', 'GroupAtInfo'],
};

test('each generation has its fields, in ASCII order at every level', () => {
  for (const revision of TENCENT_REVISIONS) {
    const text = encodeTencentAfterSend(FACTS, revision);
    assert.deepEqual(Object.keys(JSON.parse(text)), FIELDS[revision].toSorted(), revision);
    assert.equal(text, canonicalJson(JSON.parse(text)), revision);
  }
});

test('the current body, byte for byte', () => {
  assert.equal(
    encodeTencentAfterSend(FACTS, 'G5'),
    '{"CallbackCommand":"Group.CallbackAfterSendMsg","CloudCustomData":"{\\"ref\\":\\"a1\\"}","EventTime":1735689600456,' +
      '"From_Account":"mira","GroupAtInfo":[{"GroupAtAllFlag":1},{"GroupAtAllFlag":0,"GroupAt_Account":"jon"}],' +
      '"GroupId":"@TGS#_@TGS#cLAKE2PX","MsgBody":[{"MsgContent":{"Text":"<ready> & über"},"MsgType":"TIMTextElem"}],' +
      '"MsgId":"144115233400000001-1735689600-4294967295","MsgSeq":42,"MsgTime":1735689600,"OnlineOnlyFlag":0,' +
      '"Operator_Account":"mira","Random":4294967295,"TopicId":"@TGS#_@TGS#cLAKE2PX@TOPIC#_boats","Type":"Community"}',
  );
});

test('optional fields without a value are left out', () => {
  const { topicId: _topicId, msgId: _msgId, ...bare } = FACTS;
  const text = encodeTencentAfterSend({ ...bare, cloudCustomData: '', at: [] }, 'G5');
  const expected = [...G1, 'OnlineOnlyFlag', 'EventTime'].toSorted();
  assert.deepEqual(Object.keys(JSON.parse(text)), expected);
});

test('online-only is flagged, in an AVChatRoom never', () => {
  const flag = (groupType: string) =>
    JSON.parse(encodeTencentAfterSend({ ...FACTS, groupType, onlineOnly: true }, 'G2')).OnlineOnlyFlag;
  assert.equal(flag('Public'), 1);
  assert.equal(flag('AVChatRoom'), 0);
});
