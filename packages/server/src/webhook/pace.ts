import type { EndpointSettings } from '../domain/endpoint.ts';
import { fullBucket, refill, type TokenBucket, takeToken, waitForToken } from '../domain/token-bucket.ts';

/** How many attempts an endpoint may have under way, and how many it may begin per second. */
export class Pace {
  readonly #concurrency: number;
  readonly #ratePerSecond: number | undefined;
  #bucket: TokenBucket | undefined;
  inFlight = 0;

  constructor(settings: Pick<EndpointSettings, 'concurrency' | 'ratePerSecond'>, at: number) {
    this.#concurrency = settings.concurrency;
    this.#ratePerSecond = settings.ratePerSecond;
    if (settings.ratePerSecond !== undefined) this.#bucket = fullBucket(settings.ratePerSecond, at);
  }

  /**
   * Counts one attempt as begun and gives 0; otherwise milliseconds until the rate allows one, or infinity while all
   * places are taken. `at` is on a monotonic clock.
   */
  tryStart(at: number): number {
    if (this.inFlight >= this.#concurrency) return Number.POSITIVE_INFINITY;
    if (this.#bucket !== undefined && this.#ratePerSecond !== undefined) {
      this.#bucket = refill(this.#bucket, this.#ratePerSecond, at);
      const wait = waitForToken(this.#bucket, this.#ratePerSecond);
      if (wait > 0) return wait;
      this.#bucket = takeToken(this.#bucket);
    }
    this.inFlight += 1;
    return 0;
  }

  end(): void {
    this.inFlight -= 1;
  }
}
