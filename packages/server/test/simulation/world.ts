import type { Clock } from '../../src/base/clock.ts';
import type { DispatcherOptions } from '../../src/webhook/dispatcher.ts';
import { Agenda } from './agenda.ts';
import { Clients } from './clients.ts';
import type { Coverage } from './coverage.ts';
import type { SimulatedDatabase } from './database.ts';
import { Faults } from './faults.ts';
import { LeaseTable } from './leases.ts';
import { Model, type Trace } from './model/model.ts';
import { SimulatedSender } from './network.ts';
import { NodeLink } from './node-link.ts';
import { joinCluster, PARTITIONS, simulatedClock, stopNode } from './nodes.ts';
import type { NodePlan, Plan, SendFault } from './plan.ts';
import { Prng } from './prng.ts';
import { Process } from './process.ts';
import { Receivers } from './receivers.ts';
import { DEDUP_WINDOW_MS, StoreServer } from './store-server.ts';
import type { System } from './system.ts';

/** 2026-01-01 00:00:00 UTC in unix ms. */
export const START = 1_767_225_600_000;
/** Schedules are drawn from another stream than plans, so that a plan that lost a step is run much as before. */
const SCHEDULE = 0x5eed;
const RESTART_MS = 1_000;
/** A machine may take longer than a lease to be back. */
const REPLACE_MS = 9_000;
const LATE_MS = 400;
/** A timer of this length is late by a few milliseconds on a slow clock. */
const SHORT_MS = 50;
/** A client that is not answered asks another node. */
const CLIENT_PATIENCE_MS = 1_000;
const ONE: NodePlan = { wallOffset: 0, rate: 1, named: false };

export interface WorldOptions {
  readonly plan: Plan;
  readonly system: System;
  readonly database: SimulatedDatabase;
  readonly coverage: Coverage;
  /** Told what happens, with the virtual time. */
  readonly trace?: Trace;
}

/** Everything outside the code under test: time, chance, the store's thread, the network, and the processes that come and go. */
export class World {
  readonly system: System;
  readonly random: Prng;
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly model: Model;
  readonly store: StoreServer;
  readonly clients: Clients;
  readonly receivers: Receivers;
  /** By endpoint: what all its requests meet. */
  readonly outages = new Map<string, SendFault>();
  /** Of several nodes on one database; absent where one process at a time owns the store: the last one. */
  readonly leases: LeaseTable | undefined;
  readonly plan: Plan;
  /** Those that live. */
  readonly processes = new Set<Process>();
  /** By machine. */
  readonly slots: (Process | undefined)[];
  /** The wall clocks of all, and of each machine, stand by so much ahead of the true time, in ms. */
  wallOffset = 0;
  readonly #wallOffsets: number[];
  #generation = 0;

  constructor({ plan, system, database, coverage, trace }: WorldOptions) {
    this.system = system;
    this.plan = plan;
    this.random = new Prng(plan.seed ^ SCHEDULE);
    const machines = plan.nodes?.each ?? [ONE];
    this.slots = machines.map(() => undefined);
    this.#wallOffsets = machines.map(({ wallOffset }) => wallOffset);
    this.agenda = new Agenda(this.random);
    this.leases = plan.nodes && new LeaseTable(PARTITIONS, () => this.agenda.now);
    this.faults = new Faults(plan.faults, coverage, (line) => this.model.note(line));
    this.model = new Model(
      database,
      { dedupWindowMs: DEDUP_WINDOW_MS, places: plan.concurrency, leases: this.leases },
      () => this.agenda.now,
      trace && ((line) => trace(`${String(this.agenda.now).padStart(7)} ${line}`)),
    );
    this.receivers = new Receivers(this.random, (streamId) => this.model.headOf(streamId));
    this.store = new StoreServer(this, database);
    this.clients = new Clients(this);
  }

  /** Who owns the store, or the first of several nodes. */
  get process(): Process | undefined {
    return this.slots[0];
  }

  /** Whom a client asks now. */
  get entry(): Process | undefined {
    if (this.leases === undefined) return this.process?.serves === true ? this.process : undefined;
    const serving = this.slots.filter((one) => one?.serves === true && !this.isPaused(one));
    return serving.length === 0 ? undefined : this.random.pick(serving as [Process, ...Process[]]);
  }

  /** A process opens the store, which fences the one before, or joins the others, and begins to deliver. */
  boot(slot = 0): void {
    this.#generation += 1;
    const process = new Process(this.#generation, slot, (owner) => this.#clockOf(owner));
    if (this.leases === undefined) this.store.open(process.generation);
    else process.link = new NodeLink(this, process, this.leases);
    this.model.opened(process);
    this.processes.add(process);
    this.slots[slot] = process;
    void this.#start(process).then(
      () => this.#serve(process),
      () => this.crash(process),
    );
  }

