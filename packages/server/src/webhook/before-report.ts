import type { Logger } from '../base/logger.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { type BeforeObserver, verdictOf } from './before-observer.ts';

/** One log line and two metrics for each verdict. Bodies, tokens, URLs and the texts of refusals stay out of it. */
export function reportBefore(logger: Logger, metrics: Metrics): BeforeObserver {
  return {
    answered(endpoint, { kind, pending, judgement, durationMs }) {
      const verdict = verdictOf(judgement);
      metrics.beforeAnswered(labelsOf(endpoint), verdict, durationMs / 1000);
      const line = {
        ...labelsOf(endpoint),
        question: kind,
        group: pending.groupId,
        requestId: pending.operationID,
        verdict,
        ms: Math.round(durationMs),
        ...(judgement.kind === 'refused' &&
          judgement.refusal.ownCode !== undefined && { ownCode: judgement.refusal.ownCode }),
      };
      const what = kind.startsWith('group.message.') ? 'sending' : 'a change';
      if (judgement.kind !== 'failed') logger.info(line, `asked before ${what}`);
      else {
        const policy = endpoint.settings.onFailure ?? 'proceed';
        logger.warn({ ...line, detail: judgement.detail, onFailure: policy }, `not answered before ${what}`);
      }
    },
    breaker(endpoint, state) {
      metrics.beforeBreaker(labelsOf(endpoint), state);
      logger.warn(labelsOf(endpoint), `before-webhook breaker ${state}`);
    },
    gone: (endpoint) => metrics.forgetBefore(labelsOf(endpoint)),
  };
}

function labelsOf(endpoint: Endpoint): { readonly app: number; readonly endpoint: string } {
  return { app: endpoint.app, endpoint: endpoint.settings.name };
}
