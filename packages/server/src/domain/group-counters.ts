import { type Refusal, refuse } from './refusal.ts';

/** Limit of tencent-rest-group C1.19. */
const COUNTERS = 20;
const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

/** The counters of a group, a small set that is read and written whole. Values are 64-bit integers as decimal digits. */
export interface Counters {
  /** Grows by one with each change. */
  readonly seq: number;
  readonly entries: readonly Counter[];
}

export interface Counter {
  readonly key: string;
  readonly value: string;
}

export const NO_COUNTERS: Counters = { seq: 0, entries: [] };

export type CounterMode = 'Set' | 'Increase' | 'Decrease';

export interface CountersWritten {
  readonly kind: 'written';
  readonly counters: Counters;
  /** Those that were named, each once, as they are now. */
  readonly changed: readonly Counter[];
}

/** The counters after an update, or why it is refused. A counter that is not there yet counts from 0. */
export function updateCounters(
  now: Counters,
  mode: CounterMode,
  pairs: readonly Counter[],
): CountersWritten | Refusal {
  const values = new Map(now.entries.map(({ key, value }) => [key, BigInt(value)]));
  for (const [index, { key, value }] of pairs.entries()) {
    const by = BigInt(value);
    const before = values.get(key) ?? 0n;
    const after = mode === 'Set' ? by : mode === 'Increase' ? before + by : before - by;
    if (!isInt64(by) || !isInt64(after)) {
      const which = isInt64(by) ? 'the counter would leave' : 'is beyond';
      return refuse('INVALID_PARAMETERS', `GroupCounter[${index}].Value: ${which} the 64 bits of a counter`);
    }
    values.set(key, after);
  }
  if (values.size > COUNTERS) {
    return refuse(
      'TOO_MANY_COUNTERS',
      `the group would have ${values.size} counters, its limit is ${COUNTERS}`,
    );
  }
  const entries = [...values].map(([key, value]) => ({ key, value: String(value) }));
  const named = new Set(pairs.map(({ key }) => key));
  return {
    kind: 'written',
    counters: { seq: now.seq + 1, entries },
    changed: entries.filter(({ key }) => named.has(key)),
  };
}

/** Without the counters of these keys, which need not be there; without `keys` without any. */
export function deleteCounters(now: Counters, keys: readonly string[] | undefined): Counters {
  const entries = keys === undefined ? [] : now.entries.filter(({ key }) => !keys.includes(key));
  return entries.length === now.entries.length ? now : { seq: now.seq + 1, entries };
}

function isInt64(value: bigint): boolean {
  return value >= LEAST && value <= GREATEST;
}
