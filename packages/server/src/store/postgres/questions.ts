import { type Call, call, type Row, type Statement, statement, type Value } from './statement.ts';

/** A read that a decision needs. `unknown` stands in for the answer until it is there: what an empty table would say. */
export interface Question<Params extends readonly Value[], Answer> {
  readonly statement: Statement;
  readonly unknown: Answer;
  /** `params` only fixes the types of the parameters. */
  readonly read: (rows: readonly Row[], params: Params) => Answer;
}

export function question<Params extends readonly Value[], Answer>(
  text: string,
  unknown: Answer,
  read: (rows: readonly Row[], params: Params) => Answer,
): Question<Params, Answer> {
  return { statement: statement(text), unknown, read };
}

interface Asked {
  readonly call: Call;
  readonly read: (rows: readonly Row[]) => unknown;
}

/**
 * What the decisions of a turn have asked of the database. Decisions are synchronous: one that asks what is not known yet goes on with
 * a stand-in, its outcome is thrown away, all that was asked is read in one round trip, and it is made again
 * (docs/decisions/0017).
 */
export class Questions {
  readonly #answers = new Map<string, unknown>();
  readonly #asked = new Map<string, Asked>();

  ask<Params extends readonly Value[], Answer>(of: Question<Params, Answer>, ...params: Params): Answer {
    const key = `${of.statement.name} ${JSON.stringify(params)}`;
    if (this.#answers.has(key)) return this.#answers.get(key) as Answer;
    this.#asked.set(key, { call: call(of.statement, ...params), read: (rows) => of.read(rows, params) });
    return of.unknown;
  }

  /** Something was asked that is not answered: what was decided on it is void. */
  get open(): boolean {
    return this.#asked.size > 0;
  }

  async answer(run: (calls: readonly Call[]) => Promise<readonly Row[][]>): Promise<void> {
    const asked = [...this.#asked];
    const results = await run(asked.map(([, { call }]) => call));
    asked.forEach(([key, { read }], index) => {
      this.#answers.set(key, read(results[index] ?? []));
    });
    this.#asked.clear();
  }

  /** The turn is over: the next one asks anew. */
  clear(): void {
    this.#answers.clear();
    this.#asked.clear();
  }
}
