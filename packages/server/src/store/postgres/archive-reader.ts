import {
  ARCHIVE_GROUPS,
  type ArchiveGroupsPage,
  type ArchiveGroupsQuery,
  type ArchiveMessage,
  type ArchiveMessagesQuery,
} from '../archive.ts';
import { type ArchiveRow, archiveGroup } from '../sqlite/archive-reader.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

const GROUPS = statement(
  `SELECT g.stream_id AS "streamId", g.group_id AS id, g.topic_of AS "topicOf", s.next_msg_seq AS "nextMsgSeq", s.last_msg_time AS "lastMsgTime"
   FROM (SELECT stream_id, group_id, topic_of FROM chat_group WHERE app + 0 = $1 AND stream_id >= $2 AND destroyed_at IS NULL
         ORDER BY stream_id LIMIT ${ARCHIVE_GROUPS}) g JOIN stream s ON s.id = g.stream_id ORDER BY g.stream_id`,
);
const MESSAGES = statement(
  `SELECT msg_seq AS "msgSeq", time, sender, body AS "msgBodyJson" FROM message
   WHERE stream_id = $1 AND msg_seq > $2 AND msg_seq <= $3 AND time >= $4 AND time < $5 AND state = 'normal' AND NOT tip
   ORDER BY msg_seq`,
);

/** What the hourly history files are made from. */
export class ArchiveReader {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async groups({ app, activeSince, fromStream }: ArchiveGroupsQuery): Promise<ArchiveGroupsPage> {
    const rows = await this.#pool.rows<ArchiveRow>(GROUPS, app, fromStream);
    const groups = rows.filter(({ lastMsgTime }) => lastMsgTime >= activeSince).map(archiveGroup);
    const last = rows.at(-1);
    return last === undefined || rows.length < ARCHIVE_GROUPS
      ? { groups }
      : { groups, nextStream: last.streamId + 1 };
  }

  messages(query: ArchiveMessagesQuery): Promise<ArchiveMessage[]> {
    const { streamId, afterMsgSeq, throughMsgSeq, fromTime, toTime } = query;
    return this.#pool.rows<ArchiveMessage>(MESSAGES, streamId, afterMsgSeq, throughMsgSeq, fromTime, toTime);
  }
}
