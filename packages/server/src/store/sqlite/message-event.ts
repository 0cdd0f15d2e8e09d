import type { EventFacts, GroupChange, SentMessageFacts } from '@confab-im/protocol';
import type { LaneEvent } from '../lanes.ts';
import type { GroupIdentity } from './groups.ts';
import type { MessageContent, Origin } from './log.ts';

/** Where Tencent's internal account numbers begin: 2^57. Ours are added, so that `MsgId` has the documented shape. */
const FIRST_ACCOUNT_NUMBER = 144_115_188_075_855_872n;

/** Place of an event in the log of its group. */
export interface EventPlace {
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
  place: EventPlace,
  content: MessageContent,
  origin: Origin,
): LaneEvent {
  return laneEvent(
    installId,
    group,
    place,
    origin[6],
    messageFacts(installId, group, place, content, origin),
  );
}

/** The event of anything else that happened; `facts` are those of its kind, as the log keeps them. As pure. */
export function changeEvent(
  installId: string,
  group: GroupIdentity,
  { logSeq, time }: Pick<EventPlace, 'logSeq' | 'time'>,
  kind: GroupChange['kind'],
  facts: object,
  origin: Origin | undefined,
): LaneEvent {
  const [clientIp = '', platform = 'RESTAPI', operationID = ''] = origin ?? [];
  const { groupId, topicId } = group;
  const ids = topicId === undefined ? { groupId } : { groupId, topicId };
  const place = { ...ids, groupType: group.type, eventTime: time, msgSeq: 0 } as const;
  const change = { ...facts, kind, ...place, clientIp, platform, operationID } as GroupChange;
  return laneEvent(installId, group, { logSeq, msgSeq: 0, time }, origin?.[6], change);
}

function laneEvent(
  installId: string,
  { app, streamId }: GroupIdentity,
  { logSeq, time }: EventPlace,
  traceparent: string | undefined,
  facts: EventFacts,
): LaneEvent {
  const event = { seq: logSeq, id: eventId(installId, streamId, logSeq), app, time, facts };
  return traceparent === undefined ? event : { ...event, traceparent };
}

function messageFacts(
  installId: string,
  group: GroupIdentity,
  { logSeq, msgSeq, time }: EventPlace,
  content: MessageContent,
  [clientIp, platform, operationId, account, nick, faceUrl]: Origin,
): SentMessageFacts {
  const msgTime = Math.floor(time / 1000);
  return {
    kind: 'group.message.sent',
    groupId: group.groupId,
    ...(group.topicId === undefined ? {} : { topicId: group.topicId }),
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
