import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACTS } from '../../test/support/facts.ts';
import { canonicalJson } from '../canonical-json.ts';
import {
  encodeStandardBatch,
  encodeStandardMessage,
  encodeStandardTombstone,
  type LaneFacts,
  type StandardFacts,
} from './encode.ts';

const LANE: LaneFacts = {
  id: 'evt_0c-57',
  endpoint: 'ep_7',
  app: 1400000042,
  stream: 12,
  seq: 57,
  prev: 55,
  replay: false,
};
const facts: StandardFacts = { ...FACTS, priority: 'High', ...LANE };

test('a message, byte for byte', () => {
  assert.equal(
    encodeStandardMessage(facts),
    '{"app":1400000042,"data":{"at":[{"all":true},{"all":false,"userId":"jon"}],"clientIp":"203.0.113.7","clientMsgId":"c1",' +
      '"cloudCustomData":"{\\"ref\\":\\"a1\\"}","msgBody":[{"MsgContent":{"Text":"<ready> & über"},"MsgType":"TIMTextElem"}],' +
      '"msgId":"144115233400000001-1735689600-4294967295","msgTime":1735689600,"onlineOnly":false,"operationId":"op-1",' +
      '"operator":"mira","platform":"Web","priority":"High","random":4294967295,"sender":"mira",' +
      '"senderFaceUrl":"https://h/f.png?a=1&b=2","senderNickname":"Mira <3","serverMsgId":"c0ffee"},"endpoint":"ep_7",' +
      '"eventTime":1735689600456,"groupId":"@TGS#_@TGS#cLAKE2PX","groupType":"Community","id":"evt_0c-57","msgSeq":42,' +
      '"prev":55,"seq":57,"stream":12,"topicId":"@TGS#_@TGS#cLAKE2PX@TOPIC#_boats","type":"group.message.sent"}',
  );
});

test('every form is canonical JSON, with and without the optional fields', () => {
  const { topicId: _topicId, msgId: _msgId, priority: _priority, at: _at, ...bare } = facts;
  for (const text of [
    encodeStandardMessage(facts),
    encodeStandardMessage({ ...facts, replay: true }),
    encodeStandardMessage({ ...bare, cloudCustomData: '' }),
    encodeStandardTombstone({
      ...facts,
      skipped: 'group.message.sent',
      reason: 'given up after "10" attempts',
    }),
    encodeStandardBatch([{ lane: LANE, body: encodeStandardMessage(facts) }]),
  ]) {
    assert.equal(text, canonicalJson(JSON.parse(text)));
  }
  const fields = Object.keys(JSON.parse(encodeStandardMessage({ ...bare, cloudCustomData: '' })).data);
  for (const absent of ['at', 'cloudCustomData', 'msgId', 'priority']) assert.ok(!fields.includes(absent));
});

test('a batch holds the bodies as they are sent alone', () => {
  const next = { ...facts, id: 'evt_0c-60', seq: 60, prev: 57 };
  const [one, two] = [encodeStandardMessage(facts), encodeStandardMessage(next)];
  assert.equal(
    encodeStandardBatch([
      { lane: facts, body: one },
      { lane: next, body: two },
    ]),
    `{"endpoint":"ep_7","events":[${one},${two}],"type":"batch"}`,
  );
});

test('what is not contiguous, not of one lane, nothing or too much makes no batch', () => {
  const entry = (change: Partial<LaneFacts>) => ({ lane: { ...LANE, ...change }, body: '{}' });
  const next = { seq: 58, prev: 57 };
  for (const wrong of [
    { ...next, prev: 56 },
    { ...next, endpoint: 'ep_8' },
    { ...next, app: 1 },
    { ...next, stream: 13 },
    { ...next, replay: true },
  ]) {
    assert.throws(() => encodeStandardBatch([entry({}), entry(wrong)]), RangeError, JSON.stringify(wrong));
  }
  assert.throws(() => encodeStandardBatch([]), /1 to 100 events, not 0/);
  const chain = Array.from({ length: 101 }, (_, index) => entry({ seq: index + 1, prev: index }));
  assert.throws(() => encodeStandardBatch(chain), /not 101/);
  assert.ok(encodeStandardBatch(chain.slice(0, 100)));
});
