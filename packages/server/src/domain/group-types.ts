import { GROUP_TYPES, type GroupType } from '@confab-im/protocol';
import type { ApplyJoinOption, Role } from './group.ts';

/** Lowest role that may do something; `null`: nobody but an app admin, who may do everything in every group. */
export type Right = Role | null;

/** What becomes of a notice of the system: it takes a `MsgSeq` and stays in history, it is told to who is online, or there is none. */
export type Tip = 'stored' | 'pushed' | 'none';

/**
 * What a group type can do: the matrix of tencent-rest-types-errors E.2 as data. Code asks here, never for a type by name;
 * docs/group-types.md is made from it.
 */
export interface GroupTypeTraits {
  /** What the product and newer requests call it; the wire answers with the key of this table (tencent-rest G.1 no. 25). */
  readonly newerName: string;
  /** Group ids of this type begin so, custom ones included. */
  readonly idPrefix: string;

  /** Members have rows: everywhere but in AVChatRoom. With them go profiles, name cards and adding by REST. */
  readonly membersStored: boolean;
  readonly adminsAllowed: boolean;
  /** Name, introduction, notice and avatar. */
  readonly editProfile: Right;
  /** The other fields of the profile. */
  readonly editSettings: Right;
  /** Removing others; an admin removes ordinary members only. */
  readonly kick: Right;
  /** Muting one member; an admin mutes ordinary members only. `null` with `memberMute` false: nobody at all. */
  readonly mute: Right;
  readonly memberMute: boolean;
  readonly disband: Right;
  /** The owner may leave; the group then has no owner. */
  readonly ownerMayLeave: boolean;
  /** Users can be banned: they may not send, nor come back, until the ban ends. */
  readonly banList: boolean;

  /** `ApplyJoinOption` can be set; otherwise `fixedApplyJoinOption` holds. */
  readonly applyJoinOptionUsable: boolean;
  readonly fixedApplyJoinOption: Exclude<ApplyJoinOption, 'NeedPermission'>;
  /** `InviteJoinOption` can be set. */
  readonly inviteJoinOptionUsable: boolean;
  /** A member may bring in others, without their consent, as long as `InviteJoinOption` does not say otherwise. */
  readonly membersInvite: boolean;

  /** Messages go to history and take part in `group_msg_get_simple`. */
  readonly historyStored: boolean;
  /** Who joins sees what was sent before, unless `HistoryMsgBeforeJoin` of the group says otherwise (tencent-rest G.1 no. 33). */
  readonly historyBeforeJoin: boolean;
  /** `HistoryMsgBeforeJoin` can be set. */
  readonly historyBeforeJoinUsable: boolean;
  readonly unreadCounted: boolean;
  /** Members who are offline are pushed, as long as their `MsgFlag` does not say otherwise. */
  readonly offlinePush: boolean;
  readonly readReceipts: boolean;
  readonly messageExtensions: boolean;
  readonly recall: boolean;
  /** `To_Account`: messages for some members only. */
  readonly targetedMessages: boolean;
  readonly atAll: boolean;
  /** `OnlineOnlyFlag` means something; in AVChatRoom every message is online-only anyway. */
  readonly onlineOnlyMessages: boolean;
  /** Invisible and without tips until the first message. */
  readonly activatedByFirstMessage: boolean;

  readonly joinTip: Tip;
  /** Changes of name, notice, introduction, avatar and owner. */
  readonly profileTip: Tip;
  /** Mutes of single members, and who becomes an admin or is one no longer. */
  readonly memberTip: Tip;

  /** Groups, their members and their messages can be imported. */
  readonly importable: boolean;
  readonly attributes: boolean;
  readonly counters: boolean;
  /** Topics, in groups made with `SupportTopic`. */
  readonly topics: boolean;
  /** Broadcast, online count, online list and marks. */
  readonly live: boolean;
}

const ORDINARY: GroupTypeTraits = {
  newerName: 'Public',
  idPrefix: '',
  membersStored: true,
  adminsAllowed: true,
  editProfile: 'Admin',
  editSettings: 'Admin',
  kick: 'Admin',
  mute: 'Admin',
  memberMute: true,
  disband: 'Owner',
  ownerMayLeave: false,
  banList: false,
  applyJoinOptionUsable: true,
  fixedApplyJoinOption: 'FreeAccess',
  inviteJoinOptionUsable: true,
  membersInvite: false,
  historyStored: true,
  historyBeforeJoin: false,
  historyBeforeJoinUsable: true,
  unreadCounted: true,
  offlinePush: true,
  readReceipts: true,
  messageExtensions: true,
  recall: true,
  targetedMessages: true,
  atAll: true,
  onlineOnlyMessages: true,
  activatedByFirstMessage: false,
  joinTip: 'stored',
  profileTip: 'stored',
  memberTip: 'stored',
  importable: true,
  attributes: true,
  counters: true,
  topics: false,
  live: false,
};

export const GROUP_TYPE_TRAITS: Readonly<Record<GroupType, GroupTypeTraits>> = {
  Private: {
    ...ORDINARY,
    newerName: 'Work',
    adminsAllowed: false,
    editProfile: 'Member',
    editSettings: 'Owner',
    kick: 'Owner',
    mute: null,
    memberMute: false,
    disband: null,
    ownerMayLeave: true,
    applyJoinOptionUsable: false,
    fixedApplyJoinOption: 'DisableApply',
    membersInvite: true,
    activatedByFirstMessage: true,
  },
  Public: ORDINARY,
  ChatRoom: {
    ...ORDINARY,
    newerName: 'Meeting',
    editProfile: 'Owner',
    editSettings: 'Owner',
    unreadCounted: false,
    offlinePush: false,
    joinTip: 'none',
    memberTip: 'none',
  },
  AVChatRoom: {
    ...ORDINARY,
    newerName: 'AVChatRoom',
    membersStored: false,
    adminsAllowed: false,
    editProfile: 'Owner',
    editSettings: 'Owner',
    kick: null,
    mute: 'Owner',
    banList: true,
    inviteJoinOptionUsable: false,
    historyStored: false,
    historyBeforeJoinUsable: false,
    unreadCounted: false,
    offlinePush: false,
    readReceipts: false,
    messageExtensions: false,
    recall: false,
    targetedMessages: false,
    atAll: false,
    onlineOnlyMessages: false,
    joinTip: 'pushed',
    profileTip: 'pushed',
    memberTip: 'none',
    importable: false,
    live: true,
  },
  Community: {
    ...ORDINARY,
    newerName: 'Community',
    idPrefix: '@TGS#_',
    applyJoinOptionUsable: false,
    membersInvite: true,
    historyBeforeJoin: true,
    historyBeforeJoinUsable: false,
    readReceipts: false,
    messageExtensions: false,
    targetedMessages: false,
    counters: false,
    topics: true,
  },
};

const NAMES: ReadonlyMap<string, GroupType> = new Map(
  GROUP_TYPES.map((type): [string, GroupType] => [type, type]),
);

/**
 * A type as a database tells it, by the very string that is the key of the table. A driver makes a new one of each row, and V8 throws
 * optimised code away, and makes the same again, for each lookup by a string that is equal and not the same.
 */
export function storedType(type: string): GroupType {
  return NAMES.get(type) ?? (type as GroupType);
}

/** `chosen`: what the group says itself; `null`: nothing. */
export function seesHistoryBefore(type: GroupType, chosen: boolean | null): boolean {
  return chosen ?? GROUP_TYPE_TRAITS[type].historyBeforeJoin;
}
