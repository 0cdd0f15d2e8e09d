import type { GroupValueName } from '../sqlite/group-values.ts';
import { int8s, texts } from './arrays.ts';
import type { Groups } from './groups.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { call, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

interface Item {
  readonly streamId: number;
  readonly name: GroupValueName;
  readonly value: string;
}

const VALUE = question<[number, string], string | null>(
  'SELECT value FROM group_value WHERE stream_id = $1 AND name = $2',
  null,
  ([row]) => (row?.value as string | undefined) ?? null,
);
const UPSERT = statement(
  `INSERT INTO group_value SELECT * FROM unnest($1::int8[], $2::text[], $3::text[])
   ON CONFLICT (stream_id, name) DO UPDATE SET value = excluded.value`,
);
const REMOVE = statement('DELETE FROM group_value WHERE stream_id = ANY ($1::int8[])');

const PUT: Write<Item> = {
  table: 'group_value',
  replaces: true,
  call: (items) =>
    call(
      UPSERT,
      int8s(items.map(({ streamId }) => streamId)),
      texts(items.map(({ name }) => name)),
      texts(items.map(({ value }) => value)),
    ),
};
/** A group is disbanded in a transaction of its own, so that nothing of it is put beside this. */
const PURGE: Write<number> = { table: 'group_value', call: (streamIds) => call(REMOVE, int8s(streamIds)) };

/** Small values of groups. Nothing is remembered beyond a pass. */
export class GroupValues implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #groups: Groups;
  readonly #pass = new Map<string, string>();

  constructor(questions: Questions, writes: Writes, groups: Groups) {
    this.#questions = questions;
    this.#writes = writes;
    this.#groups = groups;
  }

  get(streamId: number, name: GroupValueName): string | undefined {
    return this.#pass.get(`${streamId}/${name}`) ?? this.#questions.ask(VALUE, streamId, name) ?? undefined;
  }

  put(streamId: number, name: GroupValueName, value: string): void {
    const key = `${streamId}/${name}`;
    this.#pass.set(key, value);
    // Another process that has read the old value decides anew.
    this.#groups.moved(streamId);
    this.#writes.put(PUT, key, { streamId, name, value });
  }

  purge(streamId: number): void {
    this.#writes.add(PURGE, streamId);
  }

  discard = () => this.#pass.clear();
  keep = () => this.#pass.clear();
  forget = () => this.#pass.clear();
}
