import { buildPosition, POSITION_HEADER } from '@confab-im/protocol';
import type { Decision } from './before.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Verified } from './event.ts';
import type { Refused } from './refusal.ts';
import { answersIn } from './verify.ts';

/** How one event ended, or a request that brought none. */
export type Outcome =
  /** A question was answered with `answer`; without a decision it lets happen what was asked about. */
  | {
      readonly kind: 'decided';
      readonly verified: Verified;
      readonly decision?: Decision;
      readonly answer: string;
    }
  /** The handler succeeded, and may have said where it stands. */
  | { readonly kind: 'handled'; readonly verified: Verified; readonly appliedThrough?: number }
  /** `duplicate`: the handler had succeeded before. `ignored`: there is none for this event. */
  | { readonly kind: 'duplicate' | 'ignored'; readonly verified: Verified }
  /** The handler stands before this event and asked to be sent what comes behind `appliedThrough`: it counts as not handled. */
  | { readonly kind: 'rewound'; readonly verified: Verified; readonly appliedThrough: number }
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

/**
 * The answer to an outcome, in the dialect of the request. What went wrong inside stays inside. With `appliedThrough` the answer
 * is a 2xx that gives this position, whatever became of the rest.
 */
export function responseTo(
  outcome: Outcome,
  dialect: Dialect,
  close: boolean,
  appliedThrough?: number,
): PlainResponse {
  const { ok, fail } = answersIn(dialect);
  if (appliedThrough !== undefined) {
    const headers = { ...JSON_TYPE, [POSITION_HEADER]: buildPosition(appliedThrough) };
    return { status: 200, headers, body: ok, close };
  }
  switch (outcome.kind) {
    case 'decided':
      return { status: 200, headers: JSON_TYPE, body: outcome.answer, close };
    case 'handled':
    case 'rewound':
    case 'duplicate':
    case 'ignored':
      return { status: 200, headers: JSON_TYPE, body: ok, close };
    case 'refused': {
      const { code, status, answer } = outcome.refused;
      const headers = code === 'wrong-method' ? { ...JSON_TYPE, allow: 'POST' } : JSON_TYPE;
      return { status, headers, body: answer, close };
    }
    case 'failed': {
      const body = fail('The event was not handled. Send it again.');
      return { status: 500, headers: JSON_TYPE, body, close };
    }
    case 'busy':
    case 'late': {
      const body = fail('The event is still being handled. Send it again.');
      return { status: 503, headers: TRY_AGAIN, body, close };
    }
    case 'overloaded': {
      const body = fail('Too many requests at once. Send it again.');
      return { status: 503, headers: TRY_AGAIN, body, close };
    }
  }
}
