export {
  type BeforeEvent,
  type BeforeEvents,
  type BeforeHandlers,
  type Decided,
  type Decision,
  type DropDecision,
  drop,
  type RefuseDecision,
  type RewriteDecision,
  refuse,
  rewrite,
  type WithoutDecision,
  without,
} from './before.ts';
export type { BodySource } from './body.ts';
export {
  type ChainState,
  type ChainStore,
  type ChainVerdict,
  followLink,
  type Hole,
  judgeLink,
  type Link,
  memoryChains,
} from './chain.ts';
export { type Clock, systemClock, type Timer } from './clock.ts';
export { type ClaimResult, type DedupeStore, memoryDedupe } from './dedupe.ts';
export { DIALECTS, type Dialect } from './dialects/dialect.ts';
export type {
  Batch,
  Delivery,
  DeliveryOf,
  Events,
  KeyedDelivery,
  OtherEvent,
  Verified,
  VerifiedBatch,
  VerifiedEvent,
} from './event.ts';
export {
  createReceiver,
  type PlainRequest,
  type Receiver,
  type ReceiverOptions,
} from './handler.ts';
export type { Handled, HandlerOptions, Handlers, Position } from './handlers.ts';
export type { HeadersLike } from './headers.ts';
export type { VerifyOptions } from './options.ts';
export type { Outcome, PlainResponse } from './outcome.ts';
export { REFUSAL_STATUS, type RefusalCode, type Refused } from './refusal.ts';
export { verify } from './verify.ts';
