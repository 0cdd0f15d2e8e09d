import type { GroupAt, GroupMessageFacts } from '../event.ts';
import {
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_AT_ALL,
  OPENIM_GROUP_SESSION,
  type OpenImRevision,
} from './after-send-group.ts';
import { encodeOpenImContent } from './content.ts';
import { goEscapes } from './go-json.ts';
import { openImPlatformId } from './platform.ts';

const FROM_USER = 100;
const FROM_SYSTEM = 200;

/**
 * The body for one revision: one JSON object in the field order of openim A.9 with Go's escapes and a newline (A.3). `seq` is
 * the true number, 0 in `3.8`; `page` has the group in `recvID` too (A.12). Times are the event's, in milliseconds. `ex`
 * carries CloudCustomData. A pure function of its arguments: every attempt and every replay sends the same bytes.
 */
export function encodeOpenImAfterSend(facts: GroupMessageFacts, revision: OpenImRevision): string {
  const byRest = facts.platform === 'RESTAPI';
  const mentioned = mentionedIds(facts.at ?? []);
  const { contentType, content } = encodeOpenImContent(facts.msgBodyJson, mentioned);
  const body = {
    sendID: facts.sender,
    callbackCommand: OPENIM_AFTER_SEND_GROUP,
    serverMsgID: facts.serverMsgID,
    clientMsgID: facts.clientMsgID,
    operationID: facts.operationID,
    senderPlatformID: openImPlatformId(facts.platform),
    senderNickname: facts.senderNickname,
    sessionType: OPENIM_GROUP_SESSION,
    msgFrom: byRest || facts.operator !== facts.sender ? FROM_SYSTEM : FROM_USER,
    contentType,
    status: byRest ? 0 : 1,
    sendTime: facts.eventTime,
    createTime: facts.eventTime,
    content,
    seq: revision === '3.8' ? 0 : facts.msgSeq,
    atUserList: mentioned.length > 0 ? mentioned : null,
    faceURL: facts.senderFaceUrl,
    ex: facts.cloudCustomData ?? '',
    groupID: facts.groupId,
    ...(revision === 'page' && { recvID: facts.groupId }),
  };
  return `${goEscapes(JSON.stringify(body))}\n`;
}

function mentionedIds(at: readonly GroupAt[]): string[] {
  return at.flatMap(({ all, userId }) => {
    if (all) return [OPENIM_AT_ALL];
    return userId === undefined ? [] : [userId];
  });
}
