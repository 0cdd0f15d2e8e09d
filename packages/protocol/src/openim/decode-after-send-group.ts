import { compileCheck } from '../check.ts';
import type { GroupAt, OpenImIdentity } from '../event.ts';
import type { DecodedGroupMessage } from '../results.ts';
import { OPENIM_AT_ALL, OpenImAfterSendBody } from './after-send-group.ts';
import { decodeOpenImContent } from './content.ts';

const checkBody = compileCheck(OpenImAfterSendBody);

/**
 * Reads the body of any revision from its parsed JSON. What this dialect does not tell: the group type is empty, `random` 0,
 * the operator the sender, and `msgSeq` 0 where the server does not number (openim A.9). Unknown fields are ignored.
 */
export function decodeOpenImAfterSend(value: unknown): DecodedGroupMessage {
  const checked = checkBody(value);
  if (!checked.ok) return { ok: false, problems: checked.problems.map((problem) => problem.message) };
  const body = checked.value;
  const groupId = body.groupID || body.recvID;
  if (!groupId) return { ok: false, problems: ['groupID: is missing, and recvID does not name the group'] };
  return {
    ok: true,
    event: {
      kind: 'group.message.sent',
      groupId,
      groupType: '',
      sender: body.sendID,
      operator: body.sendID,
      random: 0,
      msgSeq: body.seq ?? 0,
      msgTime: Math.floor(body.sendTime / 1000),
      eventTime: body.sendTime,
      onlineOnly: false,
      msgBody: decodeOpenImContent(body.contentType, body.content),
      ...(body.ex && { cloudCustomData: body.ex }),
      ...(body.atUserList?.length && { at: body.atUserList.map(readAt) }),
      openim: openImIdentity(body),
    },
  };
}

function readAt(id: string): GroupAt {
  return id === OPENIM_AT_ALL ? { all: true } : { all: false, userId: id };
}

function openImIdentity(body: OpenImAfterSendBody): OpenImIdentity {
  return {
    serverMsgID: body.serverMsgID,
    clientMsgID: body.clientMsgID ?? '',
    operationID: body.operationID ?? '',
    senderNickname: body.senderNickname ?? '',
    senderPlatformID: body.senderPlatformID ?? 0,
    faceURL: body.faceURL ?? '',
    msgFrom: body.msgFrom ?? 0,
    contentType: body.contentType,
    ex: body.ex ?? '',
    ...(body.recvID !== undefined && { recvID: body.recvID }),
  };
}
