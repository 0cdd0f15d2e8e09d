export type { BodySource } from './body.ts';
export { type Clock, systemClock, type Timer } from './clock.ts';
export { type ClaimResult, type DedupeStore, memoryDedupe } from './dedupe.ts';
export { DIALECTS, type Dialect } from './dialects/dialect.ts';
export type { Delivery, Events, KeyedDelivery, OtherEvent, Verified } from './event.ts';
export {
  createReceiver,
  type Handlers,
  type PlainRequest,
  type Receiver,
  type ReceiverOptions,
} from './handler.ts';
export type { HeadersLike } from './headers.ts';
export type { VerifyOptions } from './options.ts';
export type { Outcome, PlainResponse } from './outcome.ts';
export { REFUSAL_STATUS, type RefusalCode, type Refused } from './refusal.ts';
export { verify } from './verify.ts';
