import type { Timer } from '../../src/base/clock.ts';
import { ManualClock } from './manual-clock.ts';

/** The PostgreSQL store's session pauses for so long before it tries to connect again; nothing else waits for just that. */
const BETWEEN_TRIES_MS = 100;

/**
 * A clock that goes on by itself when the store pauses between two tries, in the next turn of the event loop: beside a real database that
 * is away it comes to its end in as many tries as it should, and what is under way meanwhile has no time taken from it.
 */
export class PausingClock extends ManualClock {
  override setTimer(ms: number, fn: () => void): Timer {
    if (ms === BETWEEN_TRIES_MS) setImmediate(() => this.advance(ms));
    return super.setTimer(ms, fn);
  }
}
