import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { Clock, Timer } from './base/clock.ts';
import { randomIds } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { ClusterConfig } from './config/config.ts';
import { failureFields } from './service/store-away.ts';
import type { Cluster, Notice } from './store/cluster.ts';
import type { Store } from './store/store.ts';
import { VERSION } from './version.ts';
import { type Dispatcher, type DispatcherOptions, POLL_MS } from './webhook/dispatcher.ts';
import { LeaseKeeper } from './webhook/lease-keeper.ts';
import { Notifier } from './webhook/notifier.ts';

/** What this process is among the others on its database, for people. */
export interface NodeState {
  readonly id: string;
  readonly role: ClusterConfig['role'];
  /** Partitions of lanes that it works on now, of so many. */
  readonly held: number;
  readonly partitions: number;
  /** Nodes that live, this one among them. */
  readonly nodes: number;
}

export interface ClusterNodeOptions {
  readonly store: Pick<Store, 'cluster' | 'capabilities' | 'onLanes'>;
  readonly config: ClusterConfig;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  onFatal(error: Error): void;
}

interface Parts {
  /** Absent: this node delivers nothing. */
  readonly dispatcher?: Dispatcher;
  /** Another node says that endpoints have changed. */
  endpointsChanged(): void;
  /** Nobody may have said so. The dispatcher looks for itself. */
  lookAtEndpoints(): void;
}

/** This process as one of several on a database: its leases, and what it hears from and tells the others. */
export class ClusterNode {
  readonly keeper: LeaseKeeper;
  readonly #cluster: Cluster;
  readonly #options: ClusterNodeOptions;
  readonly #notifier: Notifier;
  #poll: Timer | undefined;

  private constructor(options: ClusterNodeOptions, cluster: Cluster) {
    const { config, clock, logger, onFatal, store } = options;
    this.#options = options;
    this.#cluster = cluster;
    const tell = (notice: Notice) => (config.notices ? cluster.tell(notice) : Promise.resolve());
    this.keeper = new LeaseKeeper({
      cluster,
      // Who does not hear of it looks at his next renewal.
      announce: () => tell({ kind: 'leases' }).catch(() => {}),
      clock,
      leaseMs: config.leaseMs,
      node: {
        id: config.node ?? randomIds().requestId().slice(0, 8),
        name: `${hostname()}:${pid}`,
        version: VERSION,
        role: config.role,
        startedAt: clock.now(),
      },
      onFatal,
      onError: (error) => logger.warn(failureFields(error), 'the leases could not be renewed'),
    });
    const hasOthers = () => config.notices && this.keeper.live > 1;
    this.#notifier = new Notifier({ clock, holdings: this.keeper, hasOthers, tell });
    store.onLanes((hints) => this.#notifier.committed(hints));
  }

  /** Undefined where a store has one process. Throws StoreError `locked` when a node of this name lives. */
  static async join(options: ClusterNodeOptions): Promise<ClusterNode | undefined> {
    const { cluster, capabilities } = options.store;
    if (cluster === undefined || !capabilities.severalNodes) return undefined;
    const node = new ClusterNode(options, cluster);
    await node.keeper.join();
    return node;
  }

  get state(): NodeState {
    const { keeper } = this;
    const { id, role } = keeper.node;
    return { id, role, held: keeper.count, partitions: this.#cluster.partitions, nodes: keeper.live };
  }

  /** What the dispatcher has to know of its node. */
  get lanes(): Pick<DispatcherOptions, 'holdings' | 'pollMs' | 'hasChores' | 'onLeasesLost'> {
    return {
      holdings: this.keeper,
      pollMs: () => this.#pollMs,
      hasChores: () => this.keeper.hasChores,
      onLeasesLost: () => void this.keeper.beat(),
    };
  }

  async start(parts: Parts): Promise<void> {
    if (this.#options.config.notices) this.#cluster.onNotice((notice) => this.#noticed(notice, parts));
    await this.keeper.start(parts.dispatcher);
    this.#schedule(parts);
  }

  /** The endpoints, or the jobs, have been changed here. */
  changed(): void {
    if (!this.#options.config.notices || this.keeper.live < 2) return;
    // They find it by polling otherwise.
    this.#cluster.tell({ kind: 'endpoints' }).catch(() => {});
  }

  /** Leases nothing more; before deliveries end. */
  async retire(): Promise<void> {
    await this.keeper.retire();
  }

  /** Deliveries have ended. */
  async leave(): Promise<void> {
    this.#end();
    await this.keeper.leave();
  }

  /** The crash path. */
  abort(): void {
    this.#end();
    this.keeper.end();
  }

  /** Milliseconds between two looks for what nobody has told. */
  get #pollMs(): number {
    return this.keeper.live > 1 ? this.#options.config.pollMs : POLL_MS;
  }

  #end(): void {
    this.#poll?.cancel();
    this.#notifier.stop();
  }

  #noticed(notice: Notice, { dispatcher, endpointsChanged }: Parts): void {
    switch (notice.kind) {
      case 'lanes':
        dispatcher?.look(notice.lanes);
        return;
      case 'all-lanes':
        dispatcher?.look();
        return;
      case 'endpoints':
        endpointsChanged();
        return;
      case 'leases':
        void this.keeper.beat();
    }
  }

  #schedule(parts: Parts): void {
    this.#poll = this.#options.clock.setTimer(this.#pollMs, () => {
      if (this.keeper.live > 1) parts.lookAtEndpoints();
      this.#schedule(parts);
    });
  }
}
