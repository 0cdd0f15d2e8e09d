/**
 * How far an endpoint that says "too much" (429, 503) is slowed down, as values. The limit of attempts under way is halved by such
 * an answer and grows by one with each round of deliveries, like the window of TCP (RFC 5681); `Retry-After` holds all of it.
 *
 * Times are in milliseconds on a monotonic clock.
 */
export interface Throttle {
  /** Attempts that may be under way, a fraction while it grows. */
  readonly limit: number;
  /** Nothing is begun before. */
  readonly heldUntil: number;
  /** An attempt begun by then tells nothing new: one round of refusals halves once. */
  readonly cutAt: number;
}

/** So long after the last "too much", or the end of what it asked for, the limit is what the settings say again. */
export const FORGIVEN_MS = 60_000;

export function unthrottled(concurrency: number): Throttle {
  return { limit: concurrency, heldUntil: Number.NEGATIVE_INFINITY, cutAt: Number.NEGATIVE_INFINITY };
}

/** An attempt begun at `startedAt` was answered "too much" at `at`, and not to be repeated for `waitMs`. */
export function afterOverload(
  throttle: Throttle,
  concurrency: number,
  { startedAt, at, waitMs }: { readonly startedAt: number; readonly at: number; readonly waitMs: number },
): Throttle {
  const heldUntil = waitMs > 0 ? Math.max(throttle.heldUntil, at + waitMs) : throttle.heldUntil;
  if (startedAt <= throttle.cutAt) return { ...throttle, heldUntil };
  const limit = isForgiven(throttle, at) ? concurrency : throttle.limit;
  return { limit: Math.max(1, limit / 2), heldUntil, cutAt: at };
}

export function afterDelivery(throttle: Throttle, concurrency: number): Throttle {
  if (throttle.limit >= concurrency) return throttle;
  return { ...throttle, limit: Math.min(concurrency, throttle.limit + 1 / throttle.limit) };
}

/** Attempts that may be under way at `at`. */
export function allowedAt(throttle: Throttle, concurrency: number, at: number): number {
  return isForgiven(throttle, at) ? concurrency : Math.floor(throttle.limit);
}

/** Milliseconds until anything may be begun; 0 when something may. */
export function heldFor(throttle: Throttle, at: number): number {
  return Math.max(0, throttle.heldUntil - at);
}

function isForgiven(throttle: Throttle, at: number): boolean {
  return at >= Math.max(throttle.cutAt, throttle.heldUntil) + FORGIVEN_MS;
}
