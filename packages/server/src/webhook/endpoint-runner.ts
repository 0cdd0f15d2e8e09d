import type { Breaker } from '../domain/breaker.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { LiveDelivery } from '../domain/explain/facts.ts';
import type { LaneProgress, StreamHint } from '../store/lanes.ts';
import { Alarm } from './alarm.ts';
import { type AttemptDeps, attempt } from './attempt.ts';
import { AttemptGate } from './attempt-gate.ts';
import type { LaneOwner } from './checkpointer.ts';
import { EndpointBreaker } from './endpoint-breaker.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { Lane, LaneEntry, Pick as LanePick } from './lane.ts';
import { LaneRefill } from './lane-refill.ts';
import { LaneSource, type SourceDeps } from './lane-source.ts';
import { LaneWindow } from './lane-window.ts';
import type { Places } from './places.ts';
import type { ProbeTurns } from './probe-turns.ts';

export interface RunnerDeps extends AttemptDeps, SourceDeps {
  readonly places: Places;
  readonly probeTurns: ProbeTurns;
}

/** A lane gives way to waiting ones after so many deliveries. */
const QUANTUM = 64;
/** A lane that has to wait longer is let go until it is due. */
const KEEP_WAITING_MS = 2_000;
const FAR_FUTURE = Number.MAX_SAFE_INTEGER;

/**
 * Works on the lanes of one endpoint: a bounded number of them in memory, each strictly in order, as many at a time as the
 * endpoint allows. The truth is in the store; this is a window on it that can be thrown away at any moment.
 *
 * The breaker guards the endpoint: while it is open all lanes rest in the store, and one lane's head is the probe.
 */
export class EndpointRunner implements LaneOwner, EndpointState {
  readonly endpoint: Endpoint;
  readonly #deps: RunnerDeps;
  readonly #lanes: LaneWindow;
  readonly #refill: LaneRefill;
  readonly #source: LaneSource;
  readonly #gate: AttemptGate;
  readonly #breaker: EndpointBreaker;
  readonly #alarm: Alarm;
  #state: 'running' | 'draining' | 'stopped' = 'running';
  readonly #quiet = Promise.withResolvers<void>();

