/** A number in [0, 1). Passed in, so that backoff is predictable in tests. */
export type Random = () => number;

export function systemRandom(): Random {
  return () => Math.random();
}
