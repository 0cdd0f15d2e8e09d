import { GROUP_CHANGE_KINDS } from '@confab-im/protocol';
import { type BeforeHandlers, isBefore } from './before.ts';
import type { ChainVerdict } from './chain.ts';
import type { Delivery, DeliveryOf, Events, OtherEvent, VerifiedEvent } from './event.ts';
import { parseObject } from './json-object.ts';

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
  readonly [Kind in keyof Events]?: (event: Events[Kind], delivery: DeliveryOf<Kind>) => Handled;
};

export interface HandlerOptions {
  readonly on: Handlers;
  /** Decides on what is about to happen. A question without a handler here is answered "go on". */
  readonly before?: BeforeHandlers | undefined;
  /**
   * Gets well-formed events of commands without a type of their own, and as they came those of a group's changes and of questions
   * that have no handler. They are answered OK with or without it.
   */
  readonly onOther?: ((event: OtherEvent, delivery: Delivery) => Handled) | undefined;
}

export const EVENT_KINDS: readonly (keyof Events)[] = [
  'group.message.sent',
  ...GROUP_CHANGE_KINDS,
  'tombstone',
];

/** Calls the handler of an event. */
export type Act = (chain: ChainVerdict | undefined) => Handled;

/** The handler of this event, ready to be called; undefined when there is none. */
export function actOf({ on, onOther }: HandlerOptions, verified: VerifiedEvent): Act | undefined {
  const { event } = verified;
  if (event.kind === 'other') return onOther && ((chain) => onOther(event, withChain(verified, chain)));
  if (isBefore(event)) return onOther && ((chain) => onOther(asItCame(verified), withChain(verified, chain)));
  // What the kind picks takes this event and this delivery: a union of handlers cannot say so.
  const handler = on[event.kind] as ((event: unknown, delivery: Delivery) => Handled) | undefined;
  if (handler !== undefined) return (chain) => handler(event, withChain(verified, chain));
  if (onOther === undefined || event.kind === 'group.message.sent' || event.kind === 'tombstone') {
    return undefined;
  }
  return (chain) => onOther(asItCame(verified), withChain(verified, chain));
}

/** It has been parsed once: a body that is no object has never come so far. */
function asItCame({ rawBody }: Delivery): OtherEvent {
  const parsed = parseObject(rawBody);
  return { kind: 'other', body: 'object' in parsed ? parsed.object : {} };
}

function withChain<D extends Delivery>(delivery: D, chain: ChainVerdict | undefined): D {
  return chain === undefined ? delivery : { ...delivery, chain };
}
