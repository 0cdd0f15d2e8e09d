/**
 * Remembers which events were handled, by their exact keys. (A high-water mark of `MsgSeq` would drop a message that merely
 * comes late.) One key passes through these states:
 *
 *     unknown --claim--> claimed --confirm--> done
 *        ^                  |
 *        +-----release------+
 *
 * `claim` must be atomic: of two copies that arrive together one gets `new`, the other `busy`. A store that outlives the
 * process must let a claim lapse after a crash; the longest time a handler may need is a good limit.
 */
export interface DedupeStore {
  /** `new`: handle it, then confirm or release. `busy`: another copy is being handled now. `done`: it was handled before. */
  claim(key: string): ClaimResult | Promise<ClaimResult>;
  /** The handler succeeded: every later copy is a duplicate. */
  confirm(key: string): void | Promise<void>;
  /** The handler failed: the next copy is handled. */
  release(key: string): void | Promise<void>;
}

export type ClaimResult = 'new' | 'busy' | 'done';

/**
 * A store in memory that knows the last `maxKeys` handled events (default 100,000, about 20 MB) and forgets the oldest first;
 * claims, which the receiver's `maxInFlight` bounds, are never forgotten. Empty after a restart.
 */
export function memoryDedupe({ maxKeys = 100_000 }: { readonly maxKeys?: number } = {}): DedupeStore {
  const claimed = new Set<string>();
  const done = new Set<string>();
  return {
    claim(key) {
      if (done.has(key)) return 'done';
      if (claimed.has(key)) return 'busy';
      claimed.add(key);
      return 'new';
    },
    confirm(key) {
      claimed.delete(key);
      done.add(key);
      if (done.size <= maxKeys) return;
      const [oldest] = done;
      if (oldest !== undefined) done.delete(oldest);
    },
    release(key) {
      claimed.delete(key);
    },
  };
}
