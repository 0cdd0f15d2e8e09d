import type { LastBroadcast } from '../sqlite/broadcasts.ts';
import type { Common } from './common.ts';
import { type Questions, question } from './questions.ts';
import { call, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const LAST = question<[number], LastBroadcast | null>(
  'SELECT seq, at FROM broadcast WHERE app = $1',
  null,
  ([row]) => (row === undefined ? null : rowAs<LastBroadcast>(row)),
);
/** Refuses, and is decided anew, when another process has taken the number meanwhile. */
const UPSERT = statement(
  `INSERT INTO broadcast VALUES ($1, $2, $3) ON CONFLICT (app) DO UPDATE SET at = excluded.at,
     seq = CASE WHEN broadcast.seq = excluded.seq - 1 THEN excluded.seq ELSE refuse('broadcast') END`,
);

/** The last broadcast of each app. A broadcast goes alone in its transaction. */
export class Broadcasts {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #common: Common;

  constructor(questions: Questions, writes: Writes, common: Common) {
    this.#questions = questions;
    this.#writes = writes;
    this.#common = common;
  }

  last(app: number): LastBroadcast | undefined {
    this.#common.needsAll();
    return this.#questions.ask(LAST, app) ?? undefined;
  }

  put(app: number, { seq, at }: LastBroadcast): void {
    const put: Write<number> = { table: 'broadcast', call: () => call(UPSERT, app, seq, at) };
    this.#writes.put(put, String(app), app);
  }
}
