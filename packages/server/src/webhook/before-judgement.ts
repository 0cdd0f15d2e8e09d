import { type BeforeAnswer, isTencentOwnCode } from '@confab-im/protocol';
import type { MessageParts } from '../domain/before-webhook.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { hideSecrets } from '../domain/hide-secrets.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';

/** What one endpoint says to one question. */
export type Judgement =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'rewritten'; readonly parts: MessageParts }
  /** Of the users who are invited, these must not be added. */
  | { readonly kind: 'without'; readonly userIds: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'dropped' }
  | BeforeFailure;

/** It said nothing that can be followed. */
export interface BeforeFailure {
  readonly kind: 'failed';
  /** A stable word for logs and metrics: `timeout_headers`, `http_status`, `malformed_answer`, `breaker_open`, … */
  readonly verdict: string;
  readonly detail: string;
}

/** Of the text that the app backend gives its refusal, so much is passed on. */
const MAX_INFO = 1_000;

export function beforeFailure(verdict: string, detail: string): BeforeFailure {
  return { kind: 'failed', verdict, detail };
}

/** Callers know Tencent's codes: its range for own codes is passed on, any other code becomes part of the text. */
export function refusalOf(
  { settings }: Endpoint,
  { errorCode, errorInfo }: Extract<BeforeAnswer, { kind: 'refuse' }>,
  what: string,
): Refusal {
  const info = hideSecrets(errorInfo, settings).slice(0, MAX_INFO);
  if (isTencentOwnCode(errorCode)) return { ...refuse('REFUSED_BY_WEBHOOK', info), ownCode: errorCode };
  const own = settings.dialect === 'openim' && errorCode !== 0 ? ` (errCode ${errorCode})` : '';
  const text = info === '' ? `endpoint "${settings.name}" ${what}` : info;
  return refuse('REFUSED_BY_WEBHOOK', `${text}${own}`);
}
