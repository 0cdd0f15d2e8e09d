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
