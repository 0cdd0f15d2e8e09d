import type { GroupMessageSent } from '@confab-im/protocol';
import type { Dialect } from './dialects/dialect.ts';

/** Every event that has a type of its own, by its kind: the names of the handlers. */
export interface Events {
  readonly 'group.message.sent': GroupMessageSent;
}

/** A webhook of a well-formed command without a type of its own, as it came. */
export interface OtherEvent {
  readonly kind: 'other';
  readonly body: { readonly [key: string]: unknown };
}

/** What is known of a request besides its event. */
export interface Delivery {
  readonly dialect: Dialect;
  /** The command as the wire spells it: `Group.CallbackAfterSendMsg`, `callbackAfterSendGroupMsgCommand`, … */
  readonly command: string;
  /**
   * The same for every copy of one event and for no other: `webhook-id` where the sender gives one, else the message's own
   * identity. An event of another command has a key only by `webhook-id`, and without one is never taken for a copy.
   */
  readonly key?: string;
  /** `webhook-id`: stable over retries and replays. Confab sends it in every dialect. */
  readonly deliveryId?: string;
  /** `confab-replay`: somebody asked for this event to be sent again. */
  readonly replay: boolean;
  /** Address of the user or REST caller; Tencent's dialect only, as are the two that follow. */
  readonly clientIp?: string;
  readonly platform?: string;
  readonly requestId?: string;
  /** The body's bytes as they came. */
  readonly rawBody: Uint8Array;
}

export interface KeyedDelivery extends Delivery {
  readonly key: string;
}

/** A request that may be acted upon. */
export type Verified =
  | ({ readonly ok: true; readonly event: Events[keyof Events] } & KeyedDelivery)
  | ({ readonly ok: true; readonly event: OtherEvent } & Delivery);
