import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { type Call, call, statement } from './statement.ts';

/** Sequences that ids come from: how many each of its numbers stands for, and where the ids are. */
const SEQUENCES = {
  stream_ids: { block: 256, ids: 'max(id) FROM stream' },
  account_numbers: { block: 256, ids: 'max(number) FROM account' },
  endpoint_ids: { block: 1, ids: 'max(id) FROM endpoint' },
  audience_ids: { block: 1, ids: 'max(id) FROM audience' },
  replay_ids: { block: 64, ids: 'max(id) FROM replay' },
  job_ids: { block: 1, ids: 'max(id) FROM job' },
} as const;

/** After rows have come from elsewhere: the next ids are behind theirs. */
export const RESTART_COUNTERS: readonly Call[] = Object.entries(SEQUENCES).map(([name, { ids }]) =>
  call(statement(`SELECT setval('${name}', coalesce((SELECT ${ids}), 1))`)),
);

interface Range {
  next: number;
  readonly end: number;
}

/**
 * Ids of rows that decisions refer to before they are written. They come from a sequence in blocks, so that processes that share a
 * database never give the same one; what a void pass has used is used again.
 */
export class Counter implements Memory {
  readonly #questions: Questions;
  readonly #size: number;
  readonly #block;
  #ranges: Range[] = [];
  #fetched = 0;
  /** Of this pass. */
  #used = 0;
  #lacking = 0;

  constructor(questions: Questions, sequence: keyof typeof SEQUENCES) {
    this.#questions = questions;
    this.#size = SEQUENCES[sequence].block;
    this.#block = question<[number], boolean>(
      `SELECT nextval('${sequence}') AS first WHERE $1::int8 >= 0`,
      false,
      ([row]) => {
        const first = Number(row?.first);
        this.#fetched += 1;
        this.#ranges.push({ next: first, end: first + this.#size });
        return true;
      },
    );
  }

  /** While the pass is void for want of ids, they are below 0, and no two are the same. */
  next(): number {
    let index = this.#used;
    this.#used += 1;
    for (const { next, end } of this.#ranges) {
      if (index < end - next) return next + index;
      index -= end - next;
    }
    if (this.#lacking % this.#size === 0)
      this.#questions.ask(this.#block, this.#fetched + this.#lacking / this.#size);
    this.#lacking += 1;
    return -this.#lacking;
  }

  discard(): void {
    this.#used = 0;
    this.#lacking = 0;
  }

  keep(): void {
    for (const range of this.#ranges) {
      const taken = Math.min(this.#used, range.end - range.next);
      range.next += taken;
      this.#used -= taken;
    }
    this.#ranges = this.#ranges.filter(({ next, end }) => next < end);
    this.discard();
  }

  /** After a crash of the database a sequence may go back over what was not used yet. */
  forget(): void {
    this.discard();
    this.#ranges = [];
  }
}
