import type { GroupAt, GroupMessageBeforeModify, OpenImIdentity } from '../event.ts';
import { decodeOpenImContent } from './content.ts';
import { OPENIM_AT_ALL, type OpenImMessageFields } from './message-fields.ts';

/**
 * What every message event tells. What this dialect does not tell: `random` is 0, the operator the sender. Unknown fields are
 * ignored.
 */
export function readOpenImMessage(
  body: OpenImMessageFields & { readonly recvID?: string },
): Omit<GroupMessageBeforeModify, 'kind'> {
  return {
    sender: body.sendID,
    operator: body.sendID,
    random: 0,
    eventTime: body.sendTime,
    onlineOnly: false,
    msgBody: decodeOpenImContent(body.contentType, body.content),
    ...(body.ex && { cloudCustomData: body.ex }),
    ...(body.atUserList?.length && { at: body.atUserList.map(readOpenImAt) }),
    openim: identityOf(body),
  };
}

export function readOpenImAt(id: string): GroupAt {
  return id === OPENIM_AT_ALL ? { all: true } : { all: false, userId: id };
}

function identityOf(body: OpenImMessageFields & { readonly recvID?: string }): OpenImIdentity {
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
