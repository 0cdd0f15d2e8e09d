/** A range that was asked for again, as the store keeps it. */
export interface ReplayRange {
  readonly id: number;
  readonly endpointId: number;
  readonly streamId: number;
  readonly throughSeq: number;
  readonly forced: boolean;
}

/** What of a replay has been sent. */
export class ReplayWatch {
  readonly range: ReplayRange;
  readonly #pending: Set<number>;
  /** By event: the generation that delivered it; 0 for a dead letter. */
  readonly #settledBy = new Map<number, number>();
  /** The store knows that the replay has come this far. */
  #durableThrough = 0;
  /** Some of it was sent without order; the endpoint may have been given one since. */
  #wasUnordered = false;
  /** What its endpoint need not be sent any more, and may be until the dispatcher has heard of that. */
  #unwanted: ReadonlySet<number> = new Set();

  constructor(range: ReplayRange, seqs: readonly number[]) {
    this.range = range;
    this.#pending = new Set(seqs);
  }

  /** What is still to be sent, in order. */
  get pending(): number[] {
    return [...this.#pending];
  }

  /**
   * The next one in turn, any one when there is no order, or one whose end a crash forgot. A replay's progress is one
   * number in the store: without order, what was settled beyond it comes again also when its lane was only let go.
   */
  mayStart(seq: number, ordered: boolean, generation: number): boolean {
    this.#wasUnordered ||= !ordered;
    if (this.#unwanted.has(seq)) return true;
    if (this.#pending.has(seq)) return !ordered || this.pending[0] === seq;
    const settledBy = this.#settledBy.get(seq);
    const isForgotten = settledBy !== undefined && (this.#wasUnordered || settledBy !== generation);
    return isForgotten && seq > this.#durableThrough;
  }

  delivered(seq: number, generation: number): void {
    this.#pending.delete(seq);
    this.#settledBy.set(seq, generation);
  }

  buried(seq: number): void {
    this.delivered(seq, 0);
  }

  /** The store moves on to here; the first event that this passes unsent. */
  recorded(through: number): number | undefined {
    this.#durableThrough = Math.max(this.#durableThrough, through);
    return this.pending.find((seq) => seq <= through);
  }

  /** The endpoint wants nothing of the group any more. */
  void(): void {
    this.#unwanted = new Set([...this.#pending, ...this.#settledBy.keys()]);
    this.#pending.clear();
  }

  toString(): string {
    return `replay ${this.range.id} with ${this.pending.join(' ') || 'nothing'} to go`;
  }
}
