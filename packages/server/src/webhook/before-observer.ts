import type { Pending } from '../domain/before-webhook.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { BeforeKind } from '../domain/event-kinds.ts';
import type { Judgement } from './before-judgement.ts';

/** One question to one endpoint, answered or not. */
export interface BeforeReport {
  readonly kind: BeforeKind;
  readonly pending: Pending;
  readonly judgement: Judgement;
  /** 0 when nothing was asked, because the breaker is open or too many wait. */
  readonly durationMs: number;
}

/** Told of every verdict: the log line and the metrics of a before-webhook. */
export interface BeforeObserver {
  answered(endpoint: Endpoint, report: BeforeReport): void;
  breaker(endpoint: Endpoint, state: 'open' | 'closed'): void;
  /** The endpoint was deleted, paused or is not to be asked any more. */
  gone(endpoint: Endpoint): void;
}

/** The judgement in one word, for logs and metrics: `allowed`, `rewritten`, `without`, `refused`, `dropped`, or why it failed. */
export function verdictOf(judgement: Judgement): string {
  return judgement.kind === 'failed' ? judgement.verdict : judgement.kind;
}
