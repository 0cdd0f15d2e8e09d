import { StoreError } from '../errors.ts';
import type { Call } from './statement.ts';

/** What `refuse(name)` raises in the database (migrations/0002.sql). */
const REFUSED = 'CF001';
/** Another process has made the row that was to be made. */
const UNIQUE = '23505';

/**
 * What must hold for the transaction of a batch: a statement that comes before all writes, in the same round trip, and rolls the
 * transaction back with `refuse(name)` unless it does: `SELECT CASE WHEN … THEN 0 ELSE refuse('name') END`.
 */
export interface Guard {
  readonly name: string;
  readonly call: Call;
  /** It did not hold: what was remembered of it is void. Then the batch is decided anew. */
  failed(): void;
}

/** A guard of this name did not hold: nothing was written. */
export class GuardFailed extends StoreError {
  readonly guard: string;

  constructor(guard: string, cause: Error) {
    super('busy', `others have changed what was decided on (${cause.message})`, { cause });
    this.guard = guard;
  }
}

export function guardFailure(error: unknown): GuardFailed | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  if (error.code === REFUSED) return new GuardFailed(error.message, error);
  return error.code === UNIQUE ? new GuardFailed('unique', error) : undefined;
}

/** The guards of the batch that is being decided, in the order in which they take their locks. */
export class Guards {
  readonly #guards = new Map<string, Guard>();

  /** One of each name: a later one stands for the earlier. */
  put(guard: Guard): void {
    this.#guards.set(guard.name, guard);
  }

  calls(): Call[] {
    return [...this.#guards.values()].map(({ call }) => call);
  }

  failed(name: string): void {
    this.#guards.get(name)?.failed();
  }

  clear(): void {
    this.#guards.clear();
  }
}
