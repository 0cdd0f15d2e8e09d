import {
  POSITION_HEADER,
  readOpenImAnswer,
  readStandardAnswer,
  readTencentAnswer,
} from '@confab-im/protocol';
import { retryAfterMs } from '../domain/backoff.ts';
import type { Verdict } from '../domain/delivery.ts';
import type { EndpointSettings } from '../domain/endpoint.ts';
import { hideSecrets, type ToldSecrets } from '../domain/hide-secrets.ts';
import type { Outcome } from './sender.ts';
import type { Answer } from './sender-outcome.ts';

type Delivered = Extract<Verdict, { kind: 'delivered' }>;

/** Code of a failure before anything was sent: the endpoint's dialect has no form for the event, and never will. */
export const NO_FORM = 'NO_FORM';

/** Of an answer's body, this much is kept with a failed attempt. */
const ANSWER_KEPT = 1_000;
const TOO_LONG = 'the answer is longer than the limit';

/** Too Many Requests (RFC 6585) and Service Unavailable (RFC 9110): the receiver is there and asks for less. */
const OVERLOADED: readonly number[] = [429, 503];

/**
 * What an attempt's outcome means (design "Deliberate departures"): any 2xx is a delivery, everything else a failure. `strict`: a 2xx
 * whose body says that the receiver failed, or is not the documented JSON, is one too. What is kept of the receiver's own words shows
 * none of the endpoint's secrets.
 */
export function classify(
  outcome: Outcome,
  settings: Pick<EndpointSettings, 'dialect' | 'strict'> & ToldSecrets,
  now: number,
): Verdict {
  const { dialect } = settings;
  if (outcome.kind === 'failed') {
    return {
      kind: 'failed',
      verdict: verdictOf(outcome.stage, outcome.code),
      detail: outcome.message,
      retryAfterMs: 0,
      usesAttempt: outcome.code !== 'ECONNREFUSED',
      overloaded: false,
      ...(outcome.code === NO_FORM && { permanent: true }),
    };
  }
  const { status, body } = outcome;
  if (status >= 200 && status < 300)
    return success(
      outcome,
      dialect === 'standard' ? standardAnswer(outcome) : answer(outcome, dialect, settings),
      settings,
    );
  const overloaded = OVERLOADED.includes(status);
  const waitMs = retryAfterMs(outcome.retryAfter, now);
  return {
    kind: 'failed',
    verdict: 'http_status',
    detail: `the receiver answered HTTP ${status}`,
    status,
    answer: keptOf(body, settings),
    retryAfterMs: waitMs,
    usesAttempt: !(overloaded && waitMs > 0),
    overloaded,
  };
}

function success(
  { status, body }: Answer,
  delivered: Delivered,
  settings: Pick<EndpointSettings, 'strict'> & ToldSecrets,
): Verdict {
  const { warning } = delivered;
  if (settings.strict !== true || warning === undefined) return delivered;
  return {
    kind: 'failed',
    verdict: 'answer_not_ok',
    detail: warning,
    status,
    answer: keptOf(body, settings),
    retryAfterMs: 0,
    usesAttempt: true,
    overloaded: false,
  };
}

/** Cut last, so that no half of a secret is left at the end. */
function keptOf(body: string, secrets: ToldSecrets): string {
  return hideSecrets(body, secrets).slice(0, ANSWER_KEPT);
}

/** A position that cannot be read leaves a single event delivered, as any 2xx does. */
function standardAnswer({ status, body, position, truncated }: Answer): Delivered {
  const said = readStandardAnswer(status, { [POSITION_HEADER]: position }, body);
  const warning = said.kind === 'malformed' ? said.why : truncated ? TOO_LONG : undefined;
  return {
    kind: 'delivered',
    ...(warning !== undefined && { warning }),
    ...(said.kind === 'malformed' && { unreadable: true as const }),
    ...(said.kind === 'ok' && said.appliedThrough !== undefined && { appliedThrough: said.appliedThrough }),
  };
}

function answer({ body, truncated }: Answer, dialect: 'tencent' | 'openim', secrets: ToldSecrets): Delivered {
  const warning = truncated ? TOO_LONG : warningOf(body, dialect, secrets);
  return warning === undefined ? { kind: 'delivered' } : { kind: 'delivered', warning };
}

function warningOf(body: string, dialect: 'tencent' | 'openim', secrets: ToldSecrets): string | undefined {
  const answer = dialect === 'openim' ? readOpenImAnswer(body) : readTencentAnswer(body);
  if (answer.kind === 'malformed') return `the answer is not the documented JSON: ${answer.why}`;
  if (answer.kind === 'fail') {
    const info = hideSecrets(answer.errorInfo, secrets);
    return `the receiver says it failed: ${answer.errorCode} ${info}`.slice(0, 200);
  }
  return undefined;
}

function verdictOf(stage: string, code: string): string {
  if (code === NO_FORM) return 'no_form';
  if (code === 'TIMEOUT') return `timeout_${stage}`;
  if (code === 'ECONNREFUSED') return 'connection_refused';
  if (code === 'ECONNRESET' || code === 'CONNECTION_CLOSED') return 'connection_reset';
  if (stage === 'blocked') return 'blocked_address';
  return `${stage}_error`;
}
