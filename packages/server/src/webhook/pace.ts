import type { EndpointSettings } from '../domain/endpoint.ts';
import { shareOf } from '../domain/lease.ts';
import {
  afterDelivery,
  afterOverload,
  allowedAt,
  heldFor,
  type Throttle,
  unthrottled,
} from '../domain/throttle.ts';
import { fullBucket, refill, type TokenBucket, takeToken, waitForToken } from '../domain/token-bucket.ts';

/** How an attempt ended, as far as the pace of its endpoint depends on it. Times on the monotonic clock. */
export interface Ended {
  readonly startedAt: number;
  readonly at: number;
  readonly kind: 'delivered' | 'failed' | 'aborted';
  /** The receiver said "too much", and when to come again: milliseconds, 0 if it did not say. */
  readonly overload?: { readonly waitMs: number };
}

/** Whoever has no part of the lanes has nothing to send either. */
const LEAST_SHARE = 0.01;

/**
 * How many attempts an endpoint may have under way, and how many it may begin per second: as its settings say, and less while
 * its receiver asks for less. `at` is on a monotonic clock.
 */
export class Pace {
  readonly #settings: Pick<EndpointSettings, 'concurrency' | 'ratePerSecond'>;
  readonly #share: () => number;
  #bucket: TokenBucket | undefined;
  #throttle: Throttle;
  inFlight = 0;

  /** `share`: the part of both limits that this process has at the moment. */
  constructor(
    settings: Pick<EndpointSettings, 'concurrency' | 'ratePerSecond'>,
    at: number,
    share: () => number = () => 1,
  ) {
    this.#settings = settings;
    this.#share = share;
    this.#throttle = unthrottled(settings.concurrency);
    if (settings.ratePerSecond !== undefined) this.#bucket = fullBucket(settings.ratePerSecond, at);
  }

  /**
   * 0 when an attempt may begin; otherwise milliseconds until one may, or infinity while all places are taken. A probe of the
   * breaker stands outside the reduced limit: late attempts must not keep it from finding out.
   */
  wait(at: number, probe = false): number {
    const held = heldFor(this.#throttle, at);
    if (held > 0) return held;
    if (this.inFlight >= (probe ? this.#concurrency : this.allowed(at))) return Number.POSITIVE_INFINITY;
    if (this.#bucket === undefined || this.#ratePerSecond === undefined) return 0;
    this.#bucket = refill(this.#bucket, this.#ratePerSecond, at);
    return waitForToken(this.#bucket, this.#ratePerSecond);
  }

  get #concurrency(): number {
    return shareOf(this.#settings.concurrency, this.#share());
  }

  get #ratePerSecond(): number | undefined {
    const { ratePerSecond } = this.#settings;
    return ratePerSecond === undefined ? undefined : ratePerSecond * Math.max(this.#share(), LEAST_SHARE);
  }

  /** An attempt begins, which `wait` has just allowed. */
  begin(): void {
    if (this.#bucket !== undefined) this.#bucket = takeToken(this.#bucket);
    this.inFlight += 1;
  }

  /** What keeps the next attempt from beginning; changes nothing that counts. */
  held(at: number): 'slow-down' | 'concurrency' | 'rate' | undefined {
    if (heldFor(this.#throttle, at) > 0) return 'slow-down';
    if (this.allowed(at) <= this.inFlight) return 'concurrency';
    return this.wait(at) > 0 ? 'rate' : undefined;
  }

  end({ startedAt, at, kind, overload }: Ended): void {
    this.inFlight -= 1;
    if (kind === 'delivered') this.#throttle = afterDelivery(this.#throttle, this.#concurrency);
    if (overload === undefined) return;
    const { waitMs } = overload;
    this.#throttle = afterOverload(this.#throttle, this.#concurrency, { startedAt, at, waitMs });
  }

  /** Attempts that may be under way now. */
  allowed(at: number): number {
    return allowedAt(this.#throttle, this.#concurrency, at);
  }

  /** Milliseconds until the receiver wants to be called again; 0: it did not ask for a pause, or the pause is over. */
  heldFor(at: number): number {
    return heldFor(this.#throttle, at);
  }
}
