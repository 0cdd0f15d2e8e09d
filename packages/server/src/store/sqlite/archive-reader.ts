import type { DatabaseSync } from 'node:sqlite';
import {
  ARCHIVE_GROUPS,
  type ArchiveGroup,
  type ArchiveGroupsPage,
  type ArchiveGroupsQuery,
  type ArchiveMessage,
  type ArchiveMessagesQuery,
} from '../archive.ts';
import { type Statement, statement } from './statement.ts';

export interface ArchiveRow {
  readonly streamId: number;
  readonly id: string;
  readonly topicOf: string | null;
  readonly nextMsgSeq: number;
  readonly lastMsgTime: number;
}

export function archiveGroup({ streamId, id, topicOf, nextMsgSeq }: ArchiveRow): ArchiveGroup {
  return topicOf === null
    ? { streamId, groupId: id, nextMsgSeq }
    : { streamId, groupId: topicOf, topicId: id, nextMsgSeq };
}

/** What the hourly history files are made from. */
export class ArchiveReader {
  readonly #groups: Statement<ArchiveRow>;
  readonly #messages: Statement<ArchiveMessage>;

  constructor(db: DatabaseSync) {
    this.#groups = statement(
      db,
      `SELECT stream_id AS streamId, group_id AS id, topic_of AS topicOf, next_msg_seq AS nextMsgSeq, last_msg_time AS lastMsgTime
       FROM chat_group WHERE app = ? AND stream_id >= ? AND destroyed_at IS NULL ORDER BY stream_id LIMIT ${ARCHIVE_GROUPS}`,
    );
    this.#messages = statement(
      db,
      `SELECT msg_seq AS msgSeq, time, sender, body AS msgBodyJson FROM message
       WHERE stream_id = ? AND msg_seq > ? AND msg_seq <= ? AND time >= ? AND time < ? AND state = 'normal' AND tip = 0
       ORDER BY msg_seq`,
    );
  }

  groups({ app, activeSince, fromStream }: ArchiveGroupsQuery): ArchiveGroupsPage {
    const rows = this.#groups.all(app, fromStream);
    const groups = rows.filter(({ lastMsgTime }) => lastMsgTime >= activeSince).map(archiveGroup);
    const last = rows.at(-1);
    return last === undefined || rows.length < ARCHIVE_GROUPS
      ? { groups }
      : { groups, nextStream: last.streamId + 1 };
  }

  messages(query: ArchiveMessagesQuery): ArchiveMessage[] {
    const { streamId, afterMsgSeq, throughMsgSeq, fromTime, toTime } = query;
    return this.#messages
      .all(streamId, afterMsgSeq, throughMsgSeq, fromTime, toTime)
      .map((row) => ({ ...row }));
  }
}
