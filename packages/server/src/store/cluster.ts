import type { Lease, LeaseView } from '../domain/lease.ts';

export type NodeRole = 'api' | 'dispatch' | 'all';

/** A process as it presents itself to the others. */
export interface NodeIdentity {
  readonly id: string;
  /** For people: host and process. */
  readonly name: string;
  readonly version: string;
  readonly role: NodeRole;
  /** Unix ms. */
  readonly startedAt: number;
}

/** What the nodes that share a database have in common, on a connection of its own. All times are by the database's clock. */
export interface Cluster {
  readonly partitions: number;
  /** `alive`: a node with this id is working, and may do so for `remainingMs` more without a word. */
  join(node: NodeIdentity, leaseMs: number): Promise<Joined>;
  /**
   * Renews this node's leases and tells how things stand. `superseded`: another process works under this id; `outdated`: the
   * database has been changed in a way that this version does not know.
   */
  beat(dispatches: boolean): Promise<Beat>;
  /** Takes those of the partitions that are still free. */
  take(partitions: readonly number[]): Promise<readonly Lease[]>;
  release(leases: readonly Lease[]): Promise<void>;
  /** Gives everything back. */
  leave(): Promise<void>;
  nodes(): Promise<readonly NodeRow[]>;
  /** Tells the other nodes, at once and without a promise. */
  tell(notice: Notice): Promise<void>;
  onNotice(listener: (notice: Notice) => void): void;
  close(): Promise<void>;
}

export type Joined = { readonly kind: 'joined' } | { readonly kind: 'alive'; readonly remainingMs: number };

export type Beat =
  | { readonly kind: 'superseded' | 'outdated' }
  | (LeaseView & {
      readonly kind: 'beat';
      /** Nodes that live, whatever their role. */
      readonly live: number;
    });

export interface NodeRow extends NodeIdentity {
  /** Unix ms. */
  readonly seenAt: number;
  readonly alive: boolean;
  readonly partitions: number;
}

/** What one node tells the others; it may be lost. */
export type Notice =
  /** Lanes of these streams have work, at these endpoints. */
  | {
      readonly kind: 'lanes';
      readonly lanes: readonly { readonly streamId: number; readonly endpoints: readonly number[] }[];
    }
  /** Too many to name. */
  | { readonly kind: 'all-lanes' }
  /** Endpoints have changed, or jobs wait. */
  | { readonly kind: 'endpoints' }
  /** Leases are free. */
  | { readonly kind: 'leases' };
