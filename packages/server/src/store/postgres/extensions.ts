import type { ExtensionChange, ExtensionPair, ExtensionState } from '../../domain/message-extensions.ts';
import { bytes, int8s, texts } from './arrays.ts';
import { type Questions, question } from './questions.ts';
import { call, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

export const EXTENSION_STATE = `SELECT latest_seq AS "latestSeq", clear_seq AS "clearSeq", minute, writes, count
  FROM extension_state WHERE stream_id = $1 AND msg_seq = $2`;

const STATE = question<[number, number], ExtensionState | null>(EXTENSION_STATE, null, ([row]) =>
  row === undefined ? null : rowAs<ExtensionState>(row),
);
/** Keys as a JSON list: a question is known by its parameters. */
const PAIRS = question<[number, number, string], readonly ExtensionPair[]>(
  `SELECT key, value, seq FROM extension WHERE stream_id = $1 AND msg_seq = $2
   AND key IN (SELECT json_array_elements_text($3::json))`,
  [],
  (rows) => rows.map(rowAs<ExtensionPair>),
);

const PUT_STATE = statement(
  `INSERT INTO extension_state VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (stream_id, msg_seq) DO UPDATE SET
     latest_seq = excluded.latest_seq, clear_seq = excluded.clear_seq, minute = excluded.minute, writes = excluded.writes,
     count = excluded.count`,
);
const PUT_ROWS = statement(
  `INSERT INTO extension SELECT $1, $2, x.key, x.value, x.seq FROM unnest($3::text[], $4::bytea[], $5::int8[]) AS x (key, value, seq)
   ON CONFLICT (stream_id, msg_seq, key) DO UPDATE SET value = excluded.value, seq = excluded.seq`,
);
const DELETE_ROWS = statement(
  'DELETE FROM extension WHERE stream_id = $1 AND msg_seq = $2 AND key = ANY ($3::text[])',
);
const CLEAR_ROWS = statement('DELETE FROM extension WHERE stream_id = $1 AND msg_seq = $2');

/** Key-value pairs of messages. A write goes alone in its transaction. */
export class Extensions {
  readonly #questions: Questions;
  readonly #writes: Writes;

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  state(streamId: number, msgSeq: number): ExtensionState | undefined {
    return this.#questions.ask(STATE, streamId, msgSeq) ?? undefined;
  }

  pairs(streamId: number, msgSeq: number, keys: readonly string[]): ReadonlyMap<string, ExtensionPair> {
    if (keys.length === 0) return new Map();
    const pairs = this.#questions.ask(PAIRS, streamId, msgSeq, JSON.stringify(keys));
    return new Map(pairs.map((pair) => [pair.key, pair]));
  }

  write(streamId: number, msgSeq: number, change: ExtensionChange): void {
    const { latestSeq, clearSeq, minute, writes, count } = change.state;
    const state: Write<number> = {
      table: 'extension_state',
      call: () => call(PUT_STATE, streamId, msgSeq, latestSeq, clearSeq, minute, writes, count),
    };
    this.#writes.add(state, msgSeq);
    const write: Write<number> = { table: 'extension', call: () => pairsCall(streamId, msgSeq, change) };
    this.#writes.add(write, msgSeq);
  }
}

/** A write sets, deletes or clears. */
function pairsCall(streamId: number, msgSeq: number, { set, deleted, cleared }: ExtensionChange) {
  if (cleared) return call(CLEAR_ROWS, streamId, msgSeq);
  if (set.length === 0) return call(DELETE_ROWS, streamId, msgSeq, texts(deleted));
  return call(
    PUT_ROWS,
    streamId,
    msgSeq,
    texts(set.map(({ key }) => key)),
    bytes(set.map(({ value }) => value)),
    int8s(set.map(({ seq }) => seq)),
  );
}
