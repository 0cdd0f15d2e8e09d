import type { GroupAt, PendingMessageFacts } from '../event.ts';
import { encodeOpenImContent, type OpenImContent } from './content.ts';
import { goEscapes } from './go-json.ts';
import { OPENIM_AT_ALL, OPENIM_GROUP_SESSION } from './message-fields.ts';
import { openImPlatformId } from './platform.ts';

const FROM_USER = 100;
const FROM_SYSTEM = 200;

/** The fields of a message event in the order of openim A.9. Times are the event's, in milliseconds; `ex` carries CloudCustomData. */
export function openImMessage(facts: PendingMessageFacts, command: string, seq: number): object {
  const byRest = facts.platform === 'RESTAPI';
  const mentioned = mentionedIds(facts.at ?? []);
  const { contentType, content } = openImContentOf(facts);
  return {
    sendID: facts.sender,
    callbackCommand: command,
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
    seq,
    atUserList: mentioned.length > 0 ? mentioned : null,
    faceURL: facts.senderFaceUrl,
    ex: facts.cloudCustomData ?? '',
  };
}

/** What stands in `contentType` and `content` of the message's events. */
export function openImContentOf(facts: Pick<PendingMessageFacts, 'msgBodyJson' | 'at'>): OpenImContent {
  return encodeOpenImContent(facts.msgBodyJson, mentionedIds(facts.at ?? []));
}

/** One JSON object with Go's escapes and a newline. Source: openim A.3. */
export function openImBody(fields: object): string {
  return `${goEscapes(JSON.stringify(fields))}\n`;
}

function mentionedIds(at: readonly GroupAt[]): string[] {
  return at.flatMap(({ all, userId }) => {
    if (all) return [OPENIM_AT_ALL];
    return userId === undefined ? [] : [userId];
  });
}
