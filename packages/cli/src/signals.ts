/** Ctrl-C in a terminal reaches a process several times (its group, and whoever forwards it) within this time; that is one wish. */
const ONE_WISH_MS = 500;

export interface StopWish {
  /** Resolves when the process is asked to end for the first time; rejects with the reason when it cannot go on. */
  readonly asked: Promise<void>;
  /** Ends the wait with an error: what runs has broken down. */
  cannotGoOn(reason: Error): void;
  /** Calls `listener` when it is asked again, later: whoever asks twice does not want to wait. */
  onImpatience(listener: () => void): void;
}

/** Takes over SIGINT, SIGTERM and SIGHUP for the rest of the process's life. */
export function untilAskedToStop(): StopWish {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // It may break down while nobody waits yet; whoever waits later still gets the reason.
  promise.catch(() => undefined);
  let firstAt: number | undefined;
  let impatient = () => {};
  const onSignal = () => {
    const now = performance.now();
    firstAt ??= now;
    resolve();
    if (now - firstAt > ONE_WISH_MS) impatient();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return {
    asked: promise,
    cannotGoOn: reject,
    onImpatience: (listener) => {
      impatient = listener;
    },
  };
}
