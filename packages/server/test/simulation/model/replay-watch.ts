/** A range that was asked for again, as the store keeps it. */
export interface ReplayRange {
  readonly id: number;
  readonly endpointId: number;
  readonly streamId: number;
  readonly nextSeq: number;
  readonly throughSeq: number;
  readonly forced: boolean;
}

/** The last attempt at an event failed. */
export interface LastFailure {
  /** What it was sent on account of, if that was a replay. */
  readonly replay: ReplayWatch | undefined;
  /** Should it be given up, a tombstone takes its place. */
  readonly leavesTombstone: boolean;
  /** It was the tombstone of events that have been trimmed. */
  readonly isTrimmed: boolean;
}

/** What of a replay has been sent. */
export class ReplayWatch {
  readonly range: ReplayRange;
  readonly #pending: Set<number>;
  /** By event: the generation that delivered it; 0 for a dead letter. */
  readonly #settledBy = new Map<number, number>();
  /** The store knows that the replay has come this far. */
  #durableThrough = 0;
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

  /** The next one in turn, also with `order: none`, or one whose end a crash forgot. */
  mayStart(seq: number, generation: number): boolean {
    if (this.#pending.has(seq)) return this.pending[0] === seq;
    if (seq <= this.#durableThrough) return false;
    const settledBy = this.#settledBy.get(seq);
    return this.#unwanted.has(seq) || (settledBy !== undefined && settledBy !== generation);
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
    const settled = [...this.#settledBy.keys()].filter((seq) => seq > this.#durableThrough);
    this.#unwanted = new Set([...this.#pending, ...settled]);
    this.#pending.clear();
  }

  toString(): string {
    return `replay ${this.range.id} with ${this.pending.join(' ') || 'nothing'} to go`;
  }
}
