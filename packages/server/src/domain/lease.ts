/**
 * Who works on which lanes when several nodes share a database. Lanes are leased in partitions by stream; a lease is renewed by
 * the database's clock, and trusted by its holder on its own monotonic clock for less than that. No clock of a node is ever
 * compared with another's.
 */

/** Partitions of a new database; more nodes than that would have nothing to do. */
export const PARTITIONS = 64;

/** A lease that nobody renews ends after this time, if the configuration does not say otherwise. */
export const DEFAULT_LEASE_MS = 6_000;
/** A lease that seems to last longer was not written by a node: it counts as overdue. */
export const LONGEST_LEASE_MS = 600_000;
/** Somebody else's lease that is about to end is looked at again so long after its end. */
const LOOK_AFTER_MS = 20;
const SOONEST_BEAT_MS = 50;

export interface Lease {
  readonly partition: number;
  /** Never given twice: what a checkpoint is fenced by. */
  readonly generation: number;
}

/** What a checkpoint is fenced by: how many partitions there are, and the generation of each lease that it was made under. */
export interface LeaseFence {
  readonly of: number;
  readonly generations: ReadonlyMap<number, number>;
}

/** The leases as the database sees them at one moment. */
export interface LeaseView {
  /** Of this node. */
  readonly own: readonly Lease[];
  /** Without a holder, or overdue. */
  readonly free: readonly number[];
  /** Of others: milliseconds until the first of them ends unless it is renewed; absent when others have none. */
  readonly nextEndMs?: number;
  /** Ids of the nodes that live and dispatch, this one among them if it does. */
  readonly dispatching: readonly string[];
}

export interface LeasePlan {
  readonly take: readonly number[];
  readonly handBack: readonly number[];
}

/** The partition of a stream's lanes. */
export function partitionOf(streamId: number, partitions: number): number {
  return streamId % partitions;
}

/** So many partitions a node holds at most while so many dispatch. */
export function fairShare(partitions: number, dispatching: number): number {
  return Math.ceil(partitions / Math.max(1, dispatching));
}

/**
 * What a node does about its leases: it takes free partitions up to its share, and hands back what is above it. Nodes begin to
 * take at different places, so that they seldom want the same one; partition 0, which brings the chores, is handed back last.
 */
export function planLeases(view: LeaseView, self: string, partitions: number): LeasePlan {
  const { own, free, dispatching } = view;
  const rank = dispatching.toSorted().indexOf(self);
  if (rank === -1) return { take: [], handBack: own.map(({ partition }) => partition) };
  const share = fairShare(partitions, dispatching.length);
  const held = own.map(({ partition }) => partition).sort((a, b) => a - b);
  if (held.length >= share) return { take: [], handBack: held.slice(share) };
  const begin = rank * share;
  const place = (partition: number) => (partition - begin + partitions) % partitions;
  const take = free.toSorted((a, b) => place(a) - place(b)).slice(0, share - held.length);
  return { take, handBack: [] };
}

/**
 * Until when a node trusts leases that it asked to be renewed at this moment of its monotonic clock. A sixth of their time is
 * left for an attempt that is just beginning, and for a clock that runs slow.
 */
export function trustedUntil(askedAt: number, leaseMs: number): number {
  return askedAt + leaseMs - leaseMs / 6;
}

/** Milliseconds until a node renews: a third of the lease, or sooner when the lease of another seems to end before. */
export function nextBeatIn({ nextEndMs }: Pick<LeaseView, 'nextEndMs'>, leaseMs: number): number {
  const regular = leaseMs / 3;
  if (nextEndMs === undefined) return regular;
  return Math.min(regular, Math.max(SOONEST_BEAT_MS, nextEndMs + LOOK_AFTER_MS));
}

/** The part of an endpoint's limit that a node has which holds this part of the partitions: never less than one. */
export function shareOf(limit: number, share: number): number {
  return Math.max(1, Math.ceil(limit * share));
}
