import type { SentEvent } from '../request.ts';
import { type EventState, isExcused } from './event-state.ts';

/** What the receiver of a lane is told by `prev`: whatever it misses before an event was given up, or is not meant for it. */
export class ReceiverChain {
  /** Where the receiver stood before it lost something: it takes that for sent, though nothing there may have been meant for it. */
  #stoodAt = 0;
  /** How often the lane has gone back. */
  #returns = 0;
  /** How often it had when these began. */
  readonly #begun = new WeakMap<object, number>();

  begun(request: object): void {
    this.#begun.set(request, this.#returns);
  }

  lost(through: number): void {
    this.#stoodAt = Math.max(this.#stoodAt, through);
  }

  /** The lane goes back to these, and nothing excuses them any more: but what was under way may still arrive. */
  wentBack(events: readonly EventState[]): void {
    this.#returns += 1;
    for (const event of events) if (isExcused(event)) event.excusedUntil = this.#returns;
  }

  /** The receiver may miss it when this request comes: there is an excuse, or there was when the request began. */
  mayMiss(event: EventState, request: object): boolean {
    return isExcused(event) || event.excusedUntil > (this.#begun.get(request) ?? this.#returns);
  }

  /** Why the receiver, which has all `events` through `after`, may not be sent this. */
  broken(
    events: readonly EventState[],
    request: object,
    { seq, prev }: SentEvent,
    after: number,
  ): string | undefined {
    if (prev === undefined || prev <= after) return undefined;
    const between = events.filter((event) => event.seq > after && event.seq <= prev);
    const missing = between.find((event) => !this.mayMiss(event, request));
    if (missing === undefined && (between.length > 0 || prev <= this.#stoodAt)) return undefined;
    const what =
      missing === undefined ? 'nothing was meant for it between' : `it misses event ${missing.seq}`;
    return `the receiver had all through ${after} and was sent event ${seq} behind ${prev}: ${what}`;
  }
}
