import { type Explanation, explainDelivery } from '../domain/explain/explain.ts';
import type { ExplainedEvent, LiveDelivery } from '../domain/explain/facts.ts';
import type { ExplainQuery } from '../store/explain.ts';
import { type AdminDeps, type Refused, refused } from './admin.ts';

export interface ExplainDeps extends AdminDeps {
  /** What the dispatcher's memory knows; undefined for an endpoint that it does not work on. */
  liveDelivery(endpointId: number, streamId: number, seq: number): LiveDelivery | undefined;
}

export interface Explained {
  readonly kind: 'explained';
  readonly message: Omit<ExplainedEvent, 'asked' | 'suppressed'> & { readonly disbandedAt?: number };
  readonly endpoints: readonly Explanation[];
}

/** Was this event delivered, where, when, after how many attempts, and if not, why not: for each endpoint of its app. */
export async function explain(deps: ExplainDeps, query: ExplainQuery): Promise<Explained | Refused> {
  const facts = await deps.store.explain(query);
  const { app, groupId, logSeq, msgSeq } = query;
  if (facts.kind === 'no-group') {
    return refused('not-found', `app ${app} has no group "${groupId}", and had none`);
  }
  if (facts.kind === 'no-topic') {
    return refused('not-found', `group "${groupId}" has no topic "${query.topicId}", and had none`);
  }
  if (facts.kind === 'no-message') {
    const asked = logSeq === undefined ? `MsgSeq ${msgSeq}` : `log sequence ${logSeq}`;
    const has = facts.newest === 0 ? 'it has had no message yet' : `its newest is ${facts.newest}`;
    const place = query.topicId === undefined ? `group "${groupId}"` : `topic "${query.topicId}"`;
    return refused('not-found', `${place} has no ${asked}; ${has}`);
  }
  const { asked: _, suppressed: __, ...message } = facts.event;
  const { disbandedAt } = facts;
  return {
    kind: 'explained',
    message: { ...message, ...(disbandedAt !== undefined && { disbandedAt }) },
    endpoints: facts.deliveries.map((delivery) =>
      explainDelivery(
        facts.event,
        delivery,
        deps.liveDelivery(delivery.endpoint.id, facts.streamId, facts.event.logSeq ?? 0),
      ),
    ),
  };
}
