import type { Logger } from '../base/logger.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { AttemptReport, DeliveryObserver } from './observer.ts';

/** One log line and a few counters for each outcome of a delivery. Bodies, tokens and URLs stay out of it. */
export function reportDeliveries(logger: Logger, metrics: Metrics): DeliveryObserver {
  return {
    delivered(endpoint, report, warning) {
      const labels = labelsOf(endpoint);
      const seconds = (report.at - report.event.time) / 1000;
      metrics.attemptDone(labels, 'delivered', report.durationMs / 1000);
      if (report.event.replayId === undefined) metrics.delivered(labels, Math.max(0, seconds));
      if (warning !== undefined) metrics.answerWarning(labels);
      const line = lineOf(endpoint, report);
      if (warning !== undefined) line.warning = warning;
      logger.info(line, 'delivered');
    },
    failed(endpoint, report, failure, next) {
      const labels = labelsOf(endpoint);
      metrics.attemptDone(labels, failure.verdict, report.durationMs / 1000);
      if (next.kind === 'dead') metrics.deadLettered(labels, next.reason);
      const line = {
        ...lineOf(endpoint, report),
        verdict: failure.verdict,
        ...(failure.status === undefined ? {} : { status: failure.status }),
        detail: failure.detail,
        ...(next.kind === 'dead' ? { deadLetter: next.reason } : { retryInMs: next.delayMs }),
      };
      logger.warn(line, next.kind === 'dead' ? 'given up' : 'not delivered');
    },
    moved(endpoint, { streamId: stream, groupId: group, kind, through }) {
      logger.warn({ ...labelsOf(endpoint), group, stream, through }, MOVED[kind]);
    },
    breaker(endpoint, state) {
      metrics.breaker(labelsOf(endpoint), state);
      logger.warn({ ...labelsOf(endpoint) }, `breaker ${state}`);
    },
    storeFailed(endpoint, error) {
      logger.error({ ...(endpoint === undefined ? {} : labelsOf(endpoint)), err: error }, 'the store failed');
    },
  };
}

const MOVED = {
  back: 'the receiver is behind: its lane goes back',
  forward: 'the receiver is ahead: its lane goes forward, what lies between is not sent',
  refused: 'the receiver says that it is beyond the end of the log: its position is ignored',
} as const;

function labelsOf(endpoint: Endpoint): { readonly app: number; readonly endpoint: string } {
  return { app: endpoint.app, endpoint: endpoint.settings.name };
}

function lineOf(
  endpoint: Endpoint,
  { event, attempt, durationMs, at }: AttemptReport,
): Record<string, unknown> {
  return {
    app: endpoint.app,
    endpoint: endpoint.settings.name,
    kind: event.facts.kind,
    group: event.facts.groupId,
    logSeq: event.seq,
    msgSeq: event.facts.msgSeq,
    id: event.id,
    attempt,
    ms: Math.round(durationMs),
    // Both are times of day, and the clock may have been set back in between.
    delayMs: Math.max(0, at - event.time),
    ...(event.replayId === undefined ? {} : { replay: true }),
  };
}
