import type { Clock, Timer } from '../../src/base/clock.ts';

/** A clock that stands still until the test moves it. Timers fire in order of their due time, then of their making. */
export class ManualClock implements Clock {
  #now: number;
  #elapsed = 0;
  #serial = 0;
  readonly #timers = new Map<number, { at: number; fn: () => void }>();

  constructor(startMs = 1_735_689_600_000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimer(ms: number, fn: () => void): Timer {
    const id = ++this.#serial;
    this.#timers.set(id, { at: this.#elapsed + Math.max(ms, 0), fn });
    return { cancel: () => this.#timers.delete(id) };
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due; undefined when none waits. */
  get nextIn(): number | undefined {
    let next: number | undefined;
    for (const { at } of this.#timers.values()) next = Math.min(next ?? at, at);
    return next === undefined ? undefined : Math.max(0, next - this.#elapsed);
  }

  /** Moves both clocks forward and fires every timer that becomes due, each at its own moment. */
  advance(ms: number): void {
    const target = this.#elapsed + ms;
    for (;;) {
      let due: { id: number; at: number; fn: () => void } | undefined;
      for (const [id, timer] of this.#timers) {
        if (timer.at <= target && (due === undefined || timer.at < due.at)) due = { id, ...timer };
      }
      if (due === undefined) break;
      this.#timers.delete(due.id);
      this.#now += due.at - this.#elapsed;
      this.#elapsed = due.at;
      due.fn();
    }
    this.#now += target - this.#elapsed;
    this.#elapsed = target;
  }

  /** Moves the wall clock alone, as an operator or NTP would. */
  jump(ms: number): void {
    this.#now += ms;
  }
}
