import type { Clock, Timer } from '../base/clock.ts';

/** One timer that several parties share: it rings at the earliest moment that anybody asked for. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings in `ms` milliseconds at the latest, and in one at the earliest. */
  within(ms: number): void {
    const delay = Math.max(ms, 1);
    const at = this.#clock.monotonic() + delay;
    if (at >= this.#at) return;
    this.#timer?.cancel();
    this.#at = at;
    this.#timer = this.#clock.setTimer(delay, () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#ring();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#at = Number.POSITIVE_INFINITY;
  }
}
