import type { TraceSpan, Tracing } from '../base/tracing.ts';
import type { Verdict } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { LaneEntry } from './lane.ts';
import type { Outcome } from './sender.ts';

/** The span of one attempt: a child of the send, also after a restart and in a replay, since the log keeps whose child it is. */
export function startSpan(
  tracing: Tracing,
  endpoint: Endpoint,
  entry: LaneEntry,
  startedAt: number,
): TraceSpan {
  const { event } = entry;
  return tracing.start(`webhook ${endpoint.settings.name}`, 'client', event.traceparent, startedAt, {
    'http.request.method': 'POST',
    'server.address': new URL(endpoint.settings.url).hostname,
    'confab.app': endpoint.app,
    'confab.endpoint': endpoint.settings.name,
    'confab.event': event.facts.kind,
    'confab.group': event.facts.groupId,
    'confab.log_seq': event.seq,
    'confab.msg_seq': event.facts.msgSeq,
    'confab.webhook_id': event.id,
    'confab.attempt': entry.attempts + 1,
    'confab.replay': event.replayId !== undefined,
  });
}

export function endSpan(span: TraceSpan, at: number, outcome: Outcome, verdict: Verdict): void {
  const status = outcome.kind === 'answer' ? { 'http.response.status_code': outcome.status } : {};
  const word = verdict.kind === 'delivered' ? 'delivered' : verdict.verdict;
  const error = verdict.kind === 'delivered' ? undefined : verdict.detail;
  span.end(at, { ...status, 'confab.verdict': word }, error);
}
