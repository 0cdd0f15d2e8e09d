import type { Memory } from './rows.ts';

/**
 * Ids of rows that decisions refer to before they are written: counted here, on from the highest in the table, for one node writes
 * at a time.
 */
export class Counter implements Memory {
  #kept = 0;
  #now = 0;

  next(): number {
    this.#now += 1;
    return this.#now;
  }

  /**
   * Highest id there is; 0 for none. What was given out before stays given out, though its row has gone: a checkpoint that is offered
   * again after its answer was lost still names it.
   */
  start(highest: number): void {
    this.#kept = Math.max(this.#kept, highest);
    this.#now = this.#kept;
  }

  discard(): void {
    this.#now = this.#kept;
  }

  keep(): void {
    this.#kept = this.#now;
  }

  forget(): void {
    this.discard();
  }
}