  constructor(endpoint: Endpoint, deps: RunnerDeps) {
    this.endpoint = endpoint;
    this.#deps = deps;
    this.#source = new LaneSource(endpoint, deps);
    const window = Math.max(endpoint.settings.concurrency * 2, 128);
    this.#lanes = new LaneWindow(window, endpoint.settings);
    this.#breaker = new EndpointBreaker(endpoint.settings.breaker, deps.clock);
    this.#alarm = new Alarm(deps.clock, () => this.#wake());
    this.#gate = new AttemptGate(
      endpoint,
      deps,
      () => this.#pump(),
      (ms) => this.#alarm.within(ms),
    );
    this.#refill = new LaneRefill(this.#lanes, (limit) => this.#source.due(limit));
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state;
  }

  get lanesInMemory(): number {
    return this.#lanes.size;
  }

  get inFlight(): number {
    return this.#gate.inFlight;
  }

  get allowed(): number {
    return this.#gate.allowed;
  }

  get heldForMs(): number {
    return Math.ceil(this.#gate.heldForMs);
  }

  /** What the store cannot know of an event of one of its lanes, for people. */
  live(streamId: number, seq: number): LiveDelivery {
    const event = this.#lanes.get(streamId)?.stateOf(seq);
    return {
      ...this.#breaker.live(),
      ...(event === undefined ? {} : { event }),
      ...this.#gate.live(),
    };
  }

  /** A commit gave this endpoint something to do. `fresh`: its lane got its row by that commit. */
  hint(hint: StreamHint, fresh: boolean): void {
    if (this.#state !== 'running') return;
    const { streamId, cursor } = hint;
    const lane = this.#lanes.get(streamId);
    if (lane !== undefined) {
      lane.hint(this.#source.hinted(hint));
      this.#lanes.enqueue(lane);
    } else if (fresh && this.#hasRoom()) {
      const event = this.#source.hinted(hint);
      const row = { endpointId: this.endpoint.id, streamId, cursor, acked: [], retries: [], dueAt: 0 };
      const lane = this.#lanes.add(row, event !== undefined);
      if (event !== undefined) lane.hint(event);
    } else {
      // A row that stood already is waiting for its time, or counted as overflow before.
      if (fresh) this.#refill.overflow = true;
      return;
    }
    this.#pump();
  }

  /** Takes due lanes from the store, as many as there is room for. Hints may be lost; this finds what they would have told. */
  async refill(): Promise<void> {
    if (this.#state !== 'running' || this.#breaker.state !== 'closed') return;
    const { holdings, observer } = this.#deps;
    const { epoch } = holdings;
    const mayAdd = (streamId: number) =>
      holdings.epoch === epoch && holdings.owns(streamId) && this.#hasRoom();
    try {
      if (!(await this.#refill.run(mayAdd))) return;
    } catch (error) {
      observer.storeFailed(this.endpoint, error);
    }
    this.#pump();
    this.#setTimer();
    if (this.#refill.takeAgain() || holdings.epoch !== epoch) void this.refill();
  }

  /** Another process says that this lane has work. */
  look(streamId: number): void {
    if (this.#state !== 'running') return;
    const lane = this.#lanes.get(streamId);
    if (lane === undefined) {
      if (!this.#refill.askAgain()) void this.refill();
      return;
    }
    lane.hint();
    this.#lanes.enqueue(lane);
    this.#pump();
  }

  /** Lanes have been gained, or may be worked on again. */
  resume(): void {
    for (const lane of this.#lanes.values()) this.#lanes.enqueue(lane);
    this.#pump();
    if (!this.#refill.askAgain()) void this.refill();
  }

  /** These lanes are another process's: they are forgotten, and so is what will become of their attempts. */
  drop(isTheirs: (streamId: number) => boolean): void {
    for (const lane of [...this.#lanes.values()]) {
      if (!isTheirs(lane.streamId)) continue;
      lane.dropped = true;
      this.#lanes.remove(lane);
      if (lane === this.#breaker.probe) this.#endProbe();
    }
    this.#setTimer();
  }

  /** Attempts of these lanes are under way. */
  isBusyWith(isMeant: (streamId: number) => boolean): boolean {
    for (const lane of this.#lanes.values()) if (lane.inFlight && isMeant(lane.streamId)) return true;
    return false;
  }

  /** Starts nothing more; resolves when what is in flight has ended. Lanes stay as they are in the store. */
  async drain(): Promise<void> {
    if (this.#state === 'running') this.#state = 'draining';
    this.#alarm.cancel();
    this.#gate.close();
    if (this.#gate.inFlight > 0) await this.#quiet.promise;
    await this.#deps.sender.close();
  }

  /** The crash path: nothing that is under way counts any more. */
  abort(): Promise<void> {
    this.#state = 'stopped';
    this.#alarm.cancel();
    this.#gate.close();
    this.#quiet.resolve();
    return this.#deps.sender.destroy();
  }

  checkpointed(lane: Lane, progress: LaneProgress, kept: boolean): void {
    if (this.#state !== 'running' || this.#lanes.get(lane.streamId) !== lane) return;
    lane.checkpointed(kept);
    this.#lanes.stay(lane);
    const idle = progress.idle && !kept && !this.#deps.checkpointer.isDirty(lane);
    if (lane.letGo || (idle && lane.pick(FAR_FUTURE).kind === 'idle')) {
      this.#lanes.remove(lane);
      if (lane === this.#breaker.probe) this.#endProbe();
      if (lane.evictAt !== undefined) this.#refill.expect(lane.evictAt);
      if (this.#refill.isWanted) void this.refill();
      else this.#setTimer();
    } else this.#lanes.enqueue(lane);
    this.#pump();
  }

  #hasRoom(): boolean {
    return this.#breaker.state === 'closed' && this.#lanes.hasRoom;
  }

  #pump(): void {
    while (this.#state === 'running') {
      const lane = this.#lanes.next();
      if (lane === undefined) return;
      if (this.#breaker.state !== 'closed' && lane !== this.#breaker.probe) this.#evict(lane);
      else if (!this.#step(lane)) {
        this.#lanes.putBack(lane);
        return;
      }
    }
  }

  /** Moves a lane on; false when the endpoint can take no more at the moment. */
  #step(lane: Lane): boolean {
    if (this.#refill.overflow && lane.served >= QUANTUM) {
      this.#evict(lane);
      return true;
    }
    const now = this.#deps.dueNow();
    const isProbe = lane === this.#breaker.probe;
    const pick = isProbe ? lane.pick(FAR_FUTURE) : this.#source.pick(lane, now);
    this.#lanes.waitsNoMore(lane);
    switch (pick.kind) {
      case 'start':
        // A probe is one request, whatever else its lane would like to send beside it.
        if (isProbe && lane.inFlight) return true;
        // It rests until its lease is renewed, or is dropped with it.
        if (!this.#deps.holdings.mayBegin(lane.streamId)) return true;
        if (!this.#gate.tryBegin(isProbe)) return false;
        void this.#attempt(lane, pick.entry, isProbe);
        if (this.endpoint.settings.order === 'none' && !isProbe) this.#lanes.enqueue(lane);
        return true;
      case 'read':
        void this.#read(lane, pick);
        return true;
      case 'wait':
        this.#rest(lane, pick.until, now);
        return true;
      case 'idle':
        if (isProbe) this.#endProbe();
        this.#settled(lane);
        return true;
      case 'busy':
        if (pick.until !== undefined) {
          this.#lanes.wait(lane, pick.until);
          this.#setTimer();
        }
        return true;
    }
  }

  /** Nothing left to do: the lane goes with its next checkpoint, which does not wait while others want the place. */
  #settled(lane: Lane): void {
    const { checkpointer } = this.#deps;
    this.#lanes.leave(lane);
    checkpointer.changed(lane, this);
    if (this.#refill.overflow && this.#lanes.isMostlyLeaving) checkpointer.soon();
  }

  async #read(lane: Lane, pick: Extract<LanePick, { kind: 'read' }>): Promise<void> {
    lane.reading();
    const { streamId } = lane;
    const { told } = pick;
    try {
      const read = await this.#source.events(lane, pick, lane === this.#breaker.probe);
      lane.read(read);
      if (told !== undefined && read.followed !== undefined) {
        const { groupId, through } = told;
        const kind = read.followed ? 'forward' : 'refused';
        this.#deps.observer.moved(this.endpoint, { streamId, groupId, kind, through });
      }
      this.#lanes.enqueue(lane);
    } catch (error) {
      lane.readFailed();
      this.#deps.observer.storeFailed(this.endpoint, error);
      this.#rest(lane, this.#deps.dueNow() + KEEP_WAITING_MS, this.#deps.dueNow());
    }
    this.#pump();
  }

  async #attempt(lane: Lane, entry: LaneEntry, probe: boolean): Promise<void> {
    const startedAt = this.#deps.clock.monotonic();
    const outcome = await attempt(this.#deps, this.endpoint, { owner: this, lane, entry, probe });
    this.#gate.end(startedAt, outcome);
    if (this.#state === 'stopped') return;
    if (outcome.kind === 'delivered') this.#succeeded();
    else if (outcome.kind === 'failed') this.#failed(lane);
    if (this.#state === 'draining') {
      if (this.#gate.inFlight === 0) this.#quiet.resolve();
      return;
    }
    this.#lanes.enqueue(lane);
    this.#pump();
  }

  #succeeded(): void {
    if (!this.#breaker.succeeded()) return;
    this.#deps.observer.breaker(this.endpoint, 'closed');
    void this.refill();
  }

  #failed(lane: Lane): void {
    const change = this.#breaker.failed(lane);
    if (change === undefined) return;
    if (change === 'opened') this.#deps.observer.breaker(this.endpoint, 'open');
    this.#letAllGo();
  }

  /** Every lane goes back to the store; those in flight follow when their attempt ends. */
  #letAllGo(): void {
    for (const lane of this.#lanes.values()) this.#evict(lane);
    this.#setTimer();
  }

  async #startProbe(): Promise<void> {
    const { clock, holdings, observer, probeTurns } = this.#deps;
    const { epoch } = holdings;
    if (!this.#breaker.mayProbe || this.#gate.heldForMs > 0) {
      this.#setTimer();
      return;
    }
    const wait = probeTurns.take(clock.monotonic());
    if (wait > 0) {
      this.#alarm.within(wait);
      return;
    }
    this.#breaker.startProbe();
    try {
      const row = await this.#source.toProbe(this.#lanes);
      if (row !== undefined && this.#breaker.state === 'probing' && holdings.epoch === epoch) {
        this.#breaker.probe = this.#lanes.add(row);
        this.#pump();
        return;
      }
    } catch (error) {
      observer.storeFailed(this.endpoint, error);
    }
    this.#endProbe();
  }

  #endProbe(): void {
    this.#breaker.endProbe();
    this.#setTimer();
  }

  /** A lane that has to wait: kept for a short wait, let go for a long one or when others want its place. */
  #rest(lane: Lane, until: number, now: number): void {
    if (until - now > KEEP_WAITING_MS || this.#refill.overflow || this.#breaker.state !== 'closed')
      this.#evict(lane, until);
    else {
      this.#lanes.wait(lane, until);
      this.#setTimer();
    }
  }

  #evict(lane: Lane, notBefore = this.#deps.dueNow()): void {
    this.#lanes.waitsNoMore(lane);
    if (lane.inFlight || lane.evictAt !== undefined) return;
    const pick = lane.pick(this.#deps.dueNow());
    if (pick.kind !== 'idle') lane.evictAt = pick.kind === 'wait' ? pick.until : notBefore;
    this.#deps.checkpointer.changed(lane, this);
  }

  #setTimer(): void {
    if (this.#state !== 'running') return;
    const { probeInMs } = this.#breaker;
    if (probeInMs !== undefined) {
      this.#alarm.within(Math.max(probeInMs, this.#gate.heldForMs));
      return;
    }
    // The refill that follows the breaker's closing sets it again.
    const nextDueAt = this.#breaker.state === 'closed' ? this.#refill.nextDueAt : undefined;
    const next = Math.min(nextDueAt ?? FAR_FUTURE, this.#lanes.firstDueAt);
    if (next !== FAR_FUTURE) this.#alarm.within(next - this.#deps.dueNow());
  }

  #wake(): void {
    if (this.#state !== 'running') return;
    if (this.#breaker.state === 'open') {
      void this.#startProbe();
      return;
    }
    const now = this.#deps.dueNow();
    this.#lanes.wake(now);
    if ((this.#refill.nextDueAt ?? FAR_FUTURE) <= now) void this.refill();
    this.#pump();
    this.#setTimer();
  }
}
