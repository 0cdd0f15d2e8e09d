import type { PendingChange, PendingMessageFacts } from '@confab-im/protocol';
import type { Breaker } from './breaker.ts';
import type { Refusal } from './refusal.ts';

/** What an app backend is asked about. */
export type Pending = PendingMessageFacts | PendingChange;

/** The parts of a message that an app backend may replace. */
export type MessageParts = Pick<PendingMessageFacts, 'msgBodyJson' | 'cloudCustomData' | 'at'>;

/** What the app backends make of a message that is about to be sent. */
export type BeforeVerdict =
  | {
      readonly kind: 'allowed';
      /** Set when the message was changed: all parts as they are to be sent. */
      readonly rewritten?: MessageParts;
    }
  /** The caller is told that it was sent; it is not. */
  | { readonly kind: 'dropped' }
  | Refusal;

/** What the app backends make of a change that is about to happen. */
export type ChangeVerdict =
  | {
      readonly kind: 'allowed';
      /** Of users who are to be added, those who must not be. */
      readonly refusedMembers: readonly string[];
    }
  | Refusal;

/** The port to before-webhooks: the app's endpoints are asked one after the other, while no transaction is open. */
export interface BeforeWebhook {
  /** Whether somebody wants to be asked about messages of this group. Called for every message, so it only looks into memory. */
  matches(app: number, groupId: string): boolean;
  /**
   * Takes at most the time-outs of the endpoints that are asked. Never rejects: failures end as their policies say. `traceparent`: the
   * span of the send, when it is traced.
   */
  ask(app: number, message: PendingMessageFacts, traceparent?: string): Promise<BeforeVerdict>;
  /** Whether somebody wants to be asked about such a change of this group; `groupId` is empty while there is none. */
  matchesChange(app: number, kind: PendingChange['kind'], groupId: string): boolean;
  /** The same as `ask` for a change. The first refusal ends the chain; of invited users each endpoint sees those who are left. */
  askChange(app: number, change: PendingChange, traceparent?: string): Promise<ChangeVerdict>;
}

/** An endpoint that is asked before sending, for people. */
export interface BeforeState {
  readonly app: number;
  readonly endpoint: string;
  readonly breaker: Breaker['state'];
  readonly inFlight: number;
  /** Since the start of the server or the last change of the endpoint. */
  readonly verdicts: Readonly<Record<string, number>>;
}
