import type { DatabaseSync } from 'node:sqlite';
import { statement } from './statement.ts';

/** SQL for how far a member `m` has read: his own mark, or the group's point if that was set later. */
export const READ_SEQ = `CASE WHEN EXISTS (SELECT 1 FROM read_floor f WHERE f.stream_id = m.stream_id
    AND f.floor > m.read_floor AND f.floor > m.read_seq)
  THEN (SELECT floor FROM read_floor f WHERE f.stream_id = m.stream_id) ELSE m.read_seq END`;

/** SQL for the point that a mark set now belongs to. */
export const floorOf = (streamId: string) =>
  `coalesce((SELECT floor FROM read_floor WHERE stream_id = ${streamId}), 0)`;

/** How far members have read. */
export class ReadMarks {
  readonly #set;
  readonly #floor;

  constructor(db: DatabaseSync) {
    this.#set = statement(
      db,
      `UPDATE member SET read_seq = ?3, read_floor = ${floorOf('?1')} WHERE stream_id = ?1 AND user_id = ?2`,
    );
    this.#floor = statement(
      db,
      'INSERT INTO read_floor VALUES (?1, ?2) ON CONFLICT (stream_id) DO UPDATE SET floor = ?2',
    );
  }

  set(streamId: number, userId: string, readSeq: number): void {
    this.#set.run(streamId, userId, readSeq);
  }

  /** For everybody at once, however many they are. */
  setAll(streamId: number, readSeq: number): void {
    this.#floor.run(streamId, readSeq);
  }
}
