import type { DeliveryFacts, ExplainedEvent } from '../domain/explain/facts.ts';

/** Which message: `msgSeq` counts in its group, `logSeq` in the log of it. */
export interface ExplainQuery {
  readonly app: number;
  readonly groupId: string;
  /** Of this topic of the group. */
  readonly topicId?: string;
  readonly msgSeq?: number;
  readonly logSeq?: number;
}

export type ExplainFacts =
  | { readonly kind: 'no-group' }
  | { readonly kind: 'no-topic' }
  /** `newest`: the highest number that there is, 0 for none. */
  | { readonly kind: 'no-message'; readonly newest: number }
  | {
      readonly kind: 'found';
      readonly streamId: number;
      /** Unix ms: the group or the topic is no more. */
      readonly disbandedAt?: number;
      readonly event: ExplainedEvent;
      /** Of every endpoint of the app, and of deleted ones that wanted the message. */
      readonly deliveries: readonly DeliveryFacts[];
    };
