import type { PendingMessageFacts } from '../event.ts';
import type { TencentRevision } from './after-send.ts';
import { TENCENT_BEFORE_SEND } from './before-send.ts';

const COMMAND = JSON.stringify(TENCENT_BEFORE_SEND);

/**
 * The body for one generation: compact JSON, keys in ASCII order as in real traffic (tencent-webhooks A.10), fields as C.1
 * lists them: OnlineOnlyFlag from G2 on, CloudCustomData, TopicId and EventTime from G4 on, MsgId from G5 on. Optional ones
 * without a value are left out; so are MsgPriority and GroupAtInfo, which no table of this webhook has (F.2, F-21).
 */
export function encodeTencentBeforeSend(facts: PendingMessageFacts, revision: TencentRevision): string {
  const online = facts.onlineOnly && facts.groupType !== 'AVChatRoom' ? 1 : 0;
  let text = `{"CallbackCommand":${COMMAND}`;
  if (revision >= 'G4') {
    if (facts.cloudCustomData) text += `,"CloudCustomData":${JSON.stringify(facts.cloudCustomData)}`;
    text += `,"EventTime":${facts.eventTime}`;
  }
  text += `,"From_Account":${JSON.stringify(facts.sender)},"GroupId":${JSON.stringify(facts.groupId)}`;
  text += `,"MsgBody":${facts.msgBodyJson}`;
  if (revision >= 'G5' && facts.msgId) text += `,"MsgId":${JSON.stringify(facts.msgId)}`;
  if (revision >= 'G2') text += `,"OnlineOnlyFlag":${online}`;
  text += `,"Operator_Account":${JSON.stringify(facts.operator)},"Random":${facts.random}`;
  if (revision >= 'G4' && facts.topicId) text += `,"TopicId":${JSON.stringify(facts.topicId)}`;
  return `${text},"Type":${JSON.stringify(facts.groupType)}}`;
}
