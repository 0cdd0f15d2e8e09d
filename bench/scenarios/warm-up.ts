/** V8's compilers take the cores for half a second about the 16,500th message of a fresh process. */
const WARM_UP_MESSAGES = 24_000;
const WARM_UP_SECONDS = 10;

/**
 * Where delays are measured, the server has been under the same load for so many seconds: the first thousands of requests of a
 * fresh process are compiled while they are served, on the cores that serve them. `rate` in messages per second; absent: as many as it takes.
 */
export function warmUpSeconds(rate = Number.POSITIVE_INFINITY): number {
  return Math.max(WARM_UP_SECONDS, Math.ceil(WARM_UP_MESSAGES / rate));
}
