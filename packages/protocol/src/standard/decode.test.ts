import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyFacts, FACTS } from '../../test/support/facts.ts';
import type { GroupMessageSent } from '../event.ts';
import { MSG_PRIORITIES } from '../event.ts';
import { type DecodedStandard, decodeStandard } from './decode.ts';
import {
  encodeStandardBatch,
  encodeStandardMessage,
  encodeStandardTombstone,
  type LaneFacts,
  type StandardFacts,
} from './encode.ts';

const LANE: LaneFacts = { id: 'e1', endpoint: 'ep_7', app: 1, stream: 12, seq: 57, prev: 55, replay: false };
const message = (change: Partial<StandardFacts> = {}) =>
  encodeStandardMessage({ ...FACTS, ...LANE, ...change });

const anyLane: fc.Arbitrary<LaneFacts> = fc
  .record({
    id: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
    endpoint: fc.stringMatching(/^[A-Za-z0-9._~-]{1,40}$/),
    app: fc.integer({ min: 1, max: 4e9 }),
    stream: fc.nat(),
    prev: fc.nat(),
    step: fc.integer({ min: 1, max: 100 }),
    replay: fc.boolean(),
  })
  .map(({ step, ...lane }) => ({ ...lane, seq: lane.prev + step }));

/** What a receiver must read of these facts. */
function expected(facts: StandardFacts): GroupMessageSent {
  return {
    kind: 'group.message.sent',
    groupId: facts.groupId,
    ...(facts.topicId !== undefined && { topicId: facts.topicId }),
    groupType: facts.groupType,
    sender: facts.sender,
    operator: facts.operator,
    random: facts.random,
    msgSeq: facts.msgSeq,
    msgTime: facts.msgTime,
    eventTime: facts.eventTime,
    onlineOnly: facts.onlineOnly,
    ...(facts.priority !== undefined && { priority: facts.priority }),
    msgBody: JSON.parse(facts.msgBodyJson),
    ...(facts.cloudCustomData !== undefined && { cloudCustomData: facts.cloudCustomData }),
    ...(facts.msgId !== undefined && { msgId: facts.msgId }),
    ...(facts.at !== undefined && { at: facts.at }),
    origin: {
      serverMsgId: facts.serverMsgID,
      clientMsgId: facts.clientMsgID,
      operationId: facts.operationID,
      senderNickname: facts.senderNickname,
      senderFaceUrl: facts.senderFaceUrl,
      clientIp: facts.clientIp,
      platform: facts.platform,
    },
  };
}

test('property: a message decodes to every fact it was encoded from', () => {
  fc.assert(
    fc.property(
      anyFacts,
      anyLane,
      fc.option(fc.constantFrom(...MSG_PRIORITIES)),
      (message, lane, priority) => {
        const facts = { ...message, ...lane, ...(priority !== null && { priority }) };
        const decoded = decodeStandard(JSON.parse(encodeStandardMessage(facts)));
        assert.ok(decoded.ok);
        assert.equal(decoded.batch, false);
        const [{ envelope: _, ...event } = assert.fail()] = decoded.events;
        const { id, ...place } = lane;
        const { groupId, topicId } = facts;
        assert.deepEqual(event, {
          type: 'group.message.sent',
          id,
          lane: { ...place, groupId, ...(topicId !== undefined && { topicId }) },
          event: expected(facts),
        });
      },
    ),
  );
});

test('a tombstone keeps the place of the event it stands for', () => {
  const reason = 'given up after 10 attempts: HTTP 500';
  const text = encodeStandardTombstone({ ...FACTS, ...LANE, skipped: 'group.message.sent', reason });
  const decoded = decodeStandard(JSON.parse(text));
  assert.ok(decoded.ok);
  const [event] = decoded.events;
  assert.equal(event?.lane.seq, 57);
  assert.equal(event?.lane.prev, 55);
  const { groupId, topicId, groupType, msgSeq, eventTime } = FACTS;
  const place = { groupId, topicId, groupType, msgSeq, eventTime };
  assert.deepEqual(event?.event, { kind: 'tombstone', ...place, skipped: 'group.message.sent', reason });
});

test('an event of a type that is not known keeps its place', () => {
  const body = { ...JSON.parse(message()), type: 'group.message.translated', data: null, more: 1 };
  const decoded = decodeStandard(body);
  assert.ok(decoded.ok);
  const [event] = decoded.events;
  assert.equal(event?.event, undefined);
  assert.deepEqual([event?.lane.seq, event?.lane.prev, event?.type], [57, 55, 'group.message.translated']);
  assert.deepEqual(event?.envelope, body);
});

test('a batch decodes to its events in order', () => {
  const entries = [1, 4, 9].map((seq, index, all) => {
    const lane = { ...LANE, id: `e${seq}`, seq, prev: all[index - 1] ?? 0 };
    return { lane, body: message(lane) };
  });
  const decoded = decodeStandard(JSON.parse(encodeStandardBatch(entries)));
  assert.ok(decoded.ok && decoded.batch);
  assert.deepEqual(
    decoded.events.map(({ id, lane }) => [id, lane.prev, lane.seq]),
    [
      ['e1', 0, 1],
      ['e4', 1, 4],
      ['e9', 4, 9],
    ],
  );
});

const problemsOf = (decoded: DecodedStandard) => (decoded.ok ? [] : decoded.problems);

test('what is not this body is refused with what is wrong', () => {
  const with_ = (change: object) => problemsOf(decodeStandard({ ...JSON.parse(message()), ...change }));
  assert.deepEqual(problemsOf(decodeStandard(null)), ['value: must be object']);
  assert.deepEqual(with_({ prev: 57 }), ['prev: must be less than seq, which is 57']);
  assert.deepEqual(with_({ seq: 0, prev: 0 }), ['seq: must be >= 1']);
  assert.deepEqual(with_({ seq: '57' }), ['seq: must be integer']);
  assert.deepEqual(with_({ seq: 2 ** 53 }), ['seq: must be <= 9007199254740991']);
  assert.deepEqual(with_({ replay: false }), ['replay: must be true']);
  for (const change of [
    { endpoint: 'a/b' },
    { id: 'a.b' },
    { type: 'two words' },
    { type: 7 },
    { groupId: '' },
    { data: { ...JSON.parse(message()).data, msgBody: 'hello' } },
    { data: undefined },
  ]) {
    assert.equal(with_(change).length, 1, JSON.stringify(change));
  }
});

test('a batch that is not one chain of one lane is refused, and the place named', () => {
  const second = (change: object) =>
    problemsOf(
      decodeStandard({
        type: 'batch',
        endpoint: 'ep_7',
        events: [JSON.parse(message()), { ...JSON.parse(message({ seq: 60, prev: 57 })), ...change }],
      }),
    );
  assert.deepEqual(second({}), []);
  assert.deepEqual(second({ prev: 56 }), ['events[1].prev: must be 57, the seq of the event before it']);
  assert.deepEqual(second({ endpoint: 'ep_8' }), ['events[1].endpoint: must be the endpoint of the batch']);
  for (const change of [{ app: 2 }, { stream: 13 }, { replay: true }]) {
    assert.match(second(change)[0] ?? '', /^events\[1\]\.stream: a batch is of one lane/);
  }
  assert.match(second({ data: {} })[0] ?? '', /^events\[1\]\.data\./);
  assert.equal(problemsOf(decodeStandard({ type: 'batch', endpoint: 'ep_7', events: [] })).length, 1);
});