  /** Sets the wall clock of one machine, or of all. */
  setClock(ms: number, slot?: number): void {
    if (slot === undefined) this.wallOffset += ms;
    else this.#wallOffsets[slot] = (this.#wallOffsets[slot] ?? 0) + ms;
    for (const process of this.processes)
      if (slot === undefined || process.slot === slot)
        process.setBackMs = Math.max(0, process.setBackMs - ms);
  }

  /** It is dead at once: no call of its ports is ever answered, and nothing it waited for comes. */
  crash(process: Process): void {
    if (!process.alive) return;
    this.model.crashed(process);
    this.#end(process);
  }

  /** It takes no more requests, ends what is under way, writes down where it stands, and is started again. */
  stop(process: Process): void {
    process.serves = false;
    void stopNode(process).then(() => {
      if (!process.alive) return;
      this.model.stopped(process);
      this.#end(process);
    });
  }

  isPaused({ pausedUntil }: Process): boolean {
    return pausedUntil > this.agenda.now;
  }

  /** It stands still; who waits for it asks others. What it was late with when it had hardly woken up is later still. */
  freeze(process: Process, ms: number): void {
    const { agenda } = this;
    const wasAwakeMs = agenda.now - process.pausedUntil;
    const lateAlready = wasAwakeMs < LATE_MS ? process.latenessMs : 0;
    process.pausedUntil = agenda.now + ms;
    process.hinder(process.pausedUntil);
    process.latenessMs = Math.max(process.latenessMs, lateAlready + ms + LATE_MS);
    agenda.after(CLIENT_PATIENCE_MS, () => this.clients.deserted(process));
    agenda.after(ms, () => this.clients.served(), process);
  }

  cutOff(process: Process, ms: number): void {
    process.isCutOff = true;
    process.hinder(this.agenda.now + ms);
    this.agenda.after(ms, () => {
      process.isCutOff = false;
    });
  }

  /** Lets an endpoint's change be known, as the admin API does; it may fail, and the poll has to find it then. */
  announceChange(process: Process): void {
    if (!process.alive || process.dispatcher === undefined || this.random.chance(0.2)) return;
    const halted = this.model.haltedEndpoints;
    process.node?.changed();
    process.dispatcher.reload().then(
      () => this.model.knowsHalted(process, halted),
      () => {},
    );
  }

  async #start(process: Process): Promise<void> {
    const { ClusterNode } = this.system;
    const node = process.link && (await joinCluster(this, ClusterNode, process, process.link));
    const dispatcher = this.#createDispatcher(process, node?.lanes ?? {});
    process.node = node;
    process.dispatcher = dispatcher;
    await dispatcher.start();
    const reload = () => void dispatcher.reload().catch(() => {});
    await node?.start({ dispatcher, endpointsChanged: reload, lookAtEndpoints() {} });
  }

  #createDispatcher(process: Process, leased: Partial<DispatcherOptions>): Process['dispatcher'] & {} {
    return new this.system.Dispatcher({
      ...leased,
      store: this.store.port(process),
      clock: process.clock,
      concurrency: this.plan.concurrency,
      random: () => (this.random.chance(0.1) ? 0 : this.random.next()),
      observer: { delivered() {}, failed() {}, moved() {}, breaker() {}, storeFailed() {} },
      onFenced: () => this.model.fenced(process),
      createSender: (endpoint) => new SimulatedSender(this, process, endpoint),
    });
  }

  #serve(process: Process): void {
    if (!process.alive) return;
    process.serves = true;
    process.hinder(this.agenda.now);
    if (this.slots[process.slot] === process) this.clients.served();
  }

  #end(process: Process): void {
    process.alive = false;
    this.processes.delete(process);
    const { slot } = process;
    const isNode = this.leases !== undefined;
    if (isNode) this.agenda.after(0, () => this.clients.deserted(process));
    if (this.slots[slot] !== process) return;
    this.slots[slot] = undefined;
    const backMs = isNode && this.random.chance(0.5) ? REPLACE_MS : RESTART_MS;
    this.agenda.after(this.random.between(0, backMs), () => {
      if (this.slots[slot] === undefined) this.boot(slot);
    });
  }

  #clockOf(owner: Process): Clock {
    const { rate } = this.plan.nodes?.each[owner.slot] ?? ONE;
    const slownessMs = Math.ceil(SHORT_MS / rate) - SHORT_MS;
    owner.latenessMs = slownessMs;
    owner.rate = rate;
    return simulatedClock(this.agenda, owner, {
      now: () => START + this.agenda.now + this.wallOffset + (this.#wallOffsets[owner.slot] ?? 0),
      rate,
      ring: (again, fn) => {
        const fault = again === undefined ? undefined : this.faults.meet('timer', 'timer');
        if (fault === 'crash') this.crash(owner);
        else if (fault === 'late') {
          owner.latenessMs = Math.max(owner.latenessMs, LATE_MS + slownessMs);
          again?.(LATE_MS);
        } else fn();
      },
    });
  }
}
