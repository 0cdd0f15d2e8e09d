import { floorOf } from '../sqlite/read-marks.ts';
import { call, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const SET = statement(
  `UPDATE member SET read_seq = $3, read_floor = ${floorOf('$1')} WHERE stream_id = $1 AND user_id = $2`,
);
const SET_ALL = statement(
  'INSERT INTO read_floor VALUES ($1, $2) ON CONFLICT (stream_id) DO UPDATE SET floor = excluded.floor',
);

/** How far members have read. What sets it goes alone in its transaction. */
export class ReadMarks {
  readonly #writes: Writes;

  constructor(writes: Writes) {
    this.#writes = writes;
  }

  set(streamId: number, userId: string, readSeq: number): void {
    const write: Write<number> = { table: 'member', call: () => call(SET, streamId, userId, readSeq) };
    this.#writes.add(write, streamId);
  }

  setAll(streamId: number, readSeq: number): void {
    const write: Write<number> = { table: 'read_floor', call: () => call(SET_ALL, streamId, readSeq) };
    this.#writes.put(write, String(streamId), streamId);
  }
}
