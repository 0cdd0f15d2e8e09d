import {
  abandonProbe,
  afterFailure,
  afterSuccess,
  type Breaker,
  CLOSED,
  startProbe,
} from '../domain/breaker.ts';
import type { Failure } from '../domain/delivery.ts';
import { type Endpoint, longestWaitMs } from '../domain/endpoint.ts';
import type { LiveDelivery } from '../domain/explain/facts.ts';
import type { LaneHint, LaneProgress, LaneRow } from '../store/lanes.ts';
import type { DueLanes, DueLanesQuery } from '../store/store.ts';
import { Alarm } from './alarm.ts';
import { type AttemptDeps, attempt } from './attempt.ts';
import type { LaneOwner } from './checkpointer.ts';
import type { EventReader } from './event-reader.ts';
import { Lane, type LaneEntry, type Pick as LanePick } from './lane.ts';
import { type Ended, Pace } from './pace.ts';
import type { Places, Seat } from './places.ts';

export interface RunnerDeps extends AttemptDeps {
  readonly reader: EventReader;
  readonly places: Places;
  dueLanes(query: DueLanesQuery): Promise<DueLanes>;
}

/** Events read ahead per lane. */
const READ_AHEAD = 32;
/** A lane gives way to waiting ones after so many deliveries. */
const QUANTUM = 64;
/** A lane that has to wait longer is let go until it is due. */
const KEEP_WAITING_MS = 2_000;
/** So many of the lanes that are due first are looked at for one to probe with. */
const PROBE_CHOICE = 32;
/** While the store refuses checkpoints, it is looked after so often whether attempts may begin again. */
const STUCK_MS = 1_000;
const FAR_FUTURE = Number.MAX_SAFE_INTEGER;

/**
 * Works on the lanes of one endpoint: a bounded number of them in memory, each strictly in order, as many at a time as the
 * endpoint allows. The truth is in the store; this is a window on it that can be thrown away at any moment.
 *
 * The breaker guards the endpoint: while it is open all lanes rest in the store, and one lane's head is the probe.
 */
export class EndpointRunner implements LaneOwner {
  readonly endpoint: Endpoint;
  readonly #deps: RunnerDeps;
  readonly #lanes = new Map<number, Lane>();
  readonly #window: number;
  readonly #longestWaitMs: number;
  readonly #readAhead: number;
  readonly #waiting = new Map<Lane, number>();
  readonly #ready: Lane[] = [];
  /** Settled, and in memory until a checkpoint says so. */
  readonly #leaving = new Set<Lane>();
  readonly #pace: Pace;
  readonly #seat: Seat;
  #breaker: Breaker = CLOSED;
  /** Unix ms. */
  #openSince = 0;
  #probe: Lane | undefined;
  /** The store may hold due lanes that are not in memory. */
  #overflow = false;
  #refilling = false;
  #nextDueAt: number | undefined;
  readonly #alarm: Alarm;
  #state: 'running' | 'draining' | 'stopped' = 'running';
  readonly #quiet = Promise.withResolvers<void>();

  constructor(endpoint: Endpoint, deps: RunnerDeps) {
    this.endpoint = endpoint;
    this.#deps = deps;
    this.#longestWaitMs = longestWaitMs(endpoint.settings);
    this.#readAhead = Math.max(READ_AHEAD, endpoint.settings.batch?.maxEvents ?? 1);
    this.#window = Math.max(endpoint.settings.concurrency * 2, 128);
    this.#alarm = new Alarm(deps.clock, () => this.#wake());
    this.#pace = new Pace(endpoint.settings, deps.clock.monotonic());
    this.#seat = deps.places.seat(endpoint.app, endpoint.settings.weight, () => this.#pump());
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state;
  }

  get lanesInMemory(): number {
    return this.#lanes.size;
  }

  get inFlight(): number {
    return this.#pace.inFlight;
  }

