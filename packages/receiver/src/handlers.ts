import type { ChainVerdict } from './chain.ts';
import type { Delivery, Events, KeyedDelivery, OtherEvent, VerifiedEvent } from './event.ts';

/**
 * Where a handler stands: everything of this lane through this log sequence is applied. The sender goes on behind it, forward or
 * back; below the event's own sequence it says that this event was not applied either. In the dialect `standard` only, and
 * with `after-commit`.
 */
export interface Position {
  readonly appliedThrough: number;
}

/** What a handler gives back: nothing, or its position. */
export type Handled = void | Position | Promise<void> | Promise<Position | undefined>;

/** One function per event, each with the event's full type. What it throws counts as "not handled". */
export type Handlers = {
  readonly [Kind in keyof Events]?: (event: Events[Kind], delivery: KeyedDelivery) => Handled;
};

export interface HandlerOptions {
  readonly on: Handlers;
  /** Gets well-formed events of commands without a type of their own. They are answered OK with or without it. */
  readonly onOther?: ((event: OtherEvent, delivery: Delivery) => Handled) | undefined;
}

export const EVENT_KINDS: readonly (keyof Events)[] = ['group.message.sent', 'tombstone'];

/** Calls the handler of an event. */
export type Act = (chain: ChainVerdict | undefined) => Handled;

/** The handler of this event, ready to be called; undefined when there is none. */
export function actOf({ on, onOther }: HandlerOptions, verified: VerifiedEvent): Act | undefined {
  if (!isTyped(verified)) {
    const { event } = verified;
    return onOther && ((chain) => onOther(event, withChain(verified, chain)));
  }
  const { event } = verified;
  return event.kind === 'tombstone'
    ? bound(on, event.kind, event, verified)
    : bound(on, event.kind, event, verified);
}

function isTyped(verified: VerifiedEvent): verified is Extract<VerifiedEvent, KeyedDelivery> {
  return verified.event.kind !== 'other';
}

function bound<Kind extends keyof Events>(
  on: Handlers,
  kind: Kind,
  event: Events[Kind],
  delivery: KeyedDelivery,
): Act | undefined {
  const handler = on[kind];
  return handler && ((chain) => handler(event, withChain(delivery, chain)));
}

function withChain<D extends Delivery>(delivery: D, chain: ChainVerdict | undefined): D {
  return chain === undefined ? delivery : { ...delivery, chain };
}
