import { BoundedMap } from '../../base/bounded-map.ts';

/** What a table remembers. A pass that is void is discarded, one that was committed is kept. */
export interface Memory {
  discard(): void;
  keep(): void;
  /** Nothing that was remembered can be trusted. */
  forget(): void;
}

/** Rows by key, over what was read and what the running pass has changed. `null`: there is no such row. */
export class Rows<Row> implements Memory {
  readonly #known: BoundedMap<string, Row | null>;
  readonly #pass = new Map<string, Row | null>();

  constructor(limit: number) {
    this.#known = new BoundedMap(limit);
  }

  get(key: string): Row | null | undefined {
    const changed = this.#pass.get(key);
    return changed === undefined ? this.#known.get(key) : changed;
  }

  /** As the database has it. */
  learn(key: string, row: Row | null): void {
    this.#known.set(key, row);
  }

  set(key: string, row: Row | null): void {
    this.#pass.set(key, row);
  }

  discard(): void {
    this.#pass.clear();
  }

  keep(): void {
    for (const [key, row] of this.#pass) {
      // Another process may make what is not there.
      if (row === null) this.#known.delete(key);
      else this.#known.set(key, row);
    }
    this.#pass.clear();
  }

  forget(): void {
    this.#pass.clear();
    this.#known.clear();
  }
}
