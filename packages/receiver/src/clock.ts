/** Time as an argument: the default is the machine's, a test passes one that it moves by hand. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls `fn` once, `ms` milliseconds from now. A waiting timer does not keep the process alive. */
  setTimer(ms: number, fn: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer: (ms, fn) => {
      const handle: unknown = setTimeout(fn, ms);
      unref(handle);
      return { cancel: () => clearTimeout(handle as Parameters<typeof clearTimeout>[0]) };
    },
  };
}

/** Node, Bun and Deno hand out timer objects that can let the process end; browsers' and workers' numbers cannot. */
function unref(handle: unknown): void {
  if (
    typeof handle === 'object' &&
    handle !== null &&
    'unref' in handle &&
    typeof handle.unref === 'function'
  ) {
    handle.unref();
  }
}
