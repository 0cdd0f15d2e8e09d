import type { LaneEvent } from '../../../src/store/lanes.ts';
import type { Request, SentEvent } from '../request.ts';
import type { Rule, Violation } from '../violation.ts';
import { Claims, type Owed } from './claims.ts';
import { ANY_TIME, type EventState, isExcused, isSettled, newEvent, settleOtherwise } from './event-state.ts';
import { type LastFailure, lastFailure } from './last-failure.ts';
import { ReceiverChain } from './receiver-chain.ts';
import type { ReplayWatch } from './replay-watch.ts';
import type { RecordedLane } from './tables.ts';

type Applied = Pick<Request, 'tenure'>;

/** One (endpoint, stream), as it has to look from outside. */
export class LaneWatch {
  readonly name: string;
  readonly events: EventState[] = [];
  readonly replays: ReplayWatch[] = [];
  /** By event whose last attempt failed; a replay of it is none of these. */
  readonly lastFailures = new Map<number, LastFailure>();
  readonly inFlight = new Set<Request>();
  readonly claims = new Claims();
  readonly chain = new ReceiverChain();
  readonly #isInLog: (seq: number) => boolean;
  readonly #replayOf = new WeakMap<Request, ReplayWatch>();
  readonly #bySeq = new Map<number, EventState>();
  /** The last event that was committed while the endpoint was told its chain. */
  #chainEnd = 0;
  /** Everything before this index is settled. */
  #settledBefore = 0;
  #processedBefore = 0;
  #durableBefore = 0;
  #mayGoBack = false;
  #hasGoneBack = false;
  #owed: Owed | undefined;
  /** Senders that were told of a receiver before its event. */
  readonly #toldBefore = new WeakSet<object>();

  constructor(name: string, isInLog: (seq: number) => boolean) {
    this.name = name;
    this.#isInLog = isInLog;
  }

