/** Time as an argument: the composition root passes `systemClock()`, tests pass a clock they move by hand. */
export interface Clock {
  /** Unix time in milliseconds. May jump; never use it to measure a duration. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  monotonic(): number;
  /** Calls `fn` once, `ms` milliseconds from now. Timers do not keep the process alive. */
  setTimer(ms: number, fn: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/**
 * Unix milliseconds that never go back, for moments to wait for: a clock that is set forward is followed, one that is set back
 * is not, so that what was to wait a second does not wait an hour longer. Not for people, and not for the wire.
 */
export function steadyNow(clock: Clock): () => number {
  let latest = clock.now();
  let readAt = clock.monotonic();
  return () => {
    const at = clock.monotonic();
    latest = Math.max(clock.now(), latest + Math.round(at - readAt));
    readAt = at;
    return latest;
  };
}

/** Longest delay that `setTimeout` takes without overflowing to 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer: (ms, fn) => {
      const handle = setTimeout(fn, Math.min(Math.max(ms, 0), MAX_DELAY_MS));
      handle.unref();
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
