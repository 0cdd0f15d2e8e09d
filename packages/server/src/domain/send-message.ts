import type { GroupAt, MsgPriority } from '@confab-im/protocol';
import type { Group, Member } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';

/** The part of a send that rules look at (tencent-rest-message C2.1). */
export interface SendRequest {
  readonly sender: string;
  readonly senderIsAdmin: boolean;
  readonly onlineOnly: boolean;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
  readonly at?: readonly GroupAt[];
  readonly to?: readonly string[];
  readonly noUnread: boolean;
  readonly needReadReceipt: boolean;
  readonly supportMessageExtension: boolean;
}

/** What the store knows when a message is to be sent. Times in unix seconds. */
export interface SendState {
  readonly group: Group;
  /** The topic it goes to, and until when the sender is muted there. */
  readonly topic?: { readonly group: Group; readonly muteUntil: number };
  readonly senderExists: boolean;
  /** The sender's row, when he is a member. */
  readonly member?: Pick<Member, 'role' | 'muteUntil'>;
  /** The sender is muted everywhere until then. */
  readonly mutedEverywhereUntil: number;
  /** Unix seconds; 0 = not banned. */
  readonly bannedUntil: number;
  /** Targets of `To_Account` that are no members. */
  readonly strangers: readonly string[];
  readonly nowSeconds: number;
}

/** May this message be sent, duplicates and frequency aside? The order of checks is that of C2.1. */
export function sendRefusal(request: SendRequest, state: SendState): Refusal | undefined {
  const { group } = state;
  if (!state.senderExists) {
    return refuse(
      'ACCOUNT_NOT_FOUND',
      `From_Account "${request.sender}" does not exist; import the account first`,
    );
  }
  return typeRefusal(request, state) ?? muteRefusal(request, state, group);
}

function typeRefusal(request: SendRequest, state: SendState): Refusal | undefined {
  const { type } = state.group;
  const traits = GROUP_TYPE_TRAITS[type];
  if (request.noUnread && !traits.unreadCounted) {
    return refuse(
      'INVALID_PARAMETERS',
      `SendMsgControl NoUnread: a group of type ${type} counts no unread messages`,
    );
  }
  if (request.to !== undefined && !traits.targetedMessages) {
    return refuse('PERMISSION_DENIED', `To_Account: a group of type ${type} has no targeted messages`);
  }
  if (request.needReadReceipt && !traits.readReceipts) {
    return refuse('PERMISSION_DENIED', `NeedReadReceipt: a group of type ${type} has no read receipts`);
  }
  if (request.supportMessageExtension && !traits.messageExtensions) {
    return refuse('PERMISSION_DENIED', `SupportMessageExtension: a group of type ${type} has none`);
  }
  const stranger = state.strangers[0];
  if (stranger !== undefined) {
    return refuse(
      'INVALID_PARAMETERS',
      `To_Account: "${stranger}" is not a member of "${state.group.groupId}"`,
    );
  }
  if (!traits.atAll && request.at?.some((entry) => entry.all) === true) {
    return refuse('INVALID_PARAMETERS', `GroupAtInfo: a group of type ${type} has no @all`);
  }
  return undefined;
}

function muteRefusal(request: SendRequest, state: SendState, group: Group): Refusal | undefined {
  if (request.senderIsAdmin) return undefined;
  if (state.mutedEverywhereUntil > state.nowSeconds) {
    return refuse('MUTED', `"${request.sender}" is muted in all groups (setnospeaking)`);
  }
  if (state.bannedUntil > state.nowSeconds) {
    return refuse('PERMISSION_DENIED', `"${request.sender}" is banned from group "${group.groupId}"`);
  }
  const role = state.member?.role ?? 'Member';
  const { topic } = state;
  if (topic !== undefined && role === 'Member' && topic.group.muteAll) {
    return refuse('MUTED', `everybody in topic "${topic.group.topicId}" is muted but owner and admins`);
  }
  if (topic !== undefined && topic.muteUntil > state.nowSeconds) {
    return refuse('MUTED', `"${request.sender}" is muted in topic "${topic.group.topicId}"`);
  }
  if (group.muteAll && role === 'Member') {
    return refuse('MUTED', `everybody in group "${group.groupId}" is muted but its owner and admins`);
  }
  if ((state.member?.muteUntil ?? 0) > state.nowSeconds) {
    return refuse('MUTED', `"${request.sender}" is muted in group "${group.groupId}"`);
  }
  return undefined;
}

/** Does the message fit (80002)? Counts UTF-8 bytes of the body and of the custom data (tencent-rest A.6). */
export function sizeRefusal(
  request: Pick<SendRequest, 'msgBodyJson' | 'cloudCustomData'>,
  rules: Pick<Rules, 'messageBytes'>,
): Refusal | undefined {
  const bytes = Buffer.byteLength(request.msgBodyJson) + Buffer.byteLength(request.cloudCustomData ?? '');
  return bytes <= rules.messageBytes
    ? undefined
    : refuse('BODY_TOO_LONG', `the message has ${bytes} bytes, the limit is ${rules.messageBytes}`);
}

/** How a message is numbered and kept (design, invariant 2). */
export interface Placement {
  /** It gets a row in the history. */
  readonly stored: boolean;
  /** It takes a `MsgSeq`; otherwise it carries 0. */
  readonly numbered: boolean;
  /** What `OnlineOnlyFlag` says on the wire: always false in an AVChatRoom. */
  readonly onlineOnly: boolean;
}

export function placeMessage(group: Group, onlineOnlyAsked: boolean): Placement {
  const traits = GROUP_TYPE_TRAITS[group.type];
  const onlineOnly = onlineOnlyAsked && traits.onlineOnlyMessages;
  return { stored: traits.historyStored && !onlineOnly, numbered: !onlineOnly, onlineOnly };
}

const RANK: Readonly<Record<MsgPriority, number>> = { High: 0, Normal: 1, Low: 2, Lowest: 3 };

export function outranks(a: MsgPriority, b: MsgPriority): boolean {
  return RANK[a] < RANK[b];
}

/**
 * May one more message pass in this second? The cap counts first, then the priority: `higherWaiting` messages of the
 * same batch that outrank this one are let through before it (tencent-rest A.5).
 */
export function withinFrequency(limit: number, sentThisSecond: number, higherWaiting: number): boolean {
  return limit === 0 || sentThisSecond + higherWaiting < limit;
}
