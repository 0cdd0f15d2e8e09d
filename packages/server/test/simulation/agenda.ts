import type { Prng } from './prng.ts';

/** Whoever has died never hears of what it waited for. */
export interface Owner {
  readonly alive: boolean;
  /** Virtual ms: until then it stands still, and hears of things afterwards. */
  readonly pausedUntil?: number;
}

export interface Appointment {
  at: number;
  readonly run: () => void;
  readonly owner: Owner | undefined;
  /** Decides among what is due at the same moment. */
  tie: number;
  cancelled: boolean;
}

/**
 * What is going to happen, by virtual milliseconds. Of things due at the same moment the seed chooses which comes first: so
 * are all orders reached in which a real event loop could run them.
 */
export class Agenda {
  readonly #random: Prng;
  /** A binary heap. */
  readonly #heap: Appointment[] = [];
  #now = 0;

  constructor(random: Prng) {
    this.#random = random;
  }

  /** Virtual milliseconds since the history began; never goes back. */
  get now(): number {
    return this.#now;
  }

  /** Something that happens `ms` from now, unless its owner is dead by then. */
  after(ms: number, run: () => void, owner?: Owner): Appointment {
    const at = this.#now + Math.max(0, ms);
    const appointment = { at, run, owner, tie: this.#random.next(), cancelled: false };
    this.#push(appointment);
    return appointment;
  }

  /** Takes the next thing that happens and moves the time to it; undefined when nothing ever will. */
  next(): Appointment | undefined {
    for (;;) {
      const first = this.#pop();
      if (first === undefined) return undefined;
      if (first.cancelled || first.owner?.alive === false) continue;
      const { pausedUntil = 0 } = first.owner ?? {};
      if (pausedUntil > Math.max(this.#now, first.at)) {
        Object.assign(first, { at: pausedUntil, tie: this.#random.next() });
        this.#push(first);
        continue;
      }
      this.#now = Math.max(this.#now, first.at);
      return first;
    }
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(appointment);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(appointment, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = appointment;
  }

  #pop(): Appointment | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      const other = heap[childIndex + 1];
      if (child !== undefined && other !== undefined && isBefore(other, child)) {
        child = other;
        childIndex += 1;
      }
      if (child === undefined || !isBefore(child, last)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie);
}
