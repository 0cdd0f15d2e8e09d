/** `ratePerSecond` of an endpoint as a bucket that holds one second's worth, at least one. Times in ms on a monotonic clock. */
export interface TokenBucket {
  readonly tokens: number;
  readonly at: number;
}

export function fullBucket(ratePerSecond: number, at: number): TokenBucket {
  return { tokens: Math.max(1, ratePerSecond), at };
}

export function refill(bucket: TokenBucket, ratePerSecond: number, at: number): TokenBucket {
  const grown = bucket.tokens + ((at - bucket.at) * ratePerSecond) / 1000;
  return { tokens: Math.min(Math.max(1, ratePerSecond), grown), at };
}

/** Sums of fractions fall short of a whole token by rounding; less than this is not missing. */
const ROUNDING = 1e-9;

/** Milliseconds until a token is there; 0 when one is. */
export function waitForToken(bucket: TokenBucket, ratePerSecond: number): number {
  return bucket.tokens >= 1 - ROUNDING ? 0 : Math.ceil(((1 - bucket.tokens) * 1000) / ratePerSecond);
}

export function takeToken(bucket: TokenBucket): TokenBucket {
  return { tokens: bucket.tokens - 1, at: bucket.at };
}
