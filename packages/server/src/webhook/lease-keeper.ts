import type { Clock, Timer } from '../base/clock.ts';
import {
  type Lease,
  type LeaseFence,
  nextBeatIn,
  partitionOf,
  planLeases,
  trustedUntil,
} from '../domain/lease.ts';
import type { Beat, Cluster, NodeIdentity } from '../store/cluster.ts';
import { StoreError } from '../store/errors.ts';
import type { Holdings, Partitions } from './holdings.ts';

/** Who works on the lanes that are leased. Each call names streams by their partition. */
export interface LaneHolder {
  /** These are this process's now: what is due is looked for. */
  gained(): void;
  /** These are somebody else's, or nobody's: whatever is known of their lanes is void. */
  drop(owns: (streamId: number) => boolean): void;
  /** Resolves when nothing of these is under way and all progress is written down. Nothing of them begins meanwhile. */
  settle(owns: (streamId: number) => boolean): Promise<void>;
}

export interface KeeperOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly node: NodeIdentity;
  readonly leaseMs: number;
  /** Leases are free, or wanted: the others may look now and not at their next renewal. */
  announce?(): Promise<void>;
  /** This process can no longer work on the database. */
  onFatal(error: Error): void;
  onError(error: unknown): void;
}

type View = Extract<Beat, { kind: 'beat' }>;

interface Held {
  readonly generation: number;
  /** Monotonic ms at which this node heard of it. */
  readonly since: number;
  handingBack: boolean;
}

/** After a beat that failed. */
const AGAIN_MS = 500;
/** After a beat whose leases others have taken meanwhile. */
const LOST_RACE_MS = 200;

/**
 * Keeps this node's leases: renews them, takes what is free up to its share, hands back what is above it. Whether an attempt may begin
 * is decided on the monotonic clock, counted from before the renewal was asked for.
 */
export class LeaseKeeper implements Holdings {
  readonly #options: KeeperOptions;
  readonly #held = new Map<number, Held>();
  /** What is held, as a commit takes it along; made anew after each change. */
  #fence: LeaseFence | undefined;
  /**
   * On their way back, by partition: a beat may still tell that they are this node's. Should the answer be lost, the way back may come
   * to its end at any later time, so that nothing is worked on under this generation any more.
   */
  readonly #releasing = new Map<number, { readonly generation: number; asked: boolean }>();
  #holder: LaneHolder | undefined;
  /** On the monotonic clock. */
  #trustedUntil = 0;
  #epoch = 0;
  #live = 1;
  #timer: Timer | undefined;
  #beating: Promise<void> | undefined;
  #beatAgain = false;
  #state: 'keeping' | 'retiring' | 'ended' = 'keeping';

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get node(): NodeIdentity {
    return this.#options.node;
  }

  /** Nodes that live, this one among them, as of the last beat. */
  get live(): number {
    return this.#live;
  }

  /** Partitions that it may work on now. */
  get count(): number {
    return this.#isTrusted ? this.#held.size : 0;
  }

  owns(streamId: number): boolean {
    return this.#held.get(this.#partitionOf(streamId))?.handingBack === false;
  }

  heldSince(streamId: number): number {
    return this.#held.get(this.#partitionOf(streamId))?.since ?? Number.POSITIVE_INFINITY;
  }

  mayBegin(streamId: number): boolean {
    return this.owns(streamId) && this.#isTrusted;
  }

  /** The chores of the installation are this node's. */
  get hasChores(): boolean {
    return this.#held.get(0)?.handingBack === false && this.#isTrusted;
  }

