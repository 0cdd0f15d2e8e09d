import type { Clock } from '../base/clock.ts';

/** Calls per second of each app and command (tencent-rest A.5). Counts whole seconds; holds one entry per pair. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #second = -1;

  /** `perSecond` 0: no limit. */
  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Counts this call; false when the app may not make it in this second. Callers pass known commands only. */
  allow(app: number, command: string): boolean {
    if (this.#perSecond === 0) return true;
    const second = Math.floor(this.#clock.monotonic() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    const key = `${app}/${command}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#perSecond) return false;
    this.#counts.set(key, count + 1);
    return true;
  }
}
