import { MESSAGE_STATE, type MessageState, messageStateOf, type Rewritten } from '../sqlite/messages.ts';
import { bytes, int8s, texts } from './arrays.ts';
import { type Questions, question } from './questions.ts';
import { call, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const GET = question<[number, number], MessageState | null>(
  `SELECT ${MESSAGE_STATE} FROM message WHERE stream_id = $1 AND msg_seq = $2`,
  null,
  ([row]) => (row === undefined ? null : messageStateOf(rowAs(row))),
);
const NORMAL_OF = question<[number, number, string], readonly number[]>(
  `SELECT msg_seq FROM message WHERE stream_id = $1 AND msg_seq >= $2 AND sender = $3 AND state = 'normal' AND NOT tip
   ORDER BY msg_seq`,
  [],
  (rows) => rows.map((row) => row.msg_seq as number),
);

const KEPT_ROWS = statement(
  `UPDATE log t SET payload = x.payload FROM unnest($1::int8[], $2::int8[], $3::bytea[]) AS x (stream_id, log_seq, payload)
   WHERE t.stream_id = x.stream_id AND t.log_seq = x.log_seq AND t.payload IS NULL`,
);
const REWRITTEN_ROWS = statement(
  `UPDATE message t SET state = x.state, body = x.body, cloud_custom_data = x.cloud_custom_data
   FROM unnest($1::int8[], $2::int8[], $3::text[], $4::bytea[], $5::bytea[])
     AS x (stream_id, msg_seq, state, body, cloud_custom_data)
   WHERE t.stream_id = x.stream_id AND t.msg_seq = x.msg_seq`,
);

interface Kept {
  readonly streamId: number;
  readonly logSeq: number;
  readonly payload: string;
}

interface RewrittenAt extends Rewritten {
  readonly streamId: number;
  readonly msgSeq: number;
}

const KEEP: Write<Kept> = {
  table: 'log',
  call: (items) =>
    call(
      KEPT_ROWS,
      int8s(items.map(({ streamId }) => streamId)),
      int8s(items.map(({ logSeq }) => logSeq)),
      bytes(items.map(({ payload }) => payload)),
    ),
};
const REWRITE: Write<RewrittenAt> = {
  table: 'message',
  call: (items) =>
    call(
      REWRITTEN_ROWS,
      int8s(items.map(({ streamId }) => streamId)),
      int8s(items.map(({ msgSeq }) => msgSeq)),
      texts(items.map(({ state }) => state)),
      bytes(items.map(({ body }) => body)),
      bytes(items.map(({ cloudCustomData }) => cloudCustomData)),
    ),
};

/** Messages that are in the history already. Commands that change them go alone in their transaction, so nothing is remembered. */
export class Messages {
  readonly #questions: Questions;
  readonly #writes: Writes;

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  get(streamId: number, msgSeq: number): MessageState | undefined {
    return this.#questions.ask(GET, streamId, msgSeq) ?? undefined;
  }

  /** Numbers, from `from` on, of what a user has sent and has not been recalled. */
  normalOf(streamId: number, sender: string, from: number): number[] {
    return [...this.#questions.ask(NORMAL_OF, streamId, from, sender)];
  }

  /** Changes what the history shows; what was sent moves into its log row first. */
  rewrite(streamId: number, msgSeq: number, before: MessageState, now: Rewritten): void {
    const payload = JSON.stringify(before.content);
    const { logSeq } = before;
    this.#writes.put(KEEP, `${streamId}/${logSeq}`, { streamId, logSeq, payload });
    this.#writes.put(REWRITE, `${streamId}/${msgSeq}`, { ...now, streamId, msgSeq });
  }
}
