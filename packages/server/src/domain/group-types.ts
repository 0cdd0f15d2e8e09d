import type { GroupType } from '@confab-im/protocol';

/** What a group type can do: tencent-rest-types-errors E.2, as data. Code asks here, never for a type by name. */
export interface GroupTypeTraits {
  /** Members have rows: everywhere but in AVChatRoom. */
  readonly membersStored: boolean;
  /** Messages go to history and take part in `group_msg_get_simple`. */
  readonly historyStored: boolean;
  readonly adminsAllowed: boolean;
  /** `ApplyJoinOption` can be set; otherwise `fixedApplyJoinOption` holds. */
  readonly applyJoinOptionUsable: boolean;
  readonly fixedApplyJoinOption: 'DisableApply' | 'FreeAccess';
  /** The owner may leave; the group then has no owner. */
  readonly ownerMayLeave: boolean;
  readonly memberMute: boolean;
  /** Joining and leaving leave a stored tip, which takes a `MsgSeq`. */
  readonly joinTipStored: boolean;
  readonly unreadCounted: boolean;
  /** `To_Account`: messages for some members only. */
  readonly targetedMessages: boolean;
  readonly atAll: boolean;
  /** `OnlineOnlyFlag` means something; in AVChatRoom every message is online-only anyway. */
  readonly onlineOnlyMessages: boolean;
  /** Invisible and without tips until the first message. */
  readonly activatedByFirstMessage: boolean;
  /** Group ids of this type begin so, custom ones included. */
  readonly idPrefix: string;
}

const ORDINARY: GroupTypeTraits = {
  membersStored: true,
  historyStored: true,
  adminsAllowed: true,
  applyJoinOptionUsable: true,
  fixedApplyJoinOption: 'FreeAccess',
  ownerMayLeave: false,
  memberMute: true,
  joinTipStored: true,
  unreadCounted: true,
  targetedMessages: true,
  atAll: true,
  onlineOnlyMessages: true,
  activatedByFirstMessage: false,
  idPrefix: '',
};

export const GROUP_TYPE_TRAITS: Readonly<Record<GroupType, GroupTypeTraits>> = {
  Private: {
    ...ORDINARY,
    adminsAllowed: false,
    applyJoinOptionUsable: false,
    fixedApplyJoinOption: 'DisableApply',
    ownerMayLeave: true,
    memberMute: false,
    activatedByFirstMessage: true,
  },
  Public: ORDINARY,
  ChatRoom: { ...ORDINARY, joinTipStored: false, unreadCounted: false },
  AVChatRoom: {
    ...ORDINARY,
    membersStored: false,
    historyStored: false,
    adminsAllowed: false,
    joinTipStored: false,
    unreadCounted: false,
    targetedMessages: false,
    atAll: false,
    onlineOnlyMessages: false,
  },
  Community: {
    ...ORDINARY,
    applyJoinOptionUsable: false,
    targetedMessages: false,
    idPrefix: '@TGS#_',
  },
};
