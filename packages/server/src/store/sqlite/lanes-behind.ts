/** Lanes remembered, about 40 bytes each. */
const LIMIT = 500_000;

/**
 * Lanes of which we know that they have a row, so that a send need not look: with a hundred dead endpoints each message would
 * look a hundred times. A lane that is not in here may have one too.
 */
export class LanesBehind {
  readonly #limit: number;
  readonly #streams = new Map<number, Set<number>>();
  #count = 0;

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  has(endpointId: number, streamId: number): boolean {
    return this.#streams.get(endpointId)?.has(streamId) ?? false;
  }

  add(endpointId: number, streamId: number): void {
    if (this.#count >= this.#limit) this.clear();
    const streams = this.#streams.get(endpointId) ?? new Set();
    this.#streams.set(endpointId, streams.add(streamId));
    this.#count += 1;
  }

  delete(endpointId: number, streamId: number): void {
    if (this.#streams.get(endpointId)?.delete(streamId) === true) this.#count -= 1;
  }

  deleteAll(endpointId: number): void {
    this.#count -= this.#streams.get(endpointId)?.size ?? 0;
    this.#streams.delete(endpointId);
  }

  clear(): void {
    this.#streams.clear();
    this.#count = 0;
  }
}
