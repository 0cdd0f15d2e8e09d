import type { Call, Row } from './statement.ts';

/** One way of changing a table, for many rows at once. */
export interface Write<Item> {
  readonly table: string;
  call(items: readonly Item[]): Call;
  /** A later change of the same row in the same way stands for the earlier one. */
  readonly replaces?: boolean;
  /**
   * Rows that other transactions may make, too, are made in one order, by rank and within `call`, or two would wait for each other. What
   * has no rank comes last, under the lock of its stream.
   */
  readonly rank?: number;
}

/** Of texts, the same in every process. */
export function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

interface Step {
  readonly write: Write<never>;
  readonly items: Map<string | symbol, unknown>;
}

/**
 * The changes of a batch, gathered into as few statements as keep the order of the changes of each row: those of different rows and
 * tables commute, for no statement reads what another one here writes.
 */
export class Writes {
  #steps: Step[] = [];
  /** Where the last change of a row stands. */
  readonly #last = new Map<string, number>();

  /** A row that nothing else in the batch changes. */
  add<Item>(write: Write<Item>, item: Item): void {
    this.#stepOf(write as Write<never>, 0).items.set(Symbol(), item);
  }

  put<Item>(write: Write<Item>, key: string, item: Item): void {
    const row = `${write.table} ${key}`;
    const last = this.#last.get(row);
    const from = last === undefined ? 0 : this.#replaces(last, write as Write<never>) ? last : last + 1;
    const step = this.#stepOf(write as Write<never>, from);
    step.items.set(key, item);
    this.#last.set(row, this.#steps.indexOf(step));
  }

  /** A row whose id tells its place among all that are added to the table. */
  follow<Item>(write: Write<Item>, key: string, item: Item): void {
    const last = this.#steps.findLast((step) => step.write.table === write.table);
    if (last?.write === (write as Write<never>) && !last.items.has(key)) last.items.set(key, item);
    else this.#steps.push({ write: write as Write<never>, items: new Map([[key, item]]) });
  }

  get empty(): boolean {
    return this.#steps.length === 0;
  }

  calls(): Call[] {
    return this.#inRank().map(({ write, items }) => write.call([...items.values()] as never[]));
  }

  /** What the statements of one way of writing returned; `results` are those of `calls`. */
  returned(write: Write<never>, results: readonly Row[][]): Row[] {
    return this.#inRank().flatMap((step, index) => (step.write === write ? (results[index] ?? []) : []));
  }

  clear(): void {
    this.#steps = [];
    this.#last.clear();
  }

  #inRank(): Step[] {
    const rank = ({ write }: Step) => write.rank ?? Number.MAX_SAFE_INTEGER;
    return this.#steps.toSorted((a, b) => rank(a) - rank(b));
  }

  #replaces(index: number, write: Write<never>): boolean {
    return write.replaces === true && this.#steps[index]?.write === write;
  }

  #stepOf(write: Write<never>, from: number): Step {
    const known = this.#steps.find((step, index) => index >= from && step.write === write);
    if (known !== undefined) return known;
    const step: Step = { write, items: new Map() };
    this.#steps.push(step);
    return step;
  }
}
