import type { GroupType } from '@confab-im/protocol';

/** Limits that the deployment decides; defaults are the documented ones (tencent-rest A.5, A.6; types-errors E.2b). */
export interface Rules {
  /** Per group; 0 = no limit. */
  readonly groupMessagesPerSecond: number;
  readonly onLimit: 'drop' | 'error';
  /** UTF-8 bytes of `MsgBody` and what travels with it. */
  readonly messageBytes: number;
  readonly dedupWindowMs: number;
  readonly maxMembers: Readonly<Record<GroupType, number>>;
  readonly groupsPerUser: number;
  readonly groupsPerApp: number;
  readonly avChatRoomsPerApp: number;
  /** 0 = no topics. */
  readonly topicsPerCommunity: number;
}

export const DEFAULT_RULES: Rules = {
  groupMessagesPerSecond: 40,
  onLimit: 'drop',
  messageBytes: 12_000,
  dedupWindowMs: 5 * 60_000,
  maxMembers: { Private: 6_000, Public: 6_000, ChatRoom: 6_000, AVChatRoom: 10_000_000, Community: 100_000 },
  groupsPerUser: 5_000,
  groupsPerApp: 0,
  avChatRoomsPerApp: 0,
  topicsPerCommunity: 200,
};
