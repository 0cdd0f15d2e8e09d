import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeOpenImAfterSend,
  decodeTencentAfterSend,
  encodeOpenImAfterSend,
  encodeTencentAfterSend,
  type GroupMessageFacts,
  type GroupMessageSent,
  OPENIM_REVISIONS,
  type OpenImRevision,
  TENCENT_REVISIONS,
  type TencentRevision,
} from '../src/index.ts';
import { anyFacts } from './support/facts.ts';

/** What a receiver of this generation can know. */
function tencentEvent(facts: GroupMessageFacts, revision: TencentRevision): GroupMessageSent {
  return {
    kind: 'group.message.sent',
    groupId: facts.groupId,
    ...(revision >= 'G4' && facts.topicId && { topicId: facts.topicId }),
    groupType: facts.groupType,
    sender: facts.sender,
    operator: facts.operator,
    random: facts.random,
    msgSeq: facts.msgSeq,
    msgTime: facts.msgTime,
    ...(revision >= 'G4' && { eventTime: facts.eventTime }),
    onlineOnly: revision >= 'G2' && facts.onlineOnly,
    msgBody: JSON.parse(facts.msgBodyJson),
    ...(revision >= 'G3' && facts.cloudCustomData && { cloudCustomData: facts.cloudCustomData }),
    ...(revision >= 'G5' && facts.msgId && { msgId: facts.msgId }),
    ...(revision >= 'G5' && facts.at && { at: facts.at }),
  };
}

/** What a receiver of this revision can know, its own identifiers aside. */
function openImEvent(facts: GroupMessageFacts, revision: OpenImRevision): Omit<GroupMessageSent, 'openim'> {
  return {
    kind: 'group.message.sent',
    groupId: facts.groupId,
    groupType: '',
    sender: facts.sender,
    operator: facts.sender,
    random: 0,
    msgSeq: revision === '3.8' ? 0 : facts.msgSeq,
    msgTime: facts.msgTime,
    eventTime: facts.eventTime,
    onlineOnly: false,
    msgBody: JSON.parse(facts.msgBodyJson),
    ...(facts.cloudCustomData && { cloudCustomData: facts.cloudCustomData }),
    ...(facts.at && { at: facts.at }),
  };
}

for (const revision of TENCENT_REVISIONS) {
  test(`property: Tencent ${revision} decodes to the facts it was encoded from`, () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decoded = decodeTencentAfterSend(JSON.parse(encodeTencentAfterSend(facts, revision)));
        assert.deepEqual(decoded, { ok: true, event: tencentEvent(facts, revision) });
      }),
    );
  });
}

for (const revision of OPENIM_REVISIONS) {
  test(`property: OpenIM ${revision} decodes to the facts it was encoded from`, () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decoded = decodeOpenImAfterSend(JSON.parse(encodeOpenImAfterSend(facts, revision)));
        assert.ok(decoded.ok);
        const { openim, ...event } = decoded.event;
        assert.deepEqual(event, openImEvent(facts, revision));
        assert.equal(openim?.serverMsgID, facts.serverMsgID);
        assert.equal(openim?.recvID, revision === 'page' ? facts.groupId : undefined);
      }),
    );
  });
}
