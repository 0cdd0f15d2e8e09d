import { type EndpointSettings, keepsChain } from '../domain/endpoint.ts';
import type { LaneRow } from '../store/lanes.ts';
import { Lane } from './lane.ts';
import { withoutTombstones } from './retries.ts';

type WindowSettings = Pick<EndpointSettings, 'order' | 'dialect'>;

/**
 * The lanes of one endpoint that are in memory: those that want a turn, in order; those that wait for a time; those that are done
 * and go with their next checkpoint. At most `bound` of them, but for a probe. No I/O here.
 */
export class LaneWindow {
  readonly bound: number;
  readonly #settings: WindowSettings;
  readonly #lanes = new Map<number, Lane>();
  readonly #ready: Lane[] = [];
  /** Until when each waits, in unix ms. */
  readonly #waiting = new Map<Lane, number>();
  /** Settled, and in memory until a checkpoint says so. */
  readonly #leaving = new Set<Lane>();

  constructor(bound: number, settings: WindowSettings) {
    this.bound = bound;
    this.#settings = settings;
  }

  get size(): number {
    return this.#lanes.size;
  }

  get hasRoom(): boolean {
    return this.#lanes.size < this.bound;
  }

  /** So much is free that the store should be asked for more. */
  get hasMuchRoom(): boolean {
    return this.#lanes.size < this.bound / 2;
  }

  /** So many only wait for their checkpoint that it should not be put off. */
  get isMostlyLeaving(): boolean {
    return this.#leaving.size >= this.bound / 2;
  }

  /** Unix ms at which the first of those that wait is due; `Number.MAX_SAFE_INTEGER` when none waits. */
  get firstDueAt(): number {
    return Math.min(Number.MAX_SAFE_INTEGER, ...this.#waiting.values());
  }

  has(streamId: number): boolean {
    return this.#lanes.has(streamId);
  }

  get(streamId: number): Lane | undefined {
    return this.#lanes.get(streamId);
  }

  values(): IterableIterator<Lane> {
    return this.#lanes.values();
  }

  /** Takes a lane in and gives it a turn. */
  add(row: LaneRow, fresh = false): Lane {
    const { order } = this.#settings;
    const lane = new Lane(keepsChain(this.#settings) ? row : withoutTombstones(row), order, fresh);
    this.#lanes.set(row.streamId, lane);
    this.enqueue(lane);
    return lane;
  }

  remove(lane: Lane): void {
    this.#lanes.delete(lane.streamId);
    this.#leaving.delete(lane);
    this.#waiting.delete(lane);
  }

  /** The lane gets a turn, unless it is to be let go. */
  enqueue(lane: Lane): void {
    if (lane.queued || lane.evictAt !== undefined || this.#lanes.get(lane.streamId) !== lane) return;
    this.#leaving.delete(lane);
    lane.queued = true;
    this.#ready.push(lane);
  }

  /** Whose turn it is. */
  next(): Lane | undefined {
    for (;;) {
      const lane = this.#ready.shift();
      if (lane === undefined) return undefined;
      lane.queued = false;
      if (lane.evictAt === undefined && this.#lanes.get(lane.streamId) === lane) return lane;
    }
  }

  /** The lane could not use its turn: it is the next one again. */
  putBack(lane: Lane): void {
    lane.queued = true;
    this.#ready.unshift(lane);
  }

  /** Nothing is to be done for it before `until` (unix ms). */
  wait(lane: Lane, until: number): void {
    this.#waiting.set(lane, until);
  }

  waitsNoMore(lane: Lane): void {
    this.#waiting.delete(lane);
  }

  /** Those whose time has come get a turn. */
  wake(now: number): void {
    for (const [lane, until] of this.#waiting) {
      if (until > now) continue;
      this.#waiting.delete(lane);
      this.enqueue(lane);
    }
  }

  /** Nothing is left to do that is known of: the lane goes with its next checkpoint. */
  leave(lane: Lane): void {
    this.#leaving.add(lane);
  }

  /** A checkpoint has taken what the lane said when it was to leave. */
  stay(lane: Lane): void {
    this.#leaving.delete(lane);
  }
}
