import type { RetryPolicy } from './endpoint.ts';

/**
 * Milliseconds until attempt `attempts + 1`: exponential with full jitter, so that lanes which failed together do not
 * come back together. `random` is in [0, 1). A receiver's `Retry-After` is the least that is waited, up to a bound of its own.
 */
export function retryDelay(
  policy: Pick<RetryPolicy, 'baseDelayMs' | 'maxDelayMs' | 'maxRetryAfterMs'>,
  attempts: number,
  random: number,
  retryAfterMs = 0,
): number {
  const ceiling = Math.min(
    policy.maxDelayMs,
    policy.baseDelayMs * 2 ** Math.min(Math.max(attempts - 1, 0), 40),
  );
  return Math.max(Math.round(ceiling * random), Math.min(retryAfterMs, policy.maxRetryAfterMs));
}

/** `Retry-After` in either form, seconds or an HTTP date, as milliseconds from `now`; 0 when absent or not understood. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
