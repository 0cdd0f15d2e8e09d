/**
 * The circuit breaker of one endpoint, as values.
 *
 *   closed --(`failures` failures in a row)--> open --(probeAt reached)--> probing --success--> closed
 *                                               ^                             |
 *                                               +----------- failure ---------+
 *
 * Any success while closed sets the count back: the breaker speaks of the endpoint, not of one bad lane.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly probeAt: number }
  | { readonly state: 'probing' };

export interface BreakerPolicy {
  readonly failures: number;
  readonly probeEveryMs: number;
}

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** `at` is in milliseconds on any clock, the same one every time. */
export function afterFailure(breaker: Breaker, policy: BreakerPolicy, at: number): Breaker {
  if (breaker.state === 'open') return breaker;
  const failures = breaker.state === 'closed' ? breaker.failures + 1 : policy.failures;
  return failures >= policy.failures
    ? { state: 'open', probeAt: at + policy.probeEveryMs }
    : { state: 'closed', failures };
}

/** A late success of an attempt begun before the breaker opened proves the endpoint alive as well as a probe does. */
export function afterSuccess(breaker: Breaker): Breaker {
  return breaker.state === 'closed' && breaker.failures === 0 ? breaker : CLOSED;
}

export function startProbe(breaker: Breaker, at: number): Breaker {
  return breaker.state === 'open' && at >= breaker.probeAt ? { state: 'probing' } : breaker;
}

/** A probe that came to nothing, because no lane had anything to send. */
export function abandonProbe(breaker: Breaker, policy: BreakerPolicy, at: number): Breaker {
  return breaker.state === 'probing' ? { state: 'open', probeAt: at + policy.probeEveryMs } : breaker;
}
