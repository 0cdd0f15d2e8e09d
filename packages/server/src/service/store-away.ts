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
