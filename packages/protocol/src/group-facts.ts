import type { EventOrigin, GroupMessageFacts } from './event.ts';

/**
 * What can happen to a group besides a message being sent, by kind, with the facts of each: as the log keeps them (JSON, in `payload`)
 * and as every dialect's encoder finds them. Each kind has a webhook (tencent-webhooks C). Accounts are UserIDs, times unix milliseconds.
 */
export interface GroupFacts {
  /** `members`: those the request named, without the owner. */
  readonly 'group.created': ByOperator & {
    /** Empty: no owner. */
    readonly owner: string;
    readonly name: string;
    readonly members: readonly string[];
    readonly admins?: readonly string[];
    readonly introduction?: string;
    readonly notification?: string;
    readonly faceUrl?: string;
    readonly applyJoinOption?: string;
    readonly customData?: readonly CustomField[];
  };
  /** `members` at the time; absent for a Community, for a type that keeps no list, and beyond 6,000 of them. */
  readonly 'group.destroyed': ByOperator & {
    readonly owner: string;
    readonly name: string;
    readonly members?: readonly string[];
  };
  /** `Apply`: they asked to join, and the operator is the new member. */
  readonly 'group.members.joined': ByOperator & {
    readonly joinType: 'Apply' | 'Invited';
    readonly members: readonly string[];
    readonly reason?: string;
  };
  /** `Quit`: they left, and the operator is the one who left. */
  readonly 'group.members.left': ByOperator & {
    readonly exitType: 'Kicked' | 'Quit';
    readonly members: readonly string[];
    readonly reason?: string;
  };
  /** A join made the group full, or failed because it is. */
  readonly 'group.full': { readonly memberNum: number; readonly maxMemberNum: number };
  /** Only what has changed; a change of none of these is no event. */
  readonly 'group.info.changed': ByOperator & Profile & { readonly customData?: readonly CustomField[] };
  readonly 'group.owner.changed': ByOperator & { readonly oldOwner: string; readonly newOwner: string };
  /** Of one member; only what has changed. */
  readonly 'group.member.changed': ByOperator & {
    readonly member: string;
    readonly role?: 'Admin' | 'Member';
    readonly nameCard?: string;
  };
  /** `set` replaced all of them, `clear` removed all: then `attributes` is empty. For `delete` the values are empty. */
  readonly 'group.attributes.changed': ByOperator & {
    readonly option: 'set' | 'modify' | 'clear' | 'delete';
    readonly attributes: readonly { readonly key: string; readonly value: string }[];
  };
  readonly 'group.message.recalled': ByOperator &
    InTopic & { readonly msgSeqs: readonly number[]; readonly reason?: string };
  /** A message was refused. `msgBodyJson` is canonical JSON text. */
  readonly 'group.message.exception': ByOperator &
    InTopic & {
      readonly sender: string;
      readonly random: number;
      readonly onlineOnly: boolean;
      readonly msgBodyJson: string;
      readonly cloudCustomData?: string;
      readonly errorCode: number;
      readonly errorInfo: string;
    };
  /** A message that asks for receipts was sent, or members have acknowledged some: `readers` are those of this report. */
  readonly 'group.message.receipts': InTopic & { readonly receipts: readonly Receipt[] };
  /** AVChatRoom only. */
  readonly 'group.members.presence': {
    readonly state: 'Online' | 'Offline';
    readonly cause: 'HeartbeatInterrupt' | 'HeartbeatRecover' | 'Join' | 'Quit';
    readonly members: readonly string[];
  };
  /** `owner` of the community. */
  readonly 'group.topic.created': ByOperator & {
    readonly topicId: string;
    readonly owner: string;
    readonly name: string;
    readonly customData?: readonly CustomField[];
  };
  readonly 'group.topics.destroyed': ByOperator & { readonly topicIds: readonly string[] };
  /** Only what has changed. */
  readonly 'group.topic.changed': ByOperator &
    Profile & { readonly topicId: string; readonly customData?: readonly CustomField[] };
}

/** Kinds of what happens to a group, other than a message being sent. */
export type GroupChangeKind = keyof GroupFacts;

/** Kept in the log for history's and explain's sake; no dialect has a webhook for them. */
export interface QuietFacts {
  /** `until` as of a mute. */
  readonly 'group.members.banned': ByOperator & {
    readonly members: readonly string[];
    readonly until: number;
    readonly description?: string;
  };
  /** `until` in unix seconds; 0 ends the mute, 4294967295 is for ever. */
  readonly 'group.members.muted': ByOperator & {
    readonly members: readonly string[];
    readonly until: number;
  };
  /** What the history shows of the message from then on. */
  readonly 'group.message.modified': ByOperator & {
    readonly msgSeq: number;
    readonly msgBodyJson: string;
    readonly cloudCustomData?: string;
  };
  /** Told to who is online; `to` absent: to everybody. */
  readonly 'group.notification.sent': ByOperator & {
    readonly content: string;
    readonly to?: readonly string[];
  };
  /** All that one user had sent lately was recalled, and nobody is told. */
  readonly 'group.messages.removed': ByOperator & {
    readonly sender: string;
    readonly msgSeqs: readonly number[];
  };
}

interface ByOperator {
  /** UserID that made the request. */
  readonly operator: string;
}

interface InTopic {
  readonly topicId?: string;
}

interface Profile {
  readonly name?: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
}

export interface CustomField {
  readonly Key: string;
  readonly Value: string;
}

export interface Receipt {
  readonly msgSeq: number;
  readonly readNum: number;
  readonly unreadNum: number;
  readonly readers: readonly string[];
}

/** Where a change happened, when, and from where it was asked for: what every encoder may need besides its facts. */
export interface GroupChangePlace extends EventOrigin {
  readonly groupId: string;
  readonly topicId?: string;
  readonly groupType: string;
  readonly eventTime: number;
  /** A change takes no number of the group's messages. */
  readonly msgSeq: 0;
}

/** All that is known of a change of this kind. Distributes: of a union of kinds it is the union told apart by `kind`. */
export type GroupChange<Kind extends GroupChangeKind = GroupChangeKind> = {
  readonly [K in Kind]: GroupChangePlace & GroupFacts[K] & { readonly kind: K };
}[Kind];

/** All that is known of a sent message, told apart from changes by its kind. */
export interface SentMessageFacts extends GroupMessageFacts {
  readonly kind: 'group.message.sent';
}

/** What encoders are given: every event that a webhook can tell of, by `kind`. */
export type EventFacts = SentMessageFacts | GroupChange;

/** Every kind of change, in the order of the wire's own list (tencent-webhooks C). */
export const GROUP_CHANGE_KINDS: readonly GroupChangeKind[] = [
  'group.message.exception',
  'group.message.recalled',
  'group.message.receipts',
  'group.created',
  'group.members.joined',
  'group.members.left',
  'group.full',
  'group.destroyed',
  'group.info.changed',
  'group.members.presence',
  'group.topic.created',
  'group.topics.destroyed',
  'group.topic.changed',
  'group.member.changed',
  'group.attributes.changed',
  'group.owner.changed',
];
