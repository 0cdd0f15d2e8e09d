import type { Dialect } from './dialects/dialect.ts';
import type { Verified } from './event.ts';
import type { Refused } from './refusal.ts';
import { moduleOf } from './verify.ts';

/** How one request ended. */
export type Outcome =
  /** `handled`: the handler succeeded. `duplicate`: it had before. `ignored`: there is none for this event. */
  | { readonly kind: 'handled' | 'duplicate' | 'ignored'; readonly verified: Verified }
  /** Another copy is being handled now: this one was sent back to be tried again. */
  | { readonly kind: 'busy'; readonly verified: Verified }
  /** The handler threw, or the store of keys did. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly verified?: Verified }
  /** The answer was due before the handler ended. It goes on, and `handled` or `failed` follows. */
  | { readonly kind: 'late' }
  /** `maxInFlight` requests were at work already. */
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'refused'; readonly refused: Refused };

export interface PlainResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** The request's body was not read to its end: close the connection after the answer. */
  readonly close: boolean;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const TRY_AGAIN = { ...JSON_TYPE, 'retry-after': '1' };

/** The answer to an outcome, in the dialect of the request. What went wrong inside stays inside. */
export function responseTo(outcome: Outcome, dialect: Dialect, close: boolean): PlainResponse {
  const { ok, fail } = moduleOf(dialect);
  switch (outcome.kind) {
    case 'handled':
    case 'duplicate':
    case 'ignored':
      return { status: 200, headers: JSON_TYPE, body: ok, close };
    case 'refused': {
      const { code, status, answer } = outcome.refused;
      const headers = code === 'wrong-method' ? { ...JSON_TYPE, allow: 'POST' } : JSON_TYPE;
      return { status, headers, body: answer, close };
    }
    case 'failed':
      return {
        status: 500,
        headers: JSON_TYPE,
        body: fail('The event was not handled. Send it again.'),
        close,
      };
    case 'busy':
    case 'late':
      return {
        status: 503,
        headers: TRY_AGAIN,
        body: fail('The event is still being handled. Send it again.'),
        close,
      };
    case 'overloaded':
      return {
        status: 503,
        headers: TRY_AGAIN,
        body: fail('Too many requests at once. Send it again.'),
        close,
      };
  }
}
