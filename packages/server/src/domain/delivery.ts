import { retryDelay } from './backoff.ts';
import type { EndpointSettings } from './endpoint.ts';

/** How one attempt ended, judged: design "Deliberate departures". */
export type Verdict =
  | {
      readonly kind: 'delivered';
      readonly warning?: string;
      /** The log sequence that the receiver says it has applied all through; dialect `standard` only. */
      readonly appliedThrough?: number;
      /** It says something of a position that cannot be read. */
      readonly unreadable?: true;
    }
  | {
      readonly kind: 'failed';
      /** A stable word for logs and metrics: `http_status`, `timeout`, `connection_refused`, … */
      readonly verdict: string;
      readonly detail: string;
      readonly status?: number;
      readonly answer?: string;
      /** Milliseconds the receiver asked us to wait. */
      readonly retryAfterMs: number;
      /** A refused connection costs no attempt: nobody was there to fail. Nor does a receiver that says when to come again. */
      readonly usesAttempt: boolean;
      /** The receiver has too much to do (429, 503): the whole endpoint slows down. */
      readonly overloaded: boolean;
      /** No further attempt would change it, whatever the endpoint's settings say. */
      readonly permanent?: true;
    };

export type Failure = Extract<Verdict, { kind: 'failed' }>;

/** What has happened to an event at the head of its lane. Times in unix ms. */
export interface Tries {
  readonly attempts: number;
  readonly firstAttemptAt: number;
}

export type NextStep =
  /** `delayMs` from the end of the attempt. */
  | { readonly kind: 'retry'; readonly attempts: number; readonly delayMs: number }
  | {
      readonly kind: 'dead';
      readonly reason: 'age' | 'attempts' | 'permanent';
      readonly attempts: number;
      readonly detail: string;
    };

/** With `park` and `skip` and no `maxAttempts`, a head is given up after so many attempts. */
export const ATTEMPTS_BEFORE_PARKING = 10;

/** What to do with an event whose attempt has just failed. */
export function afterFailedAttempt(
  settings: Pick<EndpointSettings, 'retry' | 'onHeadFailure'>,
  tries: Tries,
  failure: Failure,
  context: { readonly now: number; readonly random: number; readonly probe: boolean },
): NextStep {
  const { retry, onHeadFailure } = settings;
  const attempts = tries.attempts + (failure.usesAttempt && !context.probe ? 1 : 0);
  // An endpoint that was taken away answers 410 to everything. A probe must not bury the backlog one event at a time.
  const isPermanent =
    failure.permanent === true ||
    (failure.status !== undefined && retry.permanentStatuses.includes(failure.status));
  if (isPermanent && !context.probe) {
    return { kind: 'dead', reason: 'permanent', attempts, detail: `given up for good: ${failure.detail}` };
  }
  const limit =
    retry.maxAttempts ?? (onHeadFailure === 'block' ? Number.POSITIVE_INFINITY : ATTEMPTS_BEFORE_PARKING);
  if (attempts >= limit) {
    return {
      kind: 'dead',
      reason: 'attempts',
      attempts,
      detail: `given up after ${attempts} attempts: ${failure.detail}`,
    };
  }
  const age = context.now - tries.firstAttemptAt;
  if (age >= retry.maxAgeMs) {
    const hours = (age / 3_600_000).toFixed(1);
    return {
      kind: 'dead',
      reason: 'age',
      attempts,
      detail: `given up ${hours} h after the first attempt: ${failure.detail}`,
    };
  }
  const delayMs = retryDelay(retry, Math.max(attempts, 1), context.random, failure.retryAfterMs);
  return { kind: 'retry', attempts, delayMs };
}
