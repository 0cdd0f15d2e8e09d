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
  readonly msgBody: readonly MsgElement[];
  readonly cloudCustomData?: string;
  readonly msgId?: string;
  readonly at?: readonly GroupAt[];
  /** OpenIM's identifiers; absent in Tencent's dialect. */
  readonly openim?: OpenImIdentity;
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
export interface GroupMessageFacts {
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
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
  readonly msgId?: string;
  readonly at?: readonly GroupAt[];
  readonly serverMsgID: string;
  readonly clientMsgID: string;
  readonly operationID: string;
  readonly senderNickname: string;
  readonly senderFaceUrl: string;
  readonly clientIp: string;
  /** `OptPlatform` as Tencent spells it: `RESTAPI`, `Web`, `Android`, `iOS`, … */
  readonly platform: string;
}
