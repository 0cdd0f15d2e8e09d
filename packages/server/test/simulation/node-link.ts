import type { Lease } from '../../src/domain/lease.ts';
import type { Beat, Cluster, Joined, NodeIdentity, NodeRow, Notice } from '../../src/store/cluster.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { LeaseTable, Member } from './leases.ts';
import { shown } from './model/shown.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

const LATE_MS = { least: 1_000, most: 7_000 };
const LATE_NOTICE_MS = 3_000;
const WAYS_MS = [0, 0, 1, 2, 5] as const;
const NOBODY: Member = { id: '', generation: 0, leaseMs: 0 };
const LOST = 'the connection to the database was lost';

/**
 * A node's connection to the database for leases and notices. What is asked arrives in the order of asking, and so do the answers;
 * how long that takes, and whether at all, the seed decides.
 */
export class NodeLink implements Cluster {
  readonly partitions: number;
  readonly #world: World;
  readonly #process: Process;
  readonly #table: LeaseTable;
  readonly #listeners: ((notice: Notice) => void)[] = [];
  #member: Member | undefined;
  #silentMs = 0;
  #wire = newWire();

  constructor(world: World, process: Process, table: LeaseTable) {
    this.#world = world;
    this.#process = process;
    this.#table = table;
    this.partitions = table.partitions;
  }

  async join(node: NodeIdentity, leaseMs: number): Promise<Joined> {
    this.#silentMs = leaseMs;
    const { member, ...joined } = await this.#ask('join', () => this.#table.join(node, leaseMs));
    this.#member = member;
    return joined;
  }

  beat(dispatches: boolean): Promise<Beat> {
    return this.#ask('beat', (member) => {
      const process = this.#process;
      if (dispatches) process.dispatchesSince = Math.min(process.dispatchesSince, this.#world.agenda.now);
      return this.#table.beat(member, dispatches);
    });
  }

  take(partitions: readonly number[]): Promise<readonly Lease[]> {
    return this.#ask('take', (member) => {
      const freeSince = new Map(partitions.map((one) => [one, this.#table.freeSince(one)]));
      const taken = this.#table.take(member, partitions);
      for (const lease of taken)
        this.#world.model.leased(this.#process, lease, freeSince.get(lease.partition) ?? 0);
      return taken;
    });
  }

  release(leases: readonly Lease[]): Promise<void> {
    return this.#ask('release', (member) => {
      const held = this.#table.leasesOf(member);
      const released = leases.filter(({ partition, generation }) =>
        held.some((own) => own.partition === partition && own.generation === generation),
      );
      this.#world.model.released(this.#process, released);
      this.#table.release(member, leases);
    });
  }

  leave(): Promise<void> {
    return this.#ask('leave', (member) => {
      this.#world.model.released(this.#process, this.#table.leasesOf(member));
      this.#table.leave(member);
    });
  }

  async nodes(): Promise<readonly NodeRow[]> {
    return [];
  }

  tell(notice: Notice): Promise<void> {
    return this.#ask('tell', () => {
      for (const { link } of this.#world.processes) if (link !== this) link?.hear(notice);
    });
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {}

  /** Another node tells something. */
  hear(notice: Notice): void {
    const { faults, agenda, random } = this.#world;
    const fault = faults.meet('notice', notice.kind);
    if (fault === 'lost' || this.#process.isCutOff) return;
    const ms = fault === 'late' ? random.between(100, LATE_NOTICE_MS) : random.between(0, 3);
    agenda.after(
      ms,
      () => {
        for (const listener of this.#listeners) listener(notice);
      },
      this.#process,
    );
  }

  /** What a process asks that is dead by the time it arrives may be done all the same; nobody hears of it. */
  #ask<T>(call: string, perform: (member: Member) => T): Promise<T> {
    const { faults, agenda, random } = this.#world;
    const process = this.#process;
    return new Promise((resolve, reject) => {
      if (!process.alive) return;
      const fault = faults.meet('cluster', call);
      const fail = () => reject(new StoreError('unreachable', LOST));
      if (fault !== undefined) process.hinder(agenda.now + LATE_MS.most);
      if (fault === 'crash-before') {
        agenda.after(0, () => this.#world.crash(process));
        return;
      }
      if (fault === 'unreachable' || process.isCutOff) {
        process.hinder(agenda.now);
        agenda.after(random.between(0, 5), fail, process);
        return;
      }
      const wire = this.#wire;
      wire.waiting.add(fail);
      const lose = () => {
        if (wire.waiting.has(fail)) this.#lose(wire);
      };
      const isSlow = fault === 'slow';
      if (isSlow) agenda.after(this.#silentMs, lose, process);
      const isAskSlow = isSlow && random.chance(0.5);
      const lateMs = () => random.between(LATE_MS.least, LATE_MS.most);
      this.#send(wire.asks, isAskSlow ? lateMs() : random.pick(WAYS_MS), undefined, () => {
        if (!process.alive && random.chance(0.5)) return;
        const result = perform(this.#member ?? NOBODY);
        this.#world.model.note(() => `  ${process.generation} asks ${call} -> ${shown(result)}`);
        if (fault === 'crash-after') this.#world.crash(process);
        this.#send(wire.answers, isSlow && !isAskSlow ? lateMs() : random.pick(WAYS_MS), process, () => {
          if (fault === 'answer-lost') lose();
          else if (wire.waiting.delete(fail)) resolve(result);
        });
      });
    });
  }

  /** In the order of sending. */
  #send(queue: Queue, ms: number, owner: Process | undefined, arrive: () => void): void {
    const { agenda } = this.#world;
    queue.waiting.push(arrive);
    queue.until = Math.max(queue.until, agenda.now + ms);
    agenda.after(queue.until - agenda.now, () => queue.waiting.shift()?.(), owner);
  }

  /** The connection is made anew; what is on its way on the old one may still be done. */
  #lose(wire: Wire): void {
    if (this.#wire === wire) this.#wire = newWire();
    for (const fail of wire.waiting) fail();
    wire.waiting.clear();
  }
}

interface Queue {
  readonly waiting: (() => void)[];
  until: number;
}

interface Wire {
  readonly asks: Queue;
  readonly answers: Queue;
  /** How those fail who wait for an answer. */
  readonly waiting: Set<() => void>;
}

function newWire(): Wire {
  const queue = () => ({ waiting: [], until: 0 });
  return { asks: queue(), answers: queue(), waiting: new Set() };
}
