import { BoundedMap } from '../base/bounded-map.ts';
import type { Clock } from '../base/clock.ts';

/** As many refused UserSigs within a minute as a caller who is merely misconfigured may still show his logs. */
export const MAX_FAILURES = 60;
const WINDOW_MS = 60_000;
/** Callers remembered at a time; about 150 bytes each. */
const MAX_CALLERS = 10_000;

interface Window {
  count: number;
  readonly endsAt: number;
}

/** Who had too many UserSigs refused lately; he waits until his minute is over (70050, tencent-rest A.4). */
export class AuthFailures {
  readonly #clock: Clock;
  readonly #windows = new BoundedMap<string, Window>(MAX_CALLERS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  blocked(caller: string): boolean {
    const window = this.#windows.get(caller);
    return window !== undefined && window.count >= MAX_FAILURES && this.#clock.monotonic() < window.endsAt;
  }

  record(caller: string): void {
    const now = this.#clock.monotonic();
    const window = this.#windows.get(caller);
    if (window !== undefined && now < window.endsAt) window.count += 1;
    else this.#windows.set(caller, { count: 1, endsAt: now + WINDOW_MS });
  }
}
