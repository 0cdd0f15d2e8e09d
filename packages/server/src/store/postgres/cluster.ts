import type { Lease } from '../../domain/lease.ts';
import type { Beat, Cluster, Joined, NodeIdentity, NodeRow, Notice } from '../cluster.ts';
import { StoreError } from '../errors.ts';
import { beat, join, leave, listNodes, type Membership, release, take } from './leases.ts';
import { type Address, Link } from './link.ts';
import { readNotice, writeNotice } from './notices.ts';
import { call, type Row, statement } from './statement.ts';

const CHANNEL = call(
  statement("SELECT 'confab_' || oid::text AS channel FROM pg_namespace WHERE nspname = current_schema()"),
);
const NOTIFY = statement('SELECT pg_notify($1, $2)');

export interface ClusterParts {
  readonly address: Address;
  readonly partitions: number;
  /** The newest schema version that this process knows. */
  readonly schemaVersion: number;
  /** The connection was lost: others may be as dead, and not know it. */
  onLost?(): void;
}

/**
 * Leases and notices over PostgreSQL, on a connection of their own: a batch that takes long must not keep a lease from being renewed.
 * A connection that is lost is made anew by the next call; notices that came meanwhile are lost.
 */
export class PostgresCluster implements Cluster {
  readonly partitions: number;
  readonly #parts: ClusterParts;
  readonly #listeners: ((notice: Notice) => void)[] = [];
  #membership: Membership | undefined;
  #connecting: Promise<Link> | undefined;
  #link: Link | undefined;
  /** A beat that takes longer than the lease is of no use. */
  #silentMs: number | undefined;
  #channel = '';
  #closed = false;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
    this.partitions = parts.partitions;
  }

  /** Of the leases: what a transaction is fenced by belongs to this node. */
  get nodeId(): string {
    return this.#membership?.id ?? '';
  }

  async join(node: NodeIdentity, leaseMs: number): Promise<Joined> {
    this.#silentMs = leaseMs;
    const { generation, ...joined } = await join(this.#run, node, leaseMs);
    if (generation !== undefined) this.#membership = { id: node.id, generation, leaseMs };
    return joined;
  }

  beat(dispatches: boolean): Promise<Beat> {
    const { partitions, schemaVersion: knows } = this.#parts;
    return beat(this.#run, this.#member, { dispatches, partitions, knows });
  }

  take(partitions: readonly number[]): Promise<Lease[]> {
    return take(this.#run, this.#member, partitions);
  }

  release(leases: readonly Lease[]): Promise<void> {
    return release(this.#run, this.#member, leases);
  }

  async leave(): Promise<void> {
    if (this.#membership === undefined) return;
    await leave(this.#run, this.#membership);
    this.#membership = undefined;
  }

  nodes(): Promise<NodeRow[]> {
    return listNodes(this.#run);
  }

  async tell(notice: Notice): Promise<void> {
    const link = await this.#ready();
    await link.run([call(NOTIFY, this.#channel, writeNotice(this.nodeId, notice))]);
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connecting?.catch(() => {});
    this.#link?.close();
  }

  get #member(): Membership {
    if (this.#membership === undefined)
      throw new StoreError('closed', 'this node is not part of the cluster');
    return this.#membership;
  }

  readonly #run = async (calls: readonly ReturnType<typeof call>[]): Promise<Row[][]> => {
    const link = await this.#ready();
    return link.transact(calls);
  };

  async #ready(): Promise<Link> {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    if (this.#link !== undefined && this.#link.lost === undefined) return this.#link;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Link> {
    const { address, onLost } = this.#parts;
    // This one notices first: it is never quiet for long, and waits no longer than a lease for an answer.
    if (this.#link !== undefined) onLost?.();
    this.#link = undefined;
    const silentMs = this.#silentMs ?? address.silentMs;
    const link = await Link.open({ ...address, ...(silentMs !== undefined && { silentMs }) });
    try {
      const [[row] = []] = await link.run([CHANNEL]);
      this.#channel = String(row?.channel);
      await link.listen(this.#channel, (payload) => this.#noticed(payload));
    } catch (error) {
      link.close();
      throw error;
    }
    this.#link = link;
    if (this.#closed) link.close();
    return link;
  }

  #noticed(payload: string): void {
    const notice = readNotice(this.nodeId, payload);
    if (notice === undefined) return;
    for (const listener of this.#listeners) listener(notice);
  }
}
