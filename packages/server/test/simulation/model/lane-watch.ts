import type { Request } from '../network.ts';
import type { Rule, Violation } from '../violation.ts';
import type { ReplayWatch } from './replay-watch.ts';

/** What has become of one event for one endpoint. */
export interface EventState {
  readonly seq: number;
  /** Store generation of the process that last heard of its delivery; 0: nobody has. */
  deliveredBy: number;
  /** Its dead letter stands in the store. */
  buried: boolean;
  /** The store knows that it is settled: no process may send it again of itself. */
  durable: boolean;
  /** The receiver has seen it. */
  processed: boolean;
  /** Attempts that failed and counted. */
  failures: number;
  /**
   * A receiver asked not to be called before: by the wall clock in unix ms, and by the true time in virtual ms. `bound`: the longest
   * wait in ms that the endpoint's settings allowed then.
   */
  notBefore: { readonly wall: number; readonly true: number; readonly bound: number };
}

export const ANY_TIME = { wall: 0, true: 0, bound: 0 };

/** One (endpoint, stream), as it has to look from outside. */
export class LaneWatch {
  readonly name: string;
  readonly events: EventState[] = [];
  readonly replays: ReplayWatch[] = [];
  /** By event whose last attempt failed: the replay it was sent on account of, if one. */
  readonly lastFailures = new Map<number, ReplayWatch | undefined>();
  readonly inFlight = new Set<Request>();
  readonly #replayOf = new WeakMap<Request, ReplayWatch>();
  readonly #bySeq = new Map<number, EventState>();
  /** Everything before this index is settled. */
  #settledBefore = 0;
  #processedBefore = 0;
  #durableBefore = 0;

  constructor(name: string) {
    this.name = name;
  }

  committed(seq: number): void {
    const event: EventState = {
      seq,
      deliveredBy: 0,
      buried: false,
      durable: false,
      processed: false,
      failures: 0,
      notBefore: ANY_TIME,
    };
    this.events.push(event);
    this.#bySeq.set(seq, event);
  }

  event(seq: number): EventState | undefined {
    return this.#bySeq.get(seq);
  }

  replayOf(request: Request): ReplayWatch | undefined {
    return this.#replayOf.get(request);
  }

  /** The process died: its requests are nobody's any more, and what it remembered of `Retry-After` may be lost. */
  crashed(): void {
    this.inFlight.clear();
    for (const event of this.events) event.notBefore = ANY_TIME;
  }

  /** The first event that is neither delivered nor a dead letter. */
  firstOpen(): EventState | undefined {
    let event = this.events[this.#settledBefore];
    while (event !== undefined && isSettled(event)) {
      this.#settledBefore += 1;
      event = this.events[this.#settledBefore];
    }
    return event;
  }

  started(request: Request, ordered: boolean, generation: number): Violation | undefined {
    const { seq, replay } = request;
    const same = [...this.inFlight].find(
      (other) => ordered || (other.seq === seq && other.replay === replay),
    );
    this.inFlight.add(request);
    if (same !== undefined) {
      return this.#violation('one-at-a-time', `event ${seq} was begun while event ${same.seq} was under way`);
    }
    return replay ? this.#replayStarted(request) : this.#eventStarted(seq, ordered, generation);
  }

  processed(seq: number, ordered: boolean): Violation | undefined {
    const event = this.#bySeq.get(seq);
    if (event === undefined || event.processed) return undefined;
    event.processed = true;
    if (!ordered) return undefined;
    let first = this.events[this.#processedBefore];
    while (first !== undefined && (first.processed || first.buried)) {
      this.#processedBefore += 1;
      first = this.events[this.#processedBefore];
    }
    if (first === undefined || first.seq > seq) return undefined;
    return this.#violation('receiver-order', `the receiver saw event ${seq} before event ${first.seq}`);
  }

  /** A checkpoint says that everything up to `cursor`, and `acked`, is settled. */
  recorded(cursor: number, acked: readonly number[]): Violation | undefined {
    let skipped: EventState | undefined;
    let next = this.events[this.#durableBefore];
    while (next !== undefined && next.seq <= cursor) {
      skipped ??= markDurable(next);
      this.#durableBefore += 1;
      next = this.events[this.#durableBefore];
    }
    for (const seq of acked) {
      const event = this.#bySeq.get(seq);
      if (event !== undefined) skipped ??= markDurable(event);
    }
    if (skipped === undefined) return undefined;
    return this.#violation(
      'nothing-skipped',
      `the store was told that event ${skipped.seq} is settled (cursor ${cursor}), and it is not`,
    );
  }

  #eventStarted(seq: number, ordered: boolean, generation: number): Violation | undefined {
    const event = this.#bySeq.get(seq);
    if (event === undefined)
      return this.#violation('no-surprise', `event ${seq} was sent, which is not subscribed to`);
    const first = this.firstOpen();
    if (ordered && first !== undefined && first.seq < seq) {
      return this.#violation('log-order', `event ${seq} was begun before event ${first.seq} was settled`);
    }
    if (event.durable) {
      return this.#violation(
        'bounded-duplicates',
        `event ${seq} was begun again after a checkpoint had passed it`,
      );
    }
    if (event.deliveredBy === generation) {
      return this.#violation(
        'bounded-duplicates',
        `event ${seq} was begun again by the process that had delivered it`,
      );
    }
    return undefined;
  }

  /** It is on account of the oldest replay that has it to send; what a crash forgot comes before what nobody has sent. */
  #replayStarted(request: Request): Violation | undefined {
    const { seq, process } = request;
    const replay = this.replays.find((one) => one.mayStart(seq, process.generation));
    if (replay !== undefined) {
      this.#replayOf.set(request, replay);
      return undefined;
    }
    const open = this.replays.map((replay) => replay.toString()).join(', ');
    return this.#violation(
      'replay',
      `event ${seq} was sent again, out of turn or unasked; asked for: ${open || 'nothing'}`,
    );
  }

  #violation(rule: Rule, why: string): Violation {
    return { rule, why: `${this.name}: ${why}` };
  }
}

function isSettled(event: EventState): boolean {
  return event.deliveredBy > 0 || event.buried;
}

/** The event itself when it may not be. */
function markDurable(event: EventState): EventState | undefined {
  if (event.durable) return undefined;
  event.durable = true;
  return isSettled(event) ? undefined : event;
}
