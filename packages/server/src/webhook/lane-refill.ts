import type { DueLanes } from '../store/store.ts';
import type { LaneWindow } from './lane-window.ts';

/** Fills the window of an endpoint with due lanes from the store, and remembers what it could not take. */
export class LaneRefill {
  readonly #lanes: LaneWindow;
  readonly #due: (limit: number) => Promise<DueLanes>;
  #running = false;
  /** Unix ms. */
  #nextDueAt: number | undefined;
  /** The store may hold due lanes that are not in memory. */
  overflow = false;

  /** One is under way, and may not find what has been committed since it began: another one has to follow. */
  #again = false;

  /** `due`: the lanes that are due first, so many at most. */
  constructor(lanes: LaneWindow, due: (limit: number) => Promise<DueLanes>) {
    this.#lanes = lanes;
    this.#due = due;
  }

  /** Lanes wait in the store, and there is room for a good number of them. */
  get isWanted(): boolean {
    return this.overflow && this.#lanes.hasMuchRoom;
  }

  /** When a lane in the store is due (unix ms), as far as is known; not while a refill finds it out. */
  get nextDueAt(): number | undefined {
    return this.#running ? undefined : this.#nextDueAt;
  }

  /** A lane in the store is due at this moment (unix ms). */
  expect(dueAt: number): void {
    this.#nextDueAt = Math.min(this.#nextDueAt ?? dueAt, dueAt);
  }

  /** There is something new to be found; true when a refill under way has to be followed by another, false when none is. */
  askAgain(): boolean {
    this.#again = this.#running;
    return this.#running;
  }

  /** Whether that was asked for. */
  takeAgain(): boolean {
    const again = this.#again;
    this.#again = false;
    return again;
  }

  /** False when one is under way. `mayAdd` is asked before each lane. Rejects as the store does. */
  async run(mayAdd: (streamId: number) => boolean): Promise<boolean> {
    if (this.#running) return false;
    this.#running = true;
    this.overflow = false;
    this.#nextDueAt = undefined;
    const limit = this.#lanes.bound;
    try {
      const { lanes, nextDueAt } = await this.#due(limit);
      if (lanes.length === limit) this.overflow = true;
      if (nextDueAt !== undefined) this.expect(nextDueAt);
      for (const row of lanes) {
        if (this.#lanes.has(row.streamId)) continue;
        if (mayAdd(row.streamId)) this.#lanes.add(row);
        else this.overflow = true;
      }
      return true;
    } catch (error) {
      this.overflow = true;
      throw error;
    } finally {
      this.#running = false;
    }
  }
}
