import { floorOf } from '../sqlite/read-marks.ts';
import { int8s, texts } from './arrays.ts';
import { call, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const SET = statement(
  `UPDATE member SET read_seq = $3, read_floor = ${floorOf('$1')} WHERE stream_id = $1 AND user_id = $2`,
);
const SET_ALL = statement(
  'INSERT INTO read_floor VALUES ($1, $2) ON CONFLICT (stream_id) DO UPDATE SET floor = excluded.floor',
);

const SET_IN_TOPIC = statement(
  `INSERT INTO topic_mark VALUES ($1, $2, $3, ${floorOf('$1')})
   ON CONFLICT (stream_id, user_id) DO UPDATE SET read_seq = excluded.read_seq, read_floor = excluded.read_floor`,
);
const REMOVE_OF_TOPICS = statement(
  `DELETE FROM topic_mark t USING chat_group g, unnest($1::int8[], $2::text[], $3::text[]) AS x (app, group_id, user_id)
   WHERE g.app = x.app AND g.topic_of = x.group_id AND g.destroyed_at IS NULL
     AND t.stream_id = g.stream_id AND t.user_id = x.user_id`,
);

interface Left {
  readonly app: number;
  readonly groupId: string;
  readonly userId: string;
}

const LEAVE: Write<Left> = {
  table: 'topic_mark',
  call: (items) =>
    call(
      REMOVE_OF_TOPICS,
      int8s(items.map(({ app }) => app)),
      texts(items.map(({ groupId }) => groupId)),
      texts(items.map(({ userId }) => userId)),
    ),
};

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

  setInTopic(streamId: number, userId: string, readSeq: number): void {
    const write: Write<number> = {
      table: 'topic_mark',
      call: () => call(SET_IN_TOPIC, streamId, userId, readSeq),
    };
    this.#writes.add(write, streamId);
  }

  /** Of one who has left the community. */
  removeOfTopics(app: number, groupId: string, userId: string): void {
    this.#writes.add(LEAVE, { app, groupId, userId });
  }

  setAll(streamId: number, readSeq: number): void {
    const write: Write<number> = { table: 'read_floor', call: () => call(SET_ALL, streamId, readSeq) };
    this.#writes.put(write, String(streamId), streamId);
  }
}
