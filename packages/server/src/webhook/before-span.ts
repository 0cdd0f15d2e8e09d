import type { TraceSpan, Tracing } from '../base/tracing.ts';
import type { Pending } from '../domain/before-webhook.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { BeforeKind } from '../domain/event-kinds.ts';
import type { Judgement } from './before-judgement.ts';
import { verdictOf } from './before-observer.ts';
import type { Outcome } from './sender.ts';

/** Where the span belongs: `parent` is the traceparent of the send. */
interface BeforeTrace {
  readonly tracing: Tracing;
  readonly parent: string | undefined;
}

/** The span of one question: a child of the send that waits for its answer. A question that is not asked has none. */
export function startBeforeSpan(
  { tracing, parent }: BeforeTrace,
  { app, settings }: Endpoint,
  kind: BeforeKind,
  pending: Pending,
  startedAt: number,
): TraceSpan {
  return tracing.start(`before-webhook ${settings.name}`, 'client', parent, startedAt, {
    'http.request.method': 'POST',
    'server.address': new URL(settings.url).hostname,
    'confab.app': app,
    'confab.endpoint': settings.name,
    'confab.group': pending.groupId,
    'confab.event': kind,
  });
}

/** A refusal and a drop are answers; an error is what no answer could be made of. */
export function endBeforeSpan(
  span: TraceSpan,
  at: number,
  outcome: Outcome,
  judgement: Judgement | 'aborted',
): void {
  if (judgement === 'aborted') {
    span.end(at, {}, judgement);
    return;
  }
  const status = outcome.kind === 'answer' ? { 'http.response.status_code': outcome.status } : {};
  const error = judgement.kind === 'failed' ? judgement.detail : undefined;
  span.end(at, { ...status, 'confab.verdict': verdictOf(judgement) }, error);
}
