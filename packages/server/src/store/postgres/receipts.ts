import type { OrdinalMember, ReceiptState } from '../../domain/receipts.ts';
import { RECEIPT, type ReadBy, receiptOf, targetsText } from '../sqlite/receipts.ts';
import { int8s, texts } from './arrays.ts';
import { type Questions, question } from './questions.ts';
import { call, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const GET = question<[number, number], ReceiptState | null>(
  `SELECT ${RECEIPT} FROM receipt WHERE stream_id = $1 AND msg_seq = $2`,
  null,
  ([row]) => (row === undefined ? null : receiptOf(rowAs(row))),
);
const BITS = question<[number, number, number], string>(
  'SELECT bits FROM receipt_bits WHERE stream_id = $1 AND msg_seq = $2 AND chunk = $3',
  '',
  ([row]) => (row?.bits as string | undefined) ?? '',
);
const ORDINAL_OF = question<[number, string], number | null>(
  'SELECT ordinal FROM member WHERE stream_id = $1 AND user_id = $2',
  null,
  ([row]) => (row?.ordinal as number | undefined) ?? null,
);
export const MEMBERS_BETWEEN =
  'SELECT user_id, ordinal FROM member WHERE stream_id = $1 AND ordinal > $2 AND ordinal < $3 ORDER BY ordinal';
const MEMBERS = question<[number, number, number], readonly OrdinalMember[]>(MEMBERS_BETWEEN, [], (rows) =>
  rows.map((row) => rowAs<OrdinalMember>(row)),
);

const NEW_ROWS = statement(
  `INSERT INTO receipt (stream_id, msg_seq, ${RECEIPT}) SELECT * FROM unnest($1::int8[], $2::int8[], $3::text[], $4::int8[],
     $5::int8[], $6::int8[], $7::text[], $8::int8[])`,
);
const COUNTED_ROWS = statement(
  `UPDATE receipt t SET read_num = x.read_num, recipients = x.recipients, departures = x.departures
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[])
     AS x (stream_id, msg_seq, read_num, recipients, departures)
   WHERE t.stream_id = x.stream_id AND t.msg_seq = x.msg_seq`,
);
const BIT_ROWS = statement(
  `INSERT INTO receipt_bits SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::text[])
   ON CONFLICT (stream_id, msg_seq, chunk) DO UPDATE SET bits = excluded.bits`,
);

interface At {
  readonly streamId: number;
  readonly msgSeq: number;
}

const OPEN: Write<At & { readonly state: ReceiptState }> = {
  table: 'receipt',
  call: (items) =>
    call(
      NEW_ROWS,
      ...placesOf(items),
      texts(items.map(({ state }) => state.sender)),
      int8s(items.map(({ state }) => state.beforeOrdinal)),
      int8s(items.map(({ state }) => state.recipients)),
      int8s(items.map(({ state }) => state.readNum)),
      texts(items.map(({ state }) => targetsText(state))),
      int8s(items.map(({ state }) => state.departures)),
    ),
};
const COUNT: Write<At & ReadBy> = {
  table: 'receipt',
  call: (items) =>
    call(
      COUNTED_ROWS,
      ...placesOf(items),
      int8s(items.map(({ readNum }) => readNum)),
      int8s(items.map(({ recipients }) => recipients)),
      int8s(items.map(({ departures }) => departures)),
    ),
};
const PUT_BITS: Write<At & ReadBy> = {
  table: 'receipt_bits',
  call: (items) =>
    call(
      BIT_ROWS,
      ...placesOf(items),
      int8s(items.map(({ chunk }) => chunk)),
      texts(items.map(({ bits }) => bits)),
    ),
};

/** Messages that asked for receipts. They are opened by sends; a report of what was read goes alone in its transaction. */
export class Receipts {
  readonly #questions: Questions;
  readonly #writes: Writes;

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  get(streamId: number, msgSeq: number): ReceiptState | undefined {
    return this.#questions.ask(GET, streamId, msgSeq) ?? undefined;
  }

  bits(streamId: number, msgSeq: number, chunk: number): string {
    return this.#questions.ask(BITS, streamId, msgSeq, chunk);
  }

  ordinalOf(streamId: number, userId: string): number | undefined {
    return this.#questions.ask(ORDINAL_OF, streamId, userId) ?? undefined;
  }

  /** Members between two numbers of joining, in their order. */
  members(streamId: number, after: number, before: number): readonly OrdinalMember[] {
    return this.#questions.ask(MEMBERS, streamId, after, before);
  }

  open(streamId: number, msgSeq: number, state: ReceiptState): void {
    this.#writes.add(OPEN, { streamId, msgSeq, state });
  }

  read(streamId: number, msgSeq: number, by: ReadBy): void {
    this.#writes.put(COUNT, `${streamId}/${msgSeq}`, { ...by, streamId, msgSeq });
    this.#writes.put(PUT_BITS, `${streamId}/${msgSeq}/${by.chunk}`, { ...by, streamId, msgSeq });
  }
}

function placesOf(items: readonly At[]): [Buffer, Buffer] {
  return [int8s(items.map(({ streamId }) => streamId)), int8s(items.map(({ msgSeq }) => msgSeq))];
}
