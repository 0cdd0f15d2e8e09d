import { type Clock, steadyNow, type Timer } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Tracing } from '../base/tracing.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { LiveDelivery } from '../domain/explain/facts.ts';
import type { WebhookProxy } from '../domain/proxy.ts';
import type { StreamHint } from '../store/lanes.ts';
import type { Store } from '../store/store.ts';
import { createBatchEncoder } from './batch.ts';
import { Checkpointer } from './checkpointer.ts';
import { connectionSettings } from './connection-settings.ts';
import { createEncoder } from './encode.ts';
import { EndpointRunner } from './endpoint-runner.ts';
import type { EndpointState } from './endpoint-state.ts';
import { EventReader } from './event-reader.ts';
import { EVERYTHING, type Holdings } from './holdings.ts';
import type { LaneHolder } from './lease-keeper.ts';
import type { DeliveryObserver } from './observer.ts';
import { DEFAULT_PLACES, Places } from './places.ts';
import { SetBacks } from './position.ts';
import { ProbeTurns } from './probe-turns.ts';
import { createSender, type Sender } from './sender.ts';

export interface DispatcherOptions {
  readonly store: Pick<Store, 'commit' | 'endpoints' | 'dueLanes' | 'readEvents' | 'onLanes' | 'generation'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: DeliveryObserver;
  /** Attempts that may be under way at all endpoints together; default 1,024. */
  readonly concurrency?: number;
  readonly tracing?: Tracing;
  /** The lanes that are this process's; all of them, if nobody else works on the store. */
  readonly holdings?: Holdings;
  /** Milliseconds between looks at the store for what no hint has told; asked for anew each time. */
  readonly pollMs?: () => number;
  /** Some lanes turned out to be another process's. */
  onLeasesLost?(): void;
  /** The jobs are this process's to do; asked for anew each time. */
  readonly hasChores?: () => boolean;
  /** Another process owns the store now. */
  onFenced(): void;
  readonly proxies?: readonly WebhookProxy[];
  createSender?(endpoint: Endpoint): Sender;
}

/** Hints may be lost; nothing is found later than this. */
export const POLL_MS = 5_000;
/** What is under way of lanes that are to be handed back is looked at so often. */
const SETTLED_MS = 20;
const JOB_PAGE = 500;

/**
 * Delivers what the log holds for the endpoints: lanes (endpoint × stream) strictly in order, streams in parallel under each
 * endpoint's concurrency. All it knows is in the store; it can be killed at any moment and started again.
 */
