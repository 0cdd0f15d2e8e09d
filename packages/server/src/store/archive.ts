/** Groups of an app in the order of their streams: a page, of which those without a message since `activeSince` are left out. */
export interface ArchiveGroupsQuery {
  readonly app: number;
  /** Unix seconds. */
  readonly activeSince: number;
  /** The first stream looked at. */
  readonly fromStream: number;
}

export interface ArchiveGroupsPage {
  readonly groups: readonly ArchiveGroup[];
  /** Where the next page begins; absent: there is none. */
  readonly nextStream?: number;
}

export interface ArchiveGroup {
  readonly streamId: number;
  readonly groupId: string;
  /** Of a topic; `groupId` is then its community's. */
  readonly topicId?: string;
  readonly nextMsgSeq: number;
}

/** Groups that one page looks at. */
export const ARCHIVE_GROUPS = 500;

/** Messages of a stretch of a group's numbers that were sent in a stretch of time, as history has them now: no tips, nothing recalled. */
export interface ArchiveMessagesQuery {
  readonly streamId: number;
  /** Exclusive, and inclusive. */
  readonly afterMsgSeq: number;
  readonly throughMsgSeq: number;
  /** Unix ms, inclusive, and exclusive. */
  readonly fromTime: number;
  readonly toTime: number;
}

export interface ArchiveMessage {
  readonly msgSeq: number;
  /** Unix ms. */
  readonly time: number;
  readonly sender: string;
  readonly msgBodyJson: string;
}
