import type { GroupMessageFacts } from '@confab-im/protocol';
import type { LaneEvent } from '../lanes.ts';
import type { GroupIdentity } from './groups.ts';
import type { MessageContent, Origin } from './log.ts';

/** Where Tencent's internal account numbers begin: 2^57. Ours are added, so that `MsgId` has the documented shape. */
const FIRST_ACCOUNT_NUMBER = 144_115_188_075_855_872n;

/** Place of a message in the log of its group. */
export interface MessagePlace {
  readonly logSeq: number;
  /** 0: it took none. */
  readonly msgSeq: number;
  /** Unix ms. */
  readonly time: number;
}

/** The `webhook-id`: the same on every attempt and replay, and of no other event. */
export function eventId(installId: string, streamId: number, logSeq: number): string {
  return `${installId}-${streamId}-${logSeq}`;
}

/** The event of a sent message. A pure function of what the log holds: each reading gives the same. */
export function messageEvent(
  installId: string,
  group: GroupIdentity,
  place: MessagePlace,
  content: MessageContent,
  origin: Origin,
): LaneEvent {
  const { logSeq, time } = place;
  const traceparent = origin[6];
  return {
    seq: logSeq,
    id: eventId(installId, group.streamId, logSeq),
    app: group.app,
    time,
    message: factsOf(installId, group, place, content, origin),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function factsOf(
  installId: string,
  group: GroupIdentity,
  { logSeq, msgSeq, time }: MessagePlace,
  content: MessageContent,
  [clientIp, platform, operationId, account, nick, faceUrl]: Origin,
): GroupMessageFacts {
  const msgTime = Math.floor(time / 1000);
  return {
    groupId: group.groupId,
    groupType: group.type,
    sender: content.sender,
    operator: content.operator,
    random: content.random,
    msgSeq,
    msgTime,
    eventTime: time,
    onlineOnly: content.extra?.onlineOnly === true,
    msgBodyJson: content.body,
    ...(content.cloudCustomData === null ? {} : { cloudCustomData: content.cloudCustomData }),
    msgId: `${FIRST_ACCOUNT_NUMBER + BigInt(account)}-${msgTime}-${content.random}`,
    ...(content.extra?.at === undefined ? {} : { at: content.extra.at }),
    serverMsgID: `${installId}${hex(group.streamId, 12)}${hex(logSeq, 12)}`,
    clientMsgID: `${installId}${hex(content.random, 8)}${hex(msgTime, 8)}${hex(logSeq % 2 ** 32, 8)}`,
    operationID: operationId,
    senderNickname: nick,
    senderFaceUrl: faceUrl,
    clientIp,
    platform,
  };
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
