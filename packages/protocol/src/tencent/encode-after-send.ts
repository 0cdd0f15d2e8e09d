import type { GroupAt, GroupMessageFacts } from '../event.ts';
import { TENCENT_AFTER_SEND, type TencentRevision } from './after-send.ts';

const COMMAND = JSON.stringify(TENCENT_AFTER_SEND);

/**
 * The body for one generation: compact JSON, keys in ASCII order at every level as in real traffic (tencent-webhooks A.10),
 * fields as C.2 lists them, optional ones left out when they have no value, EventTime a number (F-1), no MsgPriority.
 * A pure function of its arguments: every attempt and every replay sends the same bytes. Written by hand because it runs for
 * each message and endpoint and the stored `msgBodyJson` goes in as it is.
 */
export function encodeTencentAfterSend(facts: GroupMessageFacts, revision: TencentRevision): string {
  const online = facts.onlineOnly && facts.groupType !== 'AVChatRoom' ? 1 : 0;
  let text = `{"CallbackCommand":${COMMAND}`;
  if (revision >= 'G3' && facts.cloudCustomData) {
    text += `,"CloudCustomData":${JSON.stringify(facts.cloudCustomData)}`;
  }
  if (revision >= 'G4') text += `,"EventTime":${facts.eventTime}`;
  text += `,"From_Account":${JSON.stringify(facts.sender)}`;
  if (revision >= 'G5' && facts.at?.length) text += `,"GroupAtInfo":${atInfo(facts.at)}`;
  text += `,"GroupId":${JSON.stringify(facts.groupId)},"MsgBody":${facts.msgBodyJson}`;
  if (revision >= 'G5' && facts.msgId) text += `,"MsgId":${JSON.stringify(facts.msgId)}`;
  text += `,"MsgSeq":${facts.msgSeq},"MsgTime":${facts.msgTime}`;
  if (revision >= 'G2') text += `,"OnlineOnlyFlag":${online}`;
  text += `,"Operator_Account":${JSON.stringify(facts.operator)},"Random":${facts.random}`;
  if (revision >= 'G4' && facts.topicId) text += `,"TopicId":${JSON.stringify(facts.topicId)}`;
  return `${text},"Type":${JSON.stringify(facts.groupType)}}`;
}

function atInfo(at: readonly GroupAt[]): string {
  return JSON.stringify(
    at.map(({ all, userId }) =>
      all ? { GroupAtAllFlag: 1 } : { GroupAtAllFlag: 0, GroupAt_Account: userId },
    ),
  );
}
