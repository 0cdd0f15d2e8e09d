import type { Clock } from '../../src/base/clock.ts';
import type { ClusterNode } from '../../src/cluster-node.ts';
import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import { partitionOf } from '../../src/domain/lease.ts';
import type { StreamHint } from '../../src/store/lanes.ts';
import type { Dispatcher } from '../../src/webhook/dispatcher.ts';
import type { NodeLink } from './node-link.ts';

/** One run of the server from start to death; its number is the store's generation. What is dead is never answered. */
export class Process {
  readonly generation: number;
  /** The machine that it runs on. */
  readonly slot: number;
  readonly clock: Clock;
  alive = true;
  /** Virtual ms: it stands still until then, and what happens to it happens afterwards. */
  pausedUntil = 0;
  /** It reaches no database. */
  isCutOff = false;
  /** Virtual ms since when nothing has kept it from taking leases, and since when the others know that it would. */
  healthySince = 0;
  dispatchesSince = Number.POSITIVE_INFINITY;
  /** Takes clients' requests: not while it starts or stops. */
  serves = false;
  dispatcher: Dispatcher | undefined;
  /** As one of several nodes. */
  node: ClusterNode | undefined;
  link: NodeLink | undefined;
  readonly listeners: ((hints: readonly StreamHint[]) => void)[] = [];
  /** Milliseconds of its monotonic clock in a true one. */
  rate = 1;
  /** Its timers have been late by so much at most. */
  latenessMs = 0;
  /** The wall clock has been ahead of where it stands by so much, in its life: what waits for a time goes on from there. */
  setBackMs = 0;

  constructor(generation: number, slot: number, makeClock: (owner: Process) => Clock) {
    this.generation = generation;
    this.slot = slot;
    this.clock = makeClock(this);
  }

  /** Something keeps it from taking leases until then. */
  hinder(until: number): void {
    this.healthySince = Math.max(this.healthySince, until);
  }

  /** Unix ms on the latest wall clock that it may have seen, gone on with true time. */
  latestNow(): number {
    return this.clock.now() + this.setBackMs;
  }

  /** Those that it delivers under, which may not be the latest. */
  settingsOf(endpointId: number): EndpointSettings | undefined {
    return this.dispatcher?.states().find(({ endpoint }) => endpoint.id === endpointId)?.endpoint.settings;
  }

  /**
   * What it works on a stream's lanes under: among several nodes the generation of the lease that it believes to have, 0 without
   * one; otherwise its own.
   */
  tenureOf(streamId: number): number {
    if (this.link === undefined) return this.generation;
    const fence = this.node?.keeper.leases;
    return fence?.generations.get(partitionOf(streamId, fence.of)) ?? 0;
  }
}
