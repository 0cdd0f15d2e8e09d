import { type Lease, LONGEST_LEASE_MS, partitionOf } from '../../src/domain/lease.ts';
import type { Beat, Joined, NodeIdentity } from '../../src/store/cluster.ts';
import type { LeaseLookup } from '../../src/store/sqlite/tables.ts';

/** A process as the table of nodes knows it. */
export interface Member {
  readonly id: string;
  readonly generation: number;
  readonly leaseMs: number;
}

interface NodeState {
  readonly generation: number;
  readonly startedAt: number;
  dispatches: boolean;
  until: number;
}

interface LeaseState {
  generation: number;
  holder: Member | undefined;
  until: number;
  freeSince: number;
}

/**
 * What the database knows of nodes and leases, as `store/postgres/leases.ts` has it in SQL: the same conformance suite runs on both.
 * Times are by the database's clock.
 */
export class LeaseTable implements LeaseLookup {
  readonly partitions: number;
  readonly #now: () => number;
  readonly #nodes = new Map<string, NodeState>();
  readonly #leases: readonly LeaseState[];
  #fence = 0;
  #lastEnd = 0;

  constructor(partitions: number, now: () => number) {
    this.partitions = partitions;
    this.#now = now;
    this.#leases = Array.from({ length: partitions }, () => ({
      generation: 0,
      holder: undefined,
      until: 0,
      freeSince: 0,
    }));
  }

  join({ id, startedAt }: NodeIdentity, leaseMs: number): Joined & { readonly member?: Member } {
    const known = this.#nodes.get(id);
    if (known !== undefined && this.#lasts(known.until))
      return { kind: 'alive', remainingMs: known.until - this.#now() };
    const generation = this.#next();
    if (known !== undefined) this.#ceased(known);
    this.#nodes.set(id, { generation, startedAt, dispatches: false, until: this.#now() + leaseMs });
    return { kind: 'joined', member: { id, generation, leaseMs } };
  }

  beat(member: Member, dispatches: boolean): Beat {
    const node = this.#nodes.get(member.id);
    if (node?.generation !== member.generation) return { kind: 'superseded' };
    const until = this.#now() + member.leaseMs;
    if (!dispatches || !this.#lasts(node.until)) this.#ceased(node);
    Object.assign(node, { until, dispatches });
    const leases = this.#leases.map((lease, partition) => ({ lease, partition }));
    const own = leases.filter(({ lease }) => isSame(lease.holder, member));
    for (const { lease } of own) lease.until = until;
    const free = leases.filter(({ lease }) => !this.#isHeld(lease));
    const ends = leases
      .filter(({ lease }) => this.#isHeld(lease) && !isSame(lease.holder, member))
      .map(({ lease }) => lease.until - this.#now());
    const live = [...this.#nodes].filter(([, other]) => this.#lasts(other.until));
    return {
      kind: 'beat',
      own: own.map(({ lease: { generation }, partition }) => ({ partition, generation })),
      free: free.map(({ partition }) => partition),
      ...(ends.length > 0 && { nextEndMs: Math.min(...ends) }),
      dispatching: live.filter(([, other]) => other.dispatches).map(([id]) => id),
      live: live.length,
    };
  }

  take(member: Member, partitions: readonly number[]): Lease[] {
    if (this.#nodes.get(member.id)?.generation !== member.generation) return [];
    return partitions.flatMap((partition) => {
      const lease = this.#leases[partition];
      if (lease === undefined || this.#isHeld(lease)) return [];
      lease.generation = this.#next();
      lease.holder = member;
      lease.until = this.#now() + member.leaseMs;
      return [{ partition, generation: lease.generation }];
    });
  }

  release(member: Member, leases: readonly Lease[]): void {
    for (const { partition, generation } of leases) {
      const lease = this.#leases[partition];
      if (lease?.generation === generation && isSame(lease.holder, member)) this.#free(lease);
    }
  }

  leave(member: Member): void {
    for (const lease of this.#leases) if (isSame(lease.holder, member)) this.#free(lease);
    const node = this.#nodes.get(member.id);
    if (node?.generation !== member.generation) return;
    this.#ceased(node);
    this.#nodes.delete(member.id);
  }

  /** As if nobody had heard of a node for so long that its leases have run out. */
  silence(id: string): void {
    const node = this.#nodes.get(id);
    if (node !== undefined) node.until = this.#now() - 1;
    for (const lease of this.#leases) if (lease.holder?.id === id) lease.until = this.#now() - 1;
  }

  holds(partition: number, generation: number): boolean {
    const lease = this.#leases[partition];
    return lease?.holder !== undefined && lease.generation === generation;
  }

  /** The lanes of this stream are still leased by this generation, whether its time is over or not. */
  isCurrent(streamId: number, generation: number): boolean {
    return this.holds(partitionOf(streamId, this.partitions), generation);
  }

  /** Database ms at which the lease of this stream's lanes ends. */
  endOf(streamId: number): number {
    return this.#leases[partitionOf(streamId, this.partitions)]?.until ?? 0;
  }

  /** Since when, in database ms, nobody has leased a partition; undefined: somebody has. */
  freeSince(partition: number): number | undefined {
    const lease = this.#leases[partition];
    if (lease === undefined || this.#isHeld(lease)) return undefined;
    return lease.holder === undefined ? lease.freeSince : lease.until;
  }

  /** Leases of a member. */
  leasesOf(member: Member): Lease[] {
    return this.#leases.flatMap(({ holder, generation }, partition) =>
      isSame(holder, member) ? [{ partition, generation }] : [],
    );
  }

  /** When the last node that takes none any more ceased to count among those that share the partitions. */
  get lastEnd(): number {
    for (const node of this.#nodes.values()) if (!this.#lasts(node.until)) this.#ceased(node);
    return this.#lastEnd;
  }

  #ceased({ dispatches, until }: NodeState): void {
    if (dispatches) this.#lastEnd = Math.max(this.#lastEnd, Math.min(until, this.#now()));
  }

  #free(lease: LeaseState): void {
    lease.holder = undefined;
    lease.until = 0;
    lease.freeSince = this.#now();
  }

  #isHeld({ holder, until }: LeaseState): boolean {
    return holder !== undefined && this.#lasts(until);
  }

  #lasts(until: number): boolean {
    return until > this.#now() && until <= this.#now() + LONGEST_LEASE_MS;
  }

  #next(): number {
    this.#fence += 1;
    return this.#fence;
  }
}

function isSame(holder: Member | undefined, member: Member): boolean {
  return holder?.id === member.id && holder.generation === member.generation;
}