export class Dispatcher implements LaneHolder {
  readonly #options: DispatcherOptions;
  readonly #checkpointer: Checkpointer;
  readonly #reader: EventReader;
  readonly #dueNow: () => number;
  readonly #places: Places;
  readonly #probeTurns = new ProbeTurns();
  readonly #holdings: Holdings;
  #runners = new Map<number, EndpointRunner>();
  #poll: Timer | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #workingOnJobs = false;
  /** Some endpoint waits for its `start` job. */
  #starting = false;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    const { store, clock, observer } = options;
    this.#options = options;
    this.#holdings = options.holdings ?? EVERYTHING;
    this.#dueNow = steadyNow(clock);
    this.#places = new Places(options.concurrency ?? DEFAULT_PLACES, () => clock.monotonic());
    this.#reader = new EventReader((reads) => store.readEvents(reads));
    this.#checkpointer = new Checkpointer({
      clock,
      generation: store.generation,
      leases: () => this.#holdings.leases,
      onLost: () => options.onLeasesLost?.(),
      commit: (checkpoint) => store.commit(checkpoint),
      onFenced: () => {
        void this.abort();
        options.onFenced();
      },
      onError: (error) => observer.storeFailed(undefined, error),
    });
    store.onLanes((hints) => this.#onLanes(hints));
  }

  async start(): Promise<void> {
    await this.reload();
    this.#schedulePoll();
  }

  /**
   * Endpoints or jobs have changed: makes the runners follow. A changed endpoint ends what is in flight before it goes on.
   * Rejects when the store does not answer; the next poll tries again.
   */
  reload(): Promise<void> {
    const reloaded = this.#reloading.then(() => this.#reload());
    this.#reloading = reloaded.catch(() => {});
    return reloaded;
  }

  gained(): void {
    for (const runner of this.#runners.values()) runner.resume();
    void this.#workOnJobs();
  }

  drop(isTheirs: (streamId: number) => boolean): void {
    this.#checkpointer.forget(isTheirs);
    for (const runner of this.#runners.values()) runner.drop(isTheirs);
  }

  async settle(isMeant: (streamId: number) => boolean): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopped && [...this.#runners.values()].some((runner) => runner.isBusyWith(isMeant)))
      await new Promise<void>((resolve) => void clock.setTimer(SETTLED_MS, resolve));
    if (!this.#stopped) await this.#checkpointer.flush();
  }

  /** Another process has given these lanes something to do; without `lanes`, nobody knows which. */
  look(lanes?: readonly { readonly streamId: number; readonly endpoints: readonly number[] }[]): void {
    if (lanes === undefined) for (const runner of this.#runners.values()) runner.resume();
    for (const { streamId, endpoints } of lanes ?? []) {
      if (!this.#holdings.owns(streamId)) continue;
      for (const endpointId of endpoints) this.#runners.get(endpointId)?.look(streamId);
    }
  }

  /** Starts nothing more, waits for what is in flight (at most one time-out each) and writes down where every lane stands. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#poll?.cancel();
    await Promise.all([...this.#runners.values()].map((runner) => runner.drain()));
    await this.#checkpointer.stop();
    this.#runners.clear();
  }

  /** The crash path: drops everything; what was under way counts as never begun. */
  async abort(): Promise<void> {
    this.#stopped = true;
    this.#poll?.cancel();
    this.#checkpointer.abort();
    await Promise.all([...this.#runners.values()].map((runner) => runner.abort()));
  }

  states(): readonly EndpointState[] {
    return [...this.#runners.values()];
  }

  /** Milliseconds since the oldest progress was made that is not written down. */
  get checkpointAge(): number {
    return this.#checkpointer.age;
  }

  /** What memory knows of a delivery; undefined for an endpoint that is not worked on. */
  live(endpointId: number, streamId: number, seq: number): LiveDelivery | undefined {
    return this.#runners.get(endpointId)?.live(streamId, seq);
  }

  #onLanes(hints: readonly StreamHint[]): void {
    for (const hint of hints) {
      const { streamId, fresh, behind, begunAt } = hint;
      if (!this.#holdings.owns(streamId)) continue;
      // Its answer was on the way for so long that another process may have had the lane meanwhile.
      if (begunAt !== undefined && begunAt < this.#holdings.heldSince(streamId)) {
        this.look([{ streamId, endpoints: [...fresh, ...behind] }]);
        continue;
      }
      for (const endpointId of hint.fresh) this.#runners.get(endpointId)?.hint(hint, true);
      for (const endpointId of hint.behind) this.#runners.get(endpointId)?.hint(hint, false);
    }
  }

  async #reload(): Promise<void> {
    if (this.#stopped) return;
    const active = (await this.#options.store.endpoints()).filter((endpoint) => !endpoint.paused);
    const wanted = active.filter((endpoint) => !endpoint.starting);
    this.#starting = wanted.length < active.length;
    const versions = new Map(wanted.map((endpoint) => [endpoint.id, endpoint.version]));
    const gone = [...this.#runners.values()].filter(
      ({ endpoint }) => versions.get(endpoint.id) !== endpoint.version,
    );
    if (gone.length > 0) {
      await Promise.all(gone.map((runner) => runner.drain()));
      await this.#checkpointer.flush();
      for (const { endpoint } of gone) this.#runners.delete(endpoint.id);
    }
    for (const endpoint of wanted) {
      if (this.#stopped || this.#runners.has(endpoint.id)) continue;
      const runner = this.#createRunner(endpoint);
      this.#runners.set(endpoint.id, runner);
      void runner.refill();
    }
    void this.#workOnJobs();
  }

  #createRunner(endpoint: Endpoint): EndpointRunner {
    const { clock, random, observer, store, tracing } = this.#options;
    return new EndpointRunner(endpoint, {
      clock,
      dueNow: this.#dueNow,
      random,
      observer,
      reader: this.#reader,
      places: this.#places,
      probeTurns: this.#probeTurns,
      checkpointer: this.#checkpointer,
      holdings: this.#holdings,
      sender:
        this.#options.createSender?.(endpoint) ??
        createSender({ clock, ...connectionSettings(endpoint.settings, this.#options.proxies) }),
      encode: createEncoder(endpoint.settings),
      encodeBatch: createBatchEncoder(endpoint.settings),
      setBacks: new SetBacks(),
      dueLanes: (query) => store.dueLanes(query),
      ...(tracing === undefined ? {} : { tracing }),
    });
  }

  /** Pages through the open jobs; a `start` job that is done lets its endpoint begin. */
  async #workOnJobs(): Promise<void> {
    const { store, clock, observer, hasChores = () => true } = this.#options;
    if (this.#workingOnJobs || !hasChores()) return;
    this.#workingOnJobs = true;
    try {
      let more = true;
      while (more && !this.#stopped && hasChores()) {
        ({ more } = await store.commit({ type: 'continueJobs', now: clock.now(), pageSize: JOB_PAGE }));
      }
      if (this.#starting) this.#reloadSoon();
    } catch (error) {
      observer.storeFailed(undefined, error);
    } finally {
      this.#workingOnJobs = false;
    }
  }

  #reloadSoon(): void {
    this.reload().catch((error) => this.#options.observer.storeFailed(undefined, error));
  }

  #schedulePoll(): void {
    if (this.#stopped) return;
    const { clock, pollMs = () => POLL_MS } = this.#options;
    this.#poll = clock.setTimer(pollMs(), () => {
      for (const runner of this.#runners.values()) void runner.refill();
      this.#reloadSoon();
      this.#schedulePoll();
    });
  }
}
