/**
 * The neutral event: what happened, in Confab's own words. Dialects turn it into wire objects and back.
 * Wire spelling stays in the dialect modules; nothing here is sent as it is.
 */

/** One element of a message, wire spelling kept: it is stored and passed on unchanged. */
export interface MsgElement {
  readonly MsgType: string;
  readonly MsgContent: { readonly [key: string]: unknown };
}

/** Group types as the wire spells them; `Work` and `Meeting` are request-side names for `Private` and `ChatRoom`. */
export const GROUP_TYPES = ['Private', 'Public', 'ChatRoom', 'AVChatRoom', 'Community'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

export const MSG_PRIORITIES = ['High', 'Normal', 'Low', 'Lowest'] as const;
export type MsgPriority = (typeof MSG_PRIORITIES)[number];

/** One entry of `GroupAtInfo`: everybody, or one member. */
export interface GroupAt {
  readonly all: boolean;
  readonly userId?: string;
}

/** A group message that has been sent, as a receiver reads it. Times: `msgTime` in unix seconds, `eventTime` in unix milliseconds. */
export interface GroupMessageSent {
  readonly kind: 'group.message.sent';
  readonly groupId: string;
  readonly topicId?: string;
  readonly groupType: string;
  readonly sender: string;
  /** Who made the request; differs from `sender` when an admin sends for a user. */
  readonly operator: string;
  /** 32-bit unsigned. */
  readonly random: number;
  /** 0 for an online-only message outside an AVChatRoom. */
  readonly msgSeq: number;
  readonly msgTime: number;
  readonly eventTime?: number;
  readonly onlineOnly: boolean;
  /** Confab's own dialect only; the others do not tell it. */
  readonly priority?: MsgPriority;
  readonly msgBody: readonly MsgElement[];
  readonly cloudCustomData?: string;
  readonly msgId?: string;
  readonly at?: readonly GroupAt[];
  /** OpenIM's identifiers; absent in the other dialects. */
  readonly openim?: OpenImIdentity;
  /** What Confab's own dialect tells besides; absent in the other dialects. */
  readonly origin?: MessageOrigin;
}

/** Who sent a message from where, and the identifiers it has in OpenIM's dialect. */
export interface MessageOrigin {
  readonly serverMsgId: string;
  readonly clientMsgId: string;
  readonly operationId: string;
  readonly senderNickname: string;
  readonly senderFaceUrl: string;
  readonly clientIp: string;
  /** `OptPlatform` as Tencent spells it. */
  readonly platform: string;
}

/** The request that an event came from, as encoders need it. */
export interface EventOrigin {
  readonly clientIp: string;
  /** `OptPlatform` as Tencent spells it: `RESTAPI`, `Web`, `Android`, `iOS`, … */
  readonly platform: string;
  readonly operationID: string;
}

/** An event was skipped: its number in the lane is accounted for, its content is not coming. Confab's own dialect only. */
export interface Tombstone {
  readonly kind: 'tombstone';
  readonly groupId: string;
  readonly topicId?: string;
  readonly groupType: string;
  /** Type of the skipped event, such as `group.message.sent`. */
  readonly skipped: string;
  /** Why, for people. */
  readonly reason: string;
  /** The skipped message's number in the group; 0 when it has none. */
  readonly msgSeq: number;
  /** Unix milliseconds of the skipped event. */
  readonly eventTime: number;
}

/**
 * A group message about to be sent, as an app backend that is asked first reads it: it has no number and no time of sending yet.
 * Sources: tencent-webhooks C.1, openim A.9.
 */
export interface GroupMessageBeforeSend extends Omit<GroupMessageSent, 'kind' | 'msgSeq' | 'msgTime'> {
  readonly kind: 'group.message.before-send';
}

/** The same at OpenIM's modify step, which does not tell the group. Source: openim A.9. */
export interface GroupMessageBeforeModify
  extends Omit<GroupMessageBeforeSend, 'kind' | 'groupId' | 'topicId' | 'groupType'> {
  readonly kind: 'group.message.before-modify';
}

export interface OpenImIdentity {
  readonly serverMsgID: string;
  readonly clientMsgID: string;
  readonly operationID: string;
  readonly senderNickname: string;
  readonly senderPlatformID: number;
  readonly faceURL: string;
  readonly msgFrom: number;
  readonly contentType: number;
  readonly ex: string;
  /** `recvID` of the documentation page's shape. */
  readonly recvID?: string;
}

/**
 * The facts an encoder needs to write a `GroupMessageSent` in any dialect. `msgBodyJson` is canonical JSON text
 * (`canonicalJson` of the elements), so that every attempt and every replay sends the same bytes.
 */
export interface GroupMessageFacts extends EventOrigin {
  readonly groupId: string;
  readonly topicId?: string;
  readonly groupType: string;
  readonly sender: string;
  readonly operator: string;
  readonly random: number;
  readonly msgSeq: number;
  readonly msgTime: number;
  readonly eventTime: number;
  readonly onlineOnly: boolean;
  readonly priority?: MsgPriority;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
  readonly msgId?: string;
  readonly at?: readonly GroupAt[];
  readonly serverMsgID: string;
  readonly clientMsgID: string;
  readonly senderNickname: string;
  readonly senderFaceUrl: string;
}

/** The facts of a message that is about to be sent; `eventTime` is when the question is asked. */
export type PendingMessageFacts = Omit<GroupMessageFacts, 'msgSeq' | 'msgTime'>;
