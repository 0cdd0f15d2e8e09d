import type { LaneProgress } from '../../../src/store/lanes.ts';

/** A range that was asked for again, as the store keeps it. */
export interface ReplayRange {
  readonly id: number;
  readonly endpointId: number;
  readonly streamId: number;
  readonly nextSeq: number;
  readonly throughSeq: number;
  readonly forced: boolean;
}

type ReplayProgress = Pick<LaneProgress, 'replayId' | 'replayedThrough'>;

/** What of a replay has been sent. */
export class ReplayWatch {
  readonly range: ReplayRange;
  readonly #pending: Set<number>;
  /** By event: the generation that delivered it; 0 for a dead letter. */
  readonly #settledBy = new Map<number, number>();
  /** The last attempt at these failed, and they are not settled. */
  readonly #failed = new Set<number>();
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
    this.#failed.delete(seq);
    this.#settledBy.set(seq, generation);
  }

  failed(seq: number): void {
    this.#failed.add(seq);
  }

  /** A dead letter that comes with this progress of its lane is on account of the replay, not of the lane's own order. */
  gaveUp(seq: number, { replayId, replayedThrough }: ReplayProgress): boolean {
    return this.#failed.has(seq) && replayId === this.range.id && replayedThrough >= seq;
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
    this.#unwanted = new Set([...this.#unwanted, ...this.#pending, ...settled]);
    this.#pending.clear();
  }

  toString(): string {
    return `replay ${this.range.id} with ${this.pending.join(' ') || 'nothing'} to go`;
  }
}
