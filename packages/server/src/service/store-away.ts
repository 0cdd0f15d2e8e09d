import { StoreError, type StoreErrorCode } from '../store/errors.ts';

/** What an operator mends outside of Confab, or what passes by itself. */
const AWAY: ReadonlySet<StoreErrorCode> = new Set([
  'unreachable',
  'read-only',
  'busy',
  'full',
  'denied',
  'locked',
  'closed',
]);

/** Why the store could not do it at the moment, as `/readyz` says it; undefined when the error says something else. */
export function storeAway(error: unknown): string | undefined {
  return error instanceof StoreError && AWAY.has(error.code) ? error.message : undefined;
}

/** The fields of a log line about it. Such lines come many at once while a store is away, and a stack says nothing of what is outside. */
export function failureFields(error: unknown): { readonly reason: string } | { readonly err: unknown } {
  const reason = storeAway(error);
  return reason === undefined ? { err: error } : { reason };
}