  get partitions(): Partitions | undefined {
    const of = this.#options.cluster.partitions;
    const held = [...this.#held].flatMap(([partition, { handingBack }]) => (handingBack ? [] : [partition]));
    return held.length === of ? undefined : { of, held };
  }

  get epoch(): number {
    return this.#epoch;
  }

  get share(): number {
    return this.#held.size / this.#options.cluster.partitions;
  }

  get leases(): LeaseFence {
    this.#fence ??= {
      of: this.#options.cluster.partitions,
      generations: new Map([...this.#held].map(([partition, { generation }]) => [partition, generation])),
    };
    return this.#fence;
  }

  /**
   * Becomes a node. One that has died under the same id is waited for; throws StoreError `locked` when it turns out to live.
   */
  async join(): Promise<void> {
    const { cluster, clock, node, leaseMs } = this.#options;
    for (let first = true; ; first = false) {
      const joined = await cluster.join(node, leaseMs);
      if (joined.kind === 'joined') return;
      if (!first) break;
      await new Promise<void>((resolve) => void clock.setTimer(joined.remainingMs + AGAIN_MS, resolve));
    }
    throw new StoreError(
      'locked',
      `a node "${node.id}" is working on this database; give each node a cluster.node of its own, or none`,
    );
  }

  /** Begins to lease lanes for the holder; without one, only shows that it lives. */
  async start(holder?: LaneHolder): Promise<void> {
    this.#holder = holder;
    await this.beat();
    await this.#options.announce?.();
  }

  /** Looks at once how things stand: leases may be free. */
  beat(): Promise<void> {
    if (this.#state === 'ended') return Promise.resolve();
    if (this.#beating !== undefined) {
      this.#beatAgain = true;
      return this.#beating;
    }
    this.#timer?.cancel();
    this.#beating = this.#beatOnce().then((nextMs) => {
      this.#beating = undefined;
      if (this.#state === 'ended') return;
      const again = this.#beatAgain;
      this.#beatAgain = false;
      this.#timer = this.#options.clock.setTimer(again ? 0 : nextMs, () => void this.beat());
    });
    return this.#beating;
  }

  /** Takes nothing more, and says so to the others; what it holds it keeps until `leave`. */
  async retire(): Promise<void> {
    if (this.#state !== 'keeping') return;
    this.#state = 'retiring';
    await this.beat();
  }

  /** Gives everything back: nothing may be under way any more. */
  async leave(): Promise<void> {
    const { cluster, announce, onError } = this.#options;
    this.end();
    await this.#beating;
    try {
      await cluster.leave();
      await announce?.();
    } catch (error) {
      onError(error);
    }
  }

  /** The crash path: the leases run out. */
  end(): void {
    this.#state = 'ended';
    this.#timer?.cancel();
    this.#trustedUntil = 0;
  }

  get #isTrusted(): boolean {
    return this.#options.clock.monotonic() < this.#trustedUntil;
  }

  #partitionOf(streamId: number): number {
    return partitionOf(streamId, this.#options.cluster.partitions);
  }

  /** Milliseconds until the next one. */
  async #beatOnce(): Promise<number> {
    const { cluster, clock, leaseMs, onError } = this.#options;
    try {
      const dispatches = this.#holder !== undefined && this.#state === 'keeping';
      const askedAt = clock.monotonic();
      const view = await cluster.beat(dispatches);
      if (this.#isEnded()) return leaseMs;
      if (view.kind !== 'beat') {
        this.#end(view.kind);
        return leaseMs;
      }
      this.#live = view.live;
      const hasAll = await this.#take(this.#renewed(view, askedAt));
      return hasAll ? nextBeatIn(view, leaseMs) : LOST_RACE_MS;
    } catch (error) {
      onError(error);
      return Math.min(AGAIN_MS, leaseMs / 6);
    }
  }

  /** What the database says is this node's is so, and nothing else. */
  #renewed(view: View, askedAt: number): View {
    const generations = new Map(view.own.map(({ partition, generation }) => [partition, generation]));
    const lost = [...this.#held].filter(
      ([partition, { generation }]) => generations.get(partition) !== generation,
    );
    this.#lose(lost.map(([partition]) => partition));
    const wasTrusted = this.#isTrusted;
    this.#trustedUntil = trustedUntil(askedAt, this.#options.leaseMs);
    this.#releaseAgain(generations);
    const own = view.own.filter((lease) => !this.#isReleasing(lease));
    const isNew = this.#hold(own);
    if ((isNew || !wasTrusted) && this.#held.size > 0) this.#holder?.gained();
    return { ...view, own };
  }

  /** Those of which nobody knows whether they came back. `own`: the generations of what the database says is this node's. */
  #releaseAgain(own: ReadonlyMap<number, number>): void {
    const unanswered = [...this.#releasing].filter(([, { asked }]) => !asked);
    const again: Lease[] = [];
    for (const [partition, { generation }] of unanswered) {
      if (own.get(partition) === generation) again.push({ partition, generation });
      else this.#releasing.delete(partition);
    }
    if (again.length > 0) this.#release(again).catch(this.#options.onError);
  }

  #isReleasing({ partition, generation }: Lease): boolean {
    return this.#releasing.get(partition)?.generation === generation;
  }

  /** False when others were faster: something else may be free for this node. */
  async #take(view: View): Promise<boolean> {
    const { cluster, node } = this.#options;
    const plan = this.#holder === undefined ? undefined : planLeases(view, node.id, cluster.partitions);
    if (plan === undefined || this.#state !== 'keeping') return true;
    const back = plan.handBack.filter((partition) => this.#held.get(partition)?.handingBack === false);
    if (back.length > 0) void this.#handBack(back);
    if (plan.take.length === 0) return true;
    const taken = await cluster.take(plan.take);
    if (!this.#isEnded() && this.#hold(taken)) this.#holder?.gained();
    return taken.length === plan.take.length;
  }

  #hold(leases: readonly Lease[]): boolean {
    const fresh = leases.filter(({ partition }) => !this.#held.has(partition));
    const since = this.#options.clock.monotonic();
    for (const { partition, generation } of fresh)
      this.#held.set(partition, { generation, since, handingBack: false });
    this.#fence = undefined;
    return fresh.length > 0;
  }

  #lose(partitions: readonly number[]): void {
    if (partitions.length === 0) return;
    for (const partition of partitions) this.#held.delete(partition);
    this.#fence = undefined;
    this.#epoch += 1;
    this.#holder?.drop(this.#among(partitions));
  }

  /** What is under way ends and is written down before another node may begin. */
  async #handBack(partitions: readonly number[]): Promise<void> {
    const mine = partitions.flatMap((partition) => {
      const held = this.#held.get(partition);
      return held === undefined ? [] : [{ partition, held }];
    });
    for (const { held } of mine) held.handingBack = true;
    try {
      await this.#holder?.settle(this.#among(partitions));
      // Some may have been lost, and leased anew, while they were being settled.
      const still = mine.filter(({ partition, held }) => this.#held.get(partition) === held);
      // Who stops gives back everything, once all that is under way has ended.
      if (this.#isStopping() || still.length === 0) return;
      const leases = still.map(({ partition, held: { generation } }) => ({ partition, generation }));
      this.#lose(still.map(({ partition }) => partition));
      await this.#release(leases);
    } catch (error) {
      // What could not be settled is gone on with; what was not released the next beat releases again.
      this.#options.onError(error);
      for (const { held } of mine) held.handingBack = false;
    }
  }

  async #release(leases: readonly Lease[]): Promise<void> {
    const { cluster, announce } = this.#options;
    for (const { partition, generation } of leases)
      this.#releasing.set(partition, { generation, asked: true });
    try {
      await cluster.release(leases);
      for (const { partition } of leases) this.#releasing.delete(partition);
    } catch (error) {
      for (const { partition, generation } of leases)
        this.#releasing.set(partition, { generation, asked: false });
      throw error;
    }
    await announce?.();
  }

  #among(partitions: readonly number[]): (streamId: number) => boolean {
    const set = new Set(partitions);
    return (streamId) => set.has(this.#partitionOf(streamId));
  }

  #end(why: 'superseded' | 'outdated'): void {
    const { onFatal, node } = this.#options;
    this.end();
    this.#lose([...this.#held.keys()]);
    onFatal(
      new Error(
        why === 'superseded'
          ? `another process works as node "${node.id}", or the database has forgotten this one: it was silent for too long`
          : 'the database was brought up by a newer Confab that this version cannot work beside; update it',
      ),
    );
  }

  /** After an await the state may be any. */
  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  #isStopping(): boolean {
    return this.#state !== 'keeping';
  }
}
