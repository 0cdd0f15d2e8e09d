import type { Clock, Timer } from '../base/clock.ts';
import type { MessageRetention } from '../domain/retention.ts';
import type { Store } from '../store/store.ts';

/** Trims the store a page at a time, so that no send waits long behind it. */
const TRIM_EVERY_MS = 60_000;
const TRIM_ROWS = 2_000;

/** How long things are kept, in milliseconds; 0 = for ever. */
export interface Retention extends MessageRetention {
  readonly replayMs: number;
}

export interface MaintenanceDeps {
  readonly store: Pick<Store, 'commit'>;
  readonly clock: Clock;
  /** Of several nodes one does it; asked for anew each time. */
  readonly hasChores?: () => boolean;
}

/** Keeps the store small: trims what no cursor, window or dead letter needs. `stop()` ends it. */
export function startMaintenance(
  { store, clock, hasChores = () => true }: MaintenanceDeps,
  retention: Retention,
  onError: (error: unknown) => void,
): { stop(): void } {
  let stopped = false;
  let timer: Timer;

  async function trim(): Promise<void> {
    let more = true;
    while (more && !stopped && hasChores()) {
      const { replayMs, messagesMs, apps } = retention;
      const result = await store.commit({
        type: 'trim',
        now: clock.now(),
        replayWindowMs: replayMs,
        messageWindowMs: messagesMs,
        ...(apps !== undefined && { apps }),
        limit: TRIM_ROWS,
      });
      more = result.more;
    }
  }

  function schedule(): void {
    timer = clock.setTimer(TRIM_EVERY_MS, () => {
      trim()
        .catch(onError)
        .finally(() => {
          if (!stopped) schedule();
        });
    });
  }

  schedule();
  return {
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}
