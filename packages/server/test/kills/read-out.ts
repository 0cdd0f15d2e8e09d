import { setImmediate } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';

/** Of the event loop: to accept a connection, to read it, to take what was read. */
const TURNS = 4;

/**
 * A process has died at `diedAt` (unix ms). What it had sent may be read after the news of its death, on connections that are not even
 * accepted yet: its death is over for the ledger when that is done. `each` is waited for in every turn.
 */
export async function readOut(
  ledger: Ledger,
  diedAt: number,
  each: () => Promise<void> = async () => {},
): Promise<void> {
  const over = ledger.fault(diedAt);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await setImmediate();
    await each();
  }
  over(Date.now());
}
