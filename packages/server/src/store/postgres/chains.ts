import { int8s } from './arrays.ts';
import type { Groups } from './groups.ts';
import { keyOf, keysOf } from './lanes.ts';
import { type Questions, question } from './questions.ts';
import { type Memory, Rows } from './rows.ts';
import { call, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

/** Lanes whose last event is remembered; about 100 bytes each. */
const REMEMBERED = 100_000;

interface Link {
  readonly endpointId: number;
  readonly streamId: number;
  readonly last: number;
  readonly prev: number;
}

const LAST = question<[number, number], number>(
  'SELECT last FROM chain WHERE endpoint_id = $1 AND stream_id = $2',
  0,
  ([row]) => Number(row?.last ?? 0),
);
const UPSERT = statement(
  `INSERT INTO chain SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[])
   ON CONFLICT (endpoint_id, stream_id) DO UPDATE SET last = excluded.last, prev = excluded.prev`,
);
const EXTEND: Write<Link> = {
  table: 'chain',
  replaces: true,
  call: (items) =>
    call(
      UPSERT,
      ...keysOf(items),
      int8s(items.map(({ last }) => last)),
      int8s(items.map(({ prev }) => prev)),
    ),
};

/** The chain of each lane whose endpoint is told it: which event was meant for the lane before this one. */
export class Chains implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #groups: Groups;
  /** By endpoint, and the number under which the stream's log is remembered. */
  readonly #last = new Rows<number>(REMEMBERED);

  constructor(questions: Questions, writes: Writes, groups: Groups) {
    this.#questions = questions;
    this.#writes = writes;
    this.#groups = groups;
  }

  /** The event becomes the last one of the lane; log sequence of the one before it, 0 for the first. */
  extend(endpointId: number, streamId: number, seq: number): number {
    const key = keyOf(endpointId, this.#groups.remembered(streamId)?.log ?? -streamId);
    const prev = this.#last.get(key) ?? this.#questions.ask(LAST, endpointId, streamId);
    this.#last.set(key, seq);
    this.#writes.put(EXTEND, keyOf(endpointId, streamId), { endpointId, streamId, last: seq, prev });
    return prev;
  }

  discard = () => this.#last.discard();
  keep = () => this.#last.keep();
  forget = () => this.#last.forget();
}
