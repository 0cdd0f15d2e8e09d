import type { GroupType } from '@confab-im/protocol';

export type Role = 'Owner' | 'Admin' | 'Member';
export type ApplyJoinOption = 'FreeAccess' | 'NeedPermission' | 'DisableApply';
export type InviteJoinOption = 'FreeAccess' | 'NeedPermission' | 'DisableInvite';
export type MsgFlag = 'AcceptAndNotify' | 'AcceptNotNotify' | 'Discard' | 'AcceptNotNotifyExceptAt';

export interface KeyValue {
  readonly Key: string;
  readonly Value: string;
}

/** A group, or a topic of a Community, as the store holds it. Times in unix seconds. */
export interface Group {
  /** The surrogate id of the group's stream; a group id that is used again gets a new one. */
  readonly streamId: number;
  readonly app: number;
  readonly groupId: string;
  /** Of a topic; `groupId` is then its community's, and of the rest what a topic has none of stands still. */
  readonly topicId?: string;
  readonly type: GroupType;
  readonly name: string;
  readonly introduction: string;
  readonly notification: string;
  readonly faceUrl: string;
  /** Empty when the group has no owner. */
  readonly owner: string;
  readonly createTime: number;
  readonly infoSeq: number;
  readonly lastInfoTime: number;
  /** 0 before the first message. */
  readonly lastMsgTime: number;
  readonly nextMsgSeq: number;
  readonly memberNum: number;
  readonly maxMemberNum: number;
  readonly applyJoinOption: ApplyJoinOption;
  readonly inviteJoinOption: InviteJoinOption;
  readonly muteAll: boolean;
  readonly supportTopic: boolean;
  /** Who joins sees what was sent before. */
  readonly historyBeforeJoin: boolean;
  /** Permission groups of a Community with topics: on or off, and the bit mask of who is in none. */
  readonly enablePermission: boolean;
  readonly defaultPermission: number;
  /** A Private (Work) group is inactive, and invisible to all but its owner, until its first message. */
  readonly active: boolean;
  readonly appDefinedData: readonly KeyValue[];
}

/** The id of a group or of a topic: no two that are live have the same. */
export function placeId({ groupId, topicId }: Pick<Group, 'groupId' | 'topicId'>): string {
  return topicId ?? groupId;
}

/** A member of a group. Times in unix seconds. */
export interface Member {
  readonly userId: string;
  readonly role: Role;
  readonly joinTime: number;
  /** Highest `MsgSeq` the member has read. */
  readonly readSeq: number;
  readonly msgFlag: MsgFlag;
  readonly lastSendMsgTime: number;
  readonly nameCard: string;
  /** Unix seconds of the end of the mute; 0 = not muted. */
  readonly muteUntil: number;
  readonly appDefinedData: readonly KeyValue[];
}
