import type { DatabaseSync } from 'node:sqlite';
import { type Statement, statement } from './statement.ts';

/** SQL for how far a member `m` has read: his own mark, or the group's point if that was set later. */
export const READ_SEQ = `CASE WHEN EXISTS (SELECT 1 FROM read_floor f WHERE f.stream_id = m.stream_id
    AND f.floor > m.read_floor AND f.floor > m.read_seq)
  THEN (SELECT floor FROM read_floor f WHERE f.stream_id = m.stream_id) ELSE m.read_seq END`;

/** SQL for the point that a mark set now belongs to. */
export const floorOf = (streamId: string) =>
  `coalesce((SELECT floor FROM read_floor WHERE stream_id = ${streamId}), 0)`;

/** SQL for how far a user has read in a topic. */
export const topicReadSeq = (streamId: string, userId: string) =>
  `coalesce((SELECT ${READ_SEQ} FROM topic_mark m WHERE m.stream_id = ${streamId} AND m.user_id = ${userId}), ${floorOf(streamId)})`;

/** How far members have read. */
export class ReadMarks {
  readonly #set;
  readonly #setInTopic;
  readonly #inTopic: Statement<{ readSeq: number }>;
  readonly #removeOfTopics;
  readonly #floor;

  constructor(db: DatabaseSync) {
    this.#set = statement(
      db,
      `UPDATE member SET read_seq = ?3, read_floor = ${floorOf('?1')} WHERE stream_id = ?1 AND user_id = ?2`,
    );
    this.#setInTopic = statement(
      db,
      `INSERT INTO topic_mark VALUES (?1, ?2, ?3, ${floorOf('?1')})
       ON CONFLICT (stream_id, user_id) DO UPDATE SET read_seq = excluded.read_seq, read_floor = excluded.read_floor`,
    );
    this.#inTopic = statement(db, `SELECT ${topicReadSeq('?1', '?2')} AS readSeq`);
    this.#removeOfTopics = statement(
      db,
      `DELETE FROM topic_mark WHERE user_id = ?3 AND stream_id IN
         (SELECT stream_id FROM chat_group WHERE app = ?1 AND topic_of = ?2 AND destroyed_at IS NULL)`,
    );
    this.#floor = statement(
      db,
      'INSERT INTO read_floor VALUES (?1, ?2) ON CONFLICT (stream_id) DO UPDATE SET floor = ?2',
    );
  }

  set(streamId: number, userId: string, readSeq: number): void {
    this.#set.run(streamId, userId, readSeq);
  }

  setInTopic(streamId: number, userId: string, readSeq: number): void {
    this.#setInTopic.run(streamId, userId, readSeq);
  }

  inTopic(streamId: number, userId: string): number {
    return this.#inTopic.get(streamId, userId)?.readSeq ?? 0;
  }

  /** Of one who has left the community. */
  removeOfTopics(app: number, groupId: string, userId: string): void {
    this.#removeOfTopics.run(app, groupId, userId);
  }

  /** For everybody at once, however many they are. */
  setAll(streamId: number, readSeq: number): void {
    this.#floor.run(streamId, readSeq);
  }
}
