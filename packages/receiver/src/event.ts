import type { GroupChangeKind, GroupEvent, GroupMessageSent, LaneLink, Tombstone } from '@confab-im/protocol';
import type { BeforeEvent } from './before.ts';
import type { ChainVerdict } from './chain.ts';
import type { Dialect } from './dialects/dialect.ts';

type Changes = { readonly [Kind in GroupChangeKind]: GroupEvent<Kind> };

/** Every event that has a type of its own, by its kind: the names of the handlers. What happens to groups is the same in every dialect. */
export interface Events extends Changes {
  readonly 'group.message.sent': GroupMessageSent;
  /** Stands for an event that the sender was told to skip; dialect `standard` only. */
  readonly tombstone: Tombstone;
}

/** A webhook of a well-formed command without a type of its own, as it came. */
export interface OtherEvent {
  readonly kind: 'other';
  readonly body: { readonly [key: string]: unknown };
}

/** Several events of one lane in one request, in their order; dialect `standard` only. */
export interface Batch {
  readonly kind: 'batch';
  readonly entries: readonly VerifiedEvent[];
}

/** What is known of a request besides its event. */
export interface Delivery {
  readonly dialect: Dialect;
  /** As the wire spells it: `Group.CallbackAfterSendMsg`, `callbackAfterSendGroupMsgCommand`, `group.message.sent`, … */
  readonly command: string;
  /**
   * The same for every copy of one event and for no other: `webhook-id` where the sender gives one, else the message's own
   * identity. Any other event has a key only by `webhook-id`, and without one is never taken for a copy.
   */
  readonly key?: string;
  /** `webhook-id`: stable over retries and replays. Confab sends it in every dialect. */
  readonly deliveryId?: string;
  /** Somebody asked for this event to be sent again: header `confab-replay`, in the dialect `standard` the signed body. */
  readonly replay: boolean;
  /** Address of the user or REST caller, and platform; in the dialects `tencent` and `standard`. */
  readonly clientIp?: string;
  readonly platform?: string;
  /** Tencent's dialect only. */
  readonly requestId?: string;
  /** Which of `signingKeys` the request was signed with, from 0; absent when it carries no signature that was looked at. */
  readonly signedBy?: number;
  /** Where the event stands in its lane; dialect `standard` only. */
  readonly lane?: LaneLink;
  /** What that place says against what was handled before; given to handlers, where `lane` is and `chain` is not `false`. */
  readonly chain?: ChainVerdict;
  /** The body's bytes as they came; of an event in a batch those of its envelope, which is its body when sent alone. */
  readonly rawBody: Uint8Array;
}

export interface KeyedDelivery extends Delivery {
  readonly key: string;
}

/** What is known besides an event of this kind: only messages, and what stands for them, have a key whoever sends them. */
export type DeliveryOf<Kind extends keyof Events> = Kind extends GroupChangeKind ? Delivery : KeyedDelivery;

/** One event that may be acted upon. */
export type VerifiedEvent =
  | ({ readonly ok: true; readonly event: Events[keyof Events] } & KeyedDelivery)
  | ({ readonly ok: true; readonly event: GroupEvent | BeforeEvent | OtherEvent } & Delivery);

/** A request that may be acted upon: one event, or a batch of them. */
export type Verified = VerifiedEvent | VerifiedBatch;

export type VerifiedBatch = { readonly ok: true; readonly event: Batch } & Delivery;
