import type { Clock } from '../../src/base/clock.ts';
import { Agenda } from './agenda.ts';
import { Clients } from './clients.ts';
import type { Coverage } from './coverage.ts';
import type { SimulatedDatabase } from './database.ts';
import { Faults } from './faults.ts';
import { Model, type Trace } from './model/model.ts';
import { SimulatedSender } from './network.ts';
import type { Plan, SendFault } from './plan.ts';
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
const LATE_MS = 400;

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
  /** Those that live; the last one owns the store. */
  readonly processes = new Set<Process>();
  process: Process | undefined;
  /** The wall clock stands by so much ahead of the true time, in ms. */
  wallOffset = 0;
  readonly #places: number;
  #generation = 0;

  constructor({ plan, system, database, coverage, trace }: WorldOptions) {
    this.system = system;
    this.random = new Prng(plan.seed ^ SCHEDULE);
    this.#places = plan.concurrency;
    this.agenda = new Agenda(this.random);
    this.faults = new Faults(plan.faults, coverage, (line) => this.model.note(line));
    this.model = new Model(
      database,
      { dedupWindowMs: DEDUP_WINDOW_MS, places: plan.concurrency },
      () => this.agenda.now,
      trace && ((line) => trace(`${String(this.agenda.now).padStart(7)} ${line}`)),
    );
    this.receivers = new Receivers(this.random, (streamId) => this.model.headOf(streamId));
    this.store = new StoreServer(this, database);
    this.clients = new Clients(this);
  }

  /** A process opens the store, which fences the one before, and begins to deliver. */
  boot(): void {
    this.#generation += 1;
    const process = new Process(this.#generation, (owner) => this.#clockOf(owner));
    this.store.open(process.generation);
    this.model.opened(process);
    this.processes.add(process);
    this.process = process;
    process.dispatcher = new this.system.Dispatcher({
      store: this.store.port(process),
      clock: process.clock,
      concurrency: this.#places,
      random: () => (this.random.chance(0.1) ? 0 : this.random.next()),
      observer: { delivered() {}, failed() {}, moved() {}, breaker() {}, storeFailed() {} },
      onFenced: () => this.model.fenced(process),
      createSender: (endpoint) => new SimulatedSender(this, process, endpoint),
    });
    process.dispatcher.start().then(
      () => this.#serve(process),
      () => this.crash(process),
    );
  }

  setClock(ms: number): void {
    this.wallOffset += ms;
    for (const process of this.processes) process.setBackMs = Math.max(0, process.setBackMs - ms);
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
    void process.dispatcher?.stop().then(() => {
      if (!process.alive) return;
      this.model.stopped(process);
      this.#end(process);
    });
  }

  /** Lets an endpoint's change be known, as the admin API does; it may fail, and the poll has to find it then. */
  announceChange(process: Process): void {
    if (!process.alive || process.dispatcher === undefined || this.random.chance(0.2)) return;
    const halted = this.model.haltedEndpoints;
    process.dispatcher.reload().then(
      () => this.model.knowsHalted(process, halted),
      () => {},
    );
  }

  #serve(process: Process): void {
    if (!process.alive) return;
    process.serves = true;
    if (this.process === process) this.clients.served();
  }

  #end(process: Process): void {
    process.alive = false;
    this.processes.delete(process);
    if (this.process !== process) return;
    this.process = undefined;
    this.agenda.after(this.random.between(0, RESTART_MS), () => {
      if (this.process === undefined) this.boot();
    });
  }

  #clockOf(owner: Process): Clock {
    return {
      now: () => START + this.agenda.now + this.wallOffset,
      monotonic: () => this.agenda.now,
      setTimer: (ms, fn) => {
        let appointment = this.agenda.after(ms, () => ring(true), owner);
        const ring = (mayFail: boolean): void => {
          const fault = mayFail ? this.faults.meet('timer', 'timer') : undefined;
          if (fault === 'crash') this.crash(owner);
          else if (fault === 'late') {
            owner.latenessMs = LATE_MS;
            appointment = this.agenda.after(LATE_MS, () => ring(false), owner);
          } else fn();
        };
        return {
          cancel: () => {
            appointment.cancelled = true;
          },
        };
      },
    };
  }
}