  committed(seq: number, isChained: boolean): void {
    const event = newEvent(seq, isChained ? this.#chainEnd : undefined);
    if (isChained) this.#chainEnd = seq;
    this.events.push(event);
    this.#bySeq.set(seq, event);
  }

  event(seq: number): EventState | undefined {
    return this.#bySeq.get(seq);
  }

  replayOf(request: Request): ReplayWatch | undefined {
    return this.#replayOf.get(request);
  }

  /**
   * The process died: its requests are nobody's any more, and what it remembered of `Retry-After` may be lost. That the lane has gone
   * back is forgotten, too, unless the store knows; `recordedLane` looks there.
   */
  crashed(recordedLane: () => RecordedLane): void {
    this.inFlight.clear();
    this.#owed = undefined;
    for (const event of this.events) {
      event.notBefore = ANY_TIME;
      event.readAgain = false;
      if (event.early) event.entombed = false;
      event.early = false;
    }
    if (!this.#hasGoneBack) return;
    const { cursor, acked, entombed } = recordedLane();
    for (const event of this.events) {
      if (!event.reopened || event.durable) continue;
      // Also of what the dead process had delivered itself: the next one knows of its tombstone alone.
      if (entombed.includes(event.seq)) event.entombed = true;
      else if (!isSettled(event) && (event.seq <= cursor || acked.includes(event.seq)))
        settleOtherwise(event);
    }
  }

  /** What was delivered under this tenure and the store knows nothing of. */
  unwritten(tenure: number): EventState | undefined {
    return this.events.find((event) => event.deliveredBy === tenure && !event.durable && !event.mayRepeat);
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
    let same: Request | undefined;
    for (const other of this.inFlight)
      if (ordered || (other.seq === seq && other.replay === replay)) same ??= other;
    this.inFlight.add(request);
    if (same !== undefined) {
      return this.#violation('one-at-a-time', `event ${seq} was begun while event ${same.seq} was under way`);
    }
    if (replay) return this.#misplaced(request.events[0]) ?? this.#replayStarted(request);
    const owed = this.#takeOwed(request);
    if (owed !== undefined) return owed;
    if (this.#mayGoBack) this.#goBack(request.events[0], generation);
    this.chain.begun(request);
    if (!ordered) this.#entombEarly(request.events[0]);
    let before: SentEvent | undefined;
    for (const event of request.events) {
      const wrong =
        this.#misplaced(event) ??
        (ordered ? this.#outOfTurn(event, before) : undefined) ??
        this.#repeated(event, generation);
      if (wrong !== undefined) return wrong;
      before = event;
    }
    return undefined;
  }

  /** What was sent is applied; `through`: of a batch no more than this. */
  delivered({ events }: Request, through: number, generation: number): void {
    for (const { seq, tombstone, prev = 0 } of events) {
      if (seq > through) return;
      const event = this.#bySeq.get(seq);
      if (event === undefined) continue;
      if (tombstone && !event.entombed) this.#deliveredTrimmed(prev, seq, generation);
      else event.deliveredBy = Math.max(event.deliveredBy, generation);
    }
  }

  /** Its turn came, and it was not delivered. */
  failed(request: Request): void {
    const isEntombed = this.#bySeq.get(request.seq)?.entombed === true;
    this.lastFailures.set(request.seq, lastFailure(request, isEntombed));
  }

  /** The receiver has what lies behind the request, through `through`, which is in the log. Only the owner moves the lane there. */
  saidAhead({ tenure, seq, events }: Request, through: number, owns: boolean): void {
    const sent = events.at(-1)?.seq ?? seq;
    this.claims.heard(tenure, sent, through);
    if (!owns) return;
    for (const event of this.events) if (event.seq > sent && event.seq <= through) event.passed = true;
  }

  /** The receiver of this request stands at `through`, before others that had been settled. */
  saidBehind(request: Request, through: number): void {
    for (const event of this.events) {
      if (event.seq <= through || !isSettled(event)) continue;
      event.mayRepeat = true;
      this.#mayGoBack = true;
    }
    const wasEntombed = this.#bySeq.get(request.seq)?.entombed === true;
    if (!this.#toldBefore.has(request.sender)) this.#owed = { request, through, wasEntombed };
    this.#toldBefore.add(request.sender);
  }

  /** A process was handed these out of the log: it may send them though they are trimmed meanwhile. */
  read(events: readonly LaneEvent[]): void {
    for (const { seq, tombstone, replayId } of events) {
      if (tombstone !== undefined || replayId !== undefined) continue;
      const event = this.#bySeq.get(seq);
      if (event?.mayRepeat === true) event.readAgain = true;
    }
  }

  /** The receiver stood behind `prev` of the event, and would not take it: from now on the sender may remember that. */
  saidAgain({ sender }: Request): void {
    this.#toldBefore.add(sender);
  }

  /** The receiver has lost what it had, or said that it had, of these. */
  lost({ after, through }: { readonly after: number; readonly through: number }): void {
    this.chain.lost(through);
    for (const event of this.events) if (event.seq > after && event.seq <= through) event.lost = true;
  }

  /** The receiver applies an event of a request, and has everything that it had through `after`. */
  processed(request: Applied, sent: SentEvent, after: number, ordered: boolean): Violation | undefined {
    const { seq, tombstone } = sent;
    const broken = ordered ? this.chain.broken(this.events, request, sent, after) : undefined;
    if (broken !== undefined) return this.#violation('chain', broken);
    const event = this.#bySeq.get(seq);
    if (event === undefined) return undefined;
    if (seq > after) event.lost = false;
    if (tombstone || event.processed) return undefined;
    event.processed = true;
    if (!ordered) return undefined;
    let first = this.events[this.#processedBefore];
    while (first !== undefined && (isExcused(first) || first.entombed)) {
      this.#processedBefore += 1;
      first = this.events[this.#processedBefore];
    }
    if (first === undefined || first.seq > seq) return undefined;
    const missed = this.events
      .slice(this.#processedBefore)
      .filter((one) => !this.chain.mayMiss(one, request))
      .find((one) => !one.entombed && !this.claims.covers(request.tenure, one.seq));
    if (missed === undefined || missed.seq > seq) return undefined;
    return this.#violation('receiver-order', `the receiver saw event ${seq} before event ${missed.seq}`);
  }

  /**
   * Its dead letter stands in the store. A tombstone is no attempt more at the event: of `Retry-After` only the hold of the endpoint
   * keeps it back, and who pauses and resumes the endpoint lifts that. A deleted endpoint holds nothing in the log any more.
   */
  buried(event: EventState, leavesTombstone: boolean, isDeleted: boolean): void {
    event.buriedTrimmed = (event.reopened || isDeleted) && !this.#isInLog(event.seq);
    if (event.early) event.early = false;
    else if (leavesTombstone && !event.entombed) {
      event.entombed = true;
      event.failures = 0;
      event.notBefore = ANY_TIME;
    } else event.buried = true;
  }

  /** The endpoint has left the dialect `standard`, or who delivers believes so: no tombstone need be sent any more. */
  leftChain(): void {
    for (const event of this.events) if (event.entombed) event.buried = true;
  }

  /** A checkpoint says that everything up to `cursor`, and `acked`, is settled. */
  recorded(cursor: number, acked: readonly number[]): Violation | undefined {
    let skipped: EventState | undefined;
    let next = this.events[this.#durableBefore];
    while (next !== undefined && next.seq <= cursor) {
      skipped ??= this.#markDurable(next);
      this.#durableBefore += 1;
      next = this.events[this.#durableBefore];
    }
    for (const seq of acked) {
      const event = this.#bySeq.get(seq);
      if (event !== undefined) skipped ??= this.#markDurable(event);
    }
    if (skipped === undefined) return undefined;
    return this.#violation(
      'nothing-skipped',
      `the store was told that event ${skipped.seq} is settled (cursor ${cursor}), and it is not`,
    );
  }

  /** The event itself when it may not be. What a lane that went back finds trimmed is settled: it was before. */
  #markDurable(event: EventState): EventState | undefined {
    if (event.durable) return undefined;
    event.durable = true;
    if (isSettled(event) && !event.early) return undefined;
    if (!event.reopened || this.#isInLog(event.seq)) return event;
    settleOtherwise(event);
    return undefined;
  }

  /** Does it say rightly where it stands, and is it what is due there? */
  #misplaced({ seq, prev, tombstone }: SentEvent): Violation | undefined {
    const event = this.#bySeq.get(seq);
    if (event === undefined) {
      if (prev === undefined || prev === seq - 1) return undefined;
      return this.#violation('chain', `event ${seq}, which it was not meant for, was sent behind ${prev}`);
    }
    if (tombstone && !event.entombed) return this.#notTrimmed(seq, prev ?? 0);
    if (prev === undefined || prev === (event.prev ?? 0)) return undefined;
    return this.#violation('chain', `event ${seq} was sent behind ${prev}; it follows ${event.prev ?? 0}`);
  }

  /** A tombstone for what was not given up stands for events that have been trimmed: all behind `prev`. */
  #notTrimmed(seq: number, prev: number): Violation | undefined {
    const there = this.events.find((one) => one.seq > prev && one.seq <= seq && this.#isInLog(one.seq));
    if (there === undefined) return undefined;
    const why = `a tombstone was sent for event ${seq} behind ${prev}, and event ${there.seq} is there and was not given up`;
    return this.#violation('tombstone', why);
  }

  /** `before`: what stands before it in the same request. */
  #outOfTurn({ seq, tombstone, prev = 0 }: SentEvent, before: SentEvent | undefined): Violation | undefined {
    const event = this.#bySeq.get(seq);
    const isTrimmed = tombstone && event?.entombed !== true;
    const covered = isTrimmed ? prev : seq - 1;
    const isOpen = (one: EventState) => before !== undefined && one.seq > before.seq && !isSettled(one);
    const first = before === undefined ? this.firstOpen() : this.events.find(isOpen);
    if (first === undefined || first.seq > covered) return undefined;
    return this.#violation('log-order', `event ${seq} was begun before event ${first.seq} was settled`);
  }

  #repeated({ seq, tombstone }: SentEvent, generation: number): Violation | undefined {
    const event = this.#bySeq.get(seq);
    if (event === undefined)
      return this.#violation('no-surprise', `event ${seq} was sent, which is not subscribed to`);
    if (tombstone && !event.entombed) return undefined;
    if (event.entombed && !tombstone) {
      return this.#violation('tombstone', `event ${seq} was sent, although it was given up for a tombstone`);
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
    if (event.passed) {
      // The lane did not go forward over it, so it has to be settled like any other.
      event.passed = false;
      this.#settledBefore = Math.min(this.#settledBefore, this.events.indexOf(event));
    }
    return undefined;
  }

  /** The first request after a receiver has asked for what it lost: it begins there, unless its event was given up meanwhile. */
  #takeOwed({ sender, events: [first] }: Request): Violation | undefined {
    const owed = this.#owed;
    this.#owed = undefined;
    if (owed === undefined || owed.request.sender !== sender) return undefined;
    const asked = this.#bySeq.get(owed.request.seq);
    if (asked === undefined || asked.buried || asked.entombed !== owed.wasEntombed) return undefined;
    const { through } = owed;
    const [behind, next] = [this.events, this.events.filter(({ seq }) => this.#isInLog(seq))].map((events) =>
      events.find(({ seq }) => seq > through),
    );
    // What was read before it was trimmed may still be sent.
    if (next === undefined || first.seq === behind?.seq) return undefined;
    const isTrimmed = (next.prev ?? 0) > through;
    if (isTrimmed ? first.tombstone && first.prev === through : first.seq === next.seq) return undefined;
    const due = isTrimmed ? `a tombstone behind ${through}` : `event ${next.seq}`;
    const why = `the receiver stands at ${through} and said so; event ${first.seq} was sent, not ${due}`;
    return this.#violation('position', why);
  }

  /** What is begun tells whether the lane went back: from there on all that is still in the log has to come again. */
  #goBack(first: SentEvent, generation: number): void {
    this.#mayGoBack = false;
    const asked = this.#bySeq.get(first.seq);
    // A lane that goes back to what was given up sends the event itself: its tombstone is begun by one that stays.
    const isOwnTombstone = first.tombstone && asked?.entombed === true;
    const goesBack = first.tombstone ? !isOwnTombstone : asked?.mayRepeat === true;
    const reopened: EventState[] = [];
    for (const event of this.events) {
      if (!event.mayRepeat) continue;
      const isThere = event.readAgain || this.#isInLog(event.seq);
      event.mayRepeat = false;
      event.readAgain = false;
      if (goesBack && event.seq >= first.seq && isThere) reopened.push(event);
    }
    this.#reopen(reopened, generation);
  }

  #reopen(events: readonly EventState[], generation: number): void {
    this.chain.wentBack(events);
    for (const event of events) {
      // Delivered by a process that died before a checkpoint said so: for this one the tombstone is open, and stays.
      const { deliveredBy, buried, durable } = event;
      const entombed = event.entombed && !durable && !buried && deliveredBy !== generation;
      Object.assign(event, { deliveredBy: 0, buried: false, entombed, durable: false, passed: false });
      event.reopened = true;
      const index = this.events.indexOf(event);
      this.#settledBefore = Math.min(this.#settledBefore, index);
      this.#durableBefore = Math.min(this.#durableBefore, index);
    }
    this.#hasGoneBack ||= events.length > 0;
  }

  /** Without an order nothing waits for a dead letter, not the tombstone either. */
  #entombEarly({ seq, tombstone }: SentEvent): void {
    const event = this.#bySeq.get(seq);
    if (event === undefined || !tombstone || event.entombed || event.durable) return;
    event.entombed = this.lastFailures.get(seq)?.leavesTombstone === true;
    event.early = event.entombed;
    if (event.early) event.notBefore = ANY_TIME;
  }

  #deliveredTrimmed(prev: number, through: number, generation: number): void {
    for (const event of this.events)
      if (event.seq > prev && event.seq <= through && !isSettled(event)) event.deliveredBy = generation;
  }

  /** It is on account of the oldest replay that has it to send; what a crash forgot comes before what nobody has sent. */
  #replayStarted(request: Request): Violation | undefined {
    const { seq, tenure } = request;
    const replay = this.replays.find((one) => one.mayStart(seq, tenure));
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