  /** What the receiver allows at the moment: attempts under way, and milliseconds until any may begin. */
  get allowance(): { readonly concurrency: number; readonly heldForMs: number } {
    const at = this.#deps.clock.monotonic();
    return { concurrency: this.#pace.allowed(at), heldForMs: Math.ceil(this.#pace.heldFor(at)) };
  }

  /** What the store cannot know of an event of one of its lanes, for people. */
  live(streamId: number, seq: number): LiveDelivery {
    const { clock, checkpointer } = this.#deps;
    const breaker = this.#breaker;
    const event = this.#lanes.get(streamId)?.stateOf(seq);
    const at = clock.monotonic();
    const turn = this.#deps.places.awaits(this.#seat) ? 'turn' : undefined;
    const held = checkpointer.stuck ? 'store' : (this.#pace.held(at) ?? turn);
    return {
      breaker: breaker.state,
      ...(breaker.state === 'closed' ? {} : { openSince: this.#openSince }),
      ...(breaker.state === 'open' ? { probeAt: clock.now() + breaker.probeAt - at } : {}),
      ...(event === undefined ? {} : { event }),
      ...(held === undefined ? {} : { held }),
      ...(held === 'slow-down' ? { heldUntil: clock.now() + this.#pace.heldFor(at) } : {}),
    };
  }

  /** A commit gave this endpoint something to do. */
  hint(hint: LaneHint): void {
    if (this.#state !== 'running') return;
    const lane = this.#lanes.get(hint.streamId);
    if (lane !== undefined) {
      lane.hint(hint.event);
      this.#enqueue(lane);
    } else if (hint.cursor !== undefined && this.#hasRoom()) {
      const { endpointId, streamId, cursor, event } = hint;
      const row = { endpointId, streamId, cursor, acked: [], retries: [], dueAt: 0 };
      const lane = this.#add(row, event !== undefined);
      if (event !== undefined) lane.hint(event);
    } else if (hint.cursor !== undefined) {
      // A row that stood already is waiting for its time, or counted as overflow before.
      this.#overflow = true;
    }
    this.#pump();
  }

  /** Takes due lanes from the store, as many as there is room for. Hints may be lost; this finds what they would have told. */
  async refill(): Promise<void> {
    if (this.#refilling || this.#state !== 'running' || this.#breaker.state !== 'closed') return;
    this.#refilling = true;
    this.#overflow = false;
    this.#nextDueAt = undefined;
    const limit = this.#window;
    try {
      const due = await this.#deps.dueLanes({
        endpointId: this.endpoint.id,
        now: this.#deps.dueNow(),
        limit,
        longestWaitMs: this.#longestWaitMs,
      });
      if (due.lanes.length === limit) this.#overflow = true;
      if (due.nextDueAt !== undefined) this.#expect(due.nextDueAt);
      for (const row of due.lanes) {
        if (this.#lanes.has(row.streamId)) continue;
        if (this.#hasRoom()) this.#add(row);
        else this.#overflow = true;
      }
    } catch (error) {
      this.#overflow = true;
      this.#deps.observer.storeFailed(this.endpoint, error);
    } finally {
      this.#refilling = false;
    }
    this.#pump();
    this.#setTimer();
  }

  /** Starts nothing more; resolves when what is in flight has ended. Lanes stay as they are in the store. */
  async drain(): Promise<void> {
    if (this.#state === 'running') this.#state = 'draining';
    this.#alarm.cancel();
    this.#deps.places.leave(this.#seat);
    if (this.#pace.inFlight > 0) await this.#quiet.promise;
    await this.#deps.sender.close();
  }

  /** The crash path: nothing that is under way counts any more. */
  abort(): Promise<void> {
    this.#state = 'stopped';
    this.#alarm.cancel();
    this.#deps.places.leave(this.#seat);
    this.#quiet.resolve();
    return this.#deps.sender.destroy();
  }

  checkpointed(lane: Lane, progress: LaneProgress, kept: boolean): void {
    if (this.#state !== 'running' || this.#lanes.get(lane.streamId) !== lane) return;
    lane.checkpointed(kept);
    this.#leaving.delete(lane);
    const idle = progress.idle && !kept && !this.#deps.checkpointer.isDirty(lane);
    if (lane.letGo || (idle && lane.pick(FAR_FUTURE).kind === 'idle')) {
      this.#lanes.delete(lane.streamId);
      if (lane === this.#probe) this.#endProbe();
      if (lane.evictAt !== undefined) this.#expect(lane.evictAt);
      if (this.#overflow && this.#lanes.size < this.#window / 2) void this.refill();
      else this.#setTimer();
    } else this.#enqueue(lane);
    this.#pump();
  }

  #hasRoom(): boolean {
    return this.#breaker.state === 'closed' && this.#lanes.size < this.#window;
  }

  #add(row: LaneRow, fresh = false): Lane {
    const lane = new Lane(row, this.endpoint.settings.order, fresh);
    this.#lanes.set(row.streamId, lane);
    this.#enqueue(lane);
    return lane;
  }

  #enqueue(lane: Lane): void {
    if (lane.queued || lane.evictAt !== undefined) return;
    this.#leaving.delete(lane);
    lane.queued = true;
    this.#ready.push(lane);
  }

  #pump(): void {
    while (this.#state === 'running' && this.#ready.length > 0) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      lane.queued = false;
      if (lane.evictAt !== undefined) continue;
      if (this.#breaker.state !== 'closed' && lane !== this.#probe) this.#evict(lane);
      else if (!this.#step(lane)) {
        lane.queued = true;
        this.#ready.unshift(lane);
        return;
      }
    }
  }

  /** Moves a lane on; false when the endpoint can take no more at the moment. */
  #step(lane: Lane): boolean {
    if (this.#overflow && lane.served >= QUANTUM) {
      this.#evict(lane);
      return true;
    }
    const now = this.#deps.dueNow();
    const pick = this.#pick(lane, now);
    this.#waiting.delete(lane);
    switch (pick.kind) {
      case 'start':
        // A probe is one request, whatever else its lane would like to send beside it.
        if (lane === this.#probe && lane.inFlight) return true;
        if (!this.#mayStart(lane === this.#probe)) return false;
        void this.#attempt(lane, pick.entry, lane === this.#probe);
        if (this.endpoint.settings.order === 'none' && lane !== this.#probe) this.#enqueue(lane);
        return true;
      case 'read':
        void this.#read(lane, pick);
        return true;
      case 'wait':
        this.#rest(lane, pick.until, now);
        return true;
      case 'idle':
        if (lane === this.#probe) this.#endProbe();
        this.#settled(lane);
        return true;
      case 'busy':
        if (pick.until !== undefined) {
          this.#waiting.set(lane, pick.until);
          this.#setTimer();
        }
        return true;
    }
  }

  /** Nothing left to do: the lane goes with its next checkpoint, which does not wait while others want the place. */
  #settled(lane: Lane): void {
    const { checkpointer } = this.#deps;
    this.#leaving.add(lane);
    checkpointer.changed(lane, this);
    if (this.#overflow && this.#leaving.size >= this.#window / 2) checkpointer.soon();
  }

  #pick(lane: Lane, now: number): LanePick {
    if (lane === this.#probe) return lane.pick(FAR_FUTURE);
    const pick = lane.pick(now);
    // No retry waits so long: the clock was set back since the due time was written down.
    const isBeyond = pick.kind === 'wait' && pick.until - now > this.#longestWaitMs;
    return isBeyond ? lane.pick(FAR_FUTURE) : pick;
  }

  #mayStart(probe: boolean): boolean {
    if (this.#deps.checkpointer.stuck) {
      // Nobody tells us when the store takes checkpoints again; a probe that waits for it has no other way to go on.
      this.#alarm.within(STUCK_MS);
      return false;
    }
    const wait = this.#pace.wait(this.#deps.clock.monotonic(), probe);
    if (wait > 0 && wait !== Number.POSITIVE_INFINITY) this.#alarm.within(wait);
    if (wait > 0 || !this.#deps.places.tryTake(this.#seat)) return false;
    this.#pace.begin();
    return true;
  }

  async #read(lane: Lane, { after, appliedThrough }: Extract<LanePick, { kind: 'read' }>): Promise<void> {
    lane.reading();
    const { endpointId, streamId } = lane;
    try {
      const told = appliedThrough === undefined ? {} : { appliedThrough };
      const asked = { endpointId, streamId, after, maxEvents: this.#readAhead, ...told };
      const read = await this.#deps.reader.read(this.endpoint.app, asked);
      lane.read(read);
      if (appliedThrough !== undefined && read.followed === false)
        this.#deps.observer.moved(this.endpoint, { streamId, kind: 'refused', through: appliedThrough });
      this.#enqueue(lane);
    } catch (error) {
      lane.readFailed();
      this.#deps.observer.storeFailed(this.endpoint, error);
      this.#rest(lane, this.#deps.dueNow() + KEEP_WAITING_MS, this.#deps.dueNow());
    }
    this.#pump();
  }

  async #attempt(lane: Lane, entry: LaneEntry, probe: boolean): Promise<void> {
    const { clock, places } = this.#deps;
    const startedAt = clock.monotonic();
    const outcome = await attempt(this.#deps, this.endpoint, { owner: this, lane, entry, probe });
    const overload = outcome.kind === 'failed' && outcome.overloaded ? this.#overload(outcome) : {};
    this.#pace.end({ startedAt, at: clock.monotonic(), kind: outcome.kind, ...overload });
    places.give(this.#seat);
    if (this.#state === 'stopped') return;
    if (outcome.kind === 'delivered') this.#succeeded();
    else if (outcome.kind === 'failed') this.#failed(lane);
    if (this.#state === 'draining') {
      if (this.#pace.inFlight === 0) this.#quiet.resolve();
      return;
    }
    this.#enqueue(lane);
    this.#pump();
  }

  #overload({ retryAfterMs }: Failure): Pick<Ended, 'overload'> {
    return { overload: { waitMs: Math.min(retryAfterMs, this.endpoint.settings.retry.maxRetryAfterMs) } };
  }

  #succeeded(): void {
    const wasClosed = this.#breaker.state === 'closed';
    this.#breaker = afterSuccess(this.#breaker);
    if (wasClosed) return;
    this.#probe = undefined;
    this.#deps.observer.breaker(this.endpoint, 'closed');
    void this.refill();
  }

  #failed(lane: Lane): void {
    const before = this.#breaker.state;
    // A late failure of an attempt from before tells nothing new, and must not let a second probe go beside the first.
    if (before === 'probing' && lane !== this.#probe) return;
    this.#breaker = afterFailure(this.#breaker, this.endpoint.settings.breaker, this.#deps.clock.monotonic());
    if (lane === this.#probe) this.#probe = undefined;
    if (this.#breaker.state === 'open' && before !== 'open') this.#opened(before === 'closed');
  }

  /** Every lane goes back to the store; those in flight follow when their attempt ends. */
  #opened(first: boolean): void {
    if (first) {
      this.#openSince = this.#deps.clock.now();
      this.#deps.observer.breaker(this.endpoint, 'open');
    }
    for (const lane of this.#lanes.values()) this.#evict(lane);
    this.#setTimer();
  }

  async #startProbe(): Promise<void> {
    const { clock, dueLanes, observer } = this.#deps;
    const at = clock.monotonic();
    const next = startProbe(this.#breaker, at);
    if (next === this.#breaker || this.#pace.heldFor(at) > 0) {
      this.#setTimer();
      return;
    }
    this.#breaker = next;
    try {
      const limit = this.#lanes.size + PROBE_CHOICE;
      const { lanes } = await dueLanes({ endpointId: this.endpoint.id, now: FAR_FUTURE, limit });
      const resting = lanes.filter((lane) => !this.#lanes.has(lane.streamId));
      // One that has not failed says more of the endpoint than a head that may be poisonous.
      const row = resting.find(({ retries }) => retries.length === 0) ?? resting[0];
      if (row !== undefined && this.#breaker.state === 'probing') {
        this.#probe = new Lane(row, this.endpoint.settings.order);
        this.#lanes.set(row.streamId, this.#probe);
        this.#enqueue(this.#probe);
        this.#pump();
        return;
      }
    } catch (error) {
      observer.storeFailed(this.endpoint, error);
    }
    this.#endProbe();
  }

  /** The probe came to nothing: the breaker stays open. */
  #endProbe(): void {
    this.#probe = undefined;
    const { breaker } = this.endpoint.settings;
    this.#breaker = abandonProbe(this.#breaker, breaker, this.#deps.clock.monotonic());
    this.#setTimer();
  }

  /** A lane that has to wait: kept for a short wait, let go for a long one or when others want its place. */
  #rest(lane: Lane, until: number, now: number): void {
    if (until - now > KEEP_WAITING_MS || this.#overflow || this.#breaker.state !== 'closed')
      this.#evict(lane);
    else {
      this.#waiting.set(lane, until);
      this.#setTimer();
    }
  }

  #evict(lane: Lane): void {
    this.#waiting.delete(lane);
    if (lane.inFlight || lane.evictAt !== undefined) return;
    const pick = lane.pick(this.#deps.dueNow());
    if (pick.kind !== 'idle') lane.evictAt = pick.kind === 'wait' ? pick.until : this.#deps.dueNow();
    this.#deps.checkpointer.changed(lane, this);
  }

  /** A lane in the store is due at this moment (unix ms). */
  #expect(dueAt: number): void {
    this.#nextDueAt = Math.min(this.#nextDueAt ?? FAR_FUTURE, dueAt);
  }

  #setTimer(): void {
    if (this.#state !== 'running') return;
    const { clock, dueNow } = this.#deps;
    if (this.#breaker.state === 'open') {
      const at = clock.monotonic();
      this.#alarm.within(Math.max(this.#breaker.probeAt - at, this.#pace.heldFor(at)));
      return;
    }
    // A refill under way, or the one that follows the breaker's closing, sets it again.
    const refillable = !this.#refilling && this.#breaker.state === 'closed';
    const nextDueAt = refillable ? this.#nextDueAt : undefined;
    const next = Math.min(nextDueAt ?? FAR_FUTURE, ...this.#waiting.values());
    if (next !== FAR_FUTURE) this.#alarm.within(next - dueNow());
  }

  #wake(): void {
    if (this.#state !== 'running') return;
    if (this.#breaker.state === 'open') {
      void this.#startProbe();
      return;
    }
    const now = this.#deps.dueNow();
    for (const [lane, until] of this.#waiting) {
      if (until > now) continue;
      this.#waiting.delete(lane);
      this.#enqueue(lane);
    }
    if ((this.#nextDueAt ?? FAR_FUTURE) <= now) void this.refill();
    this.#pump();
    this.#setTimer();
  }
}
