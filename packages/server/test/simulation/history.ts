import type { EndpointState } from '../../src/webhook/endpoint-state.ts';
import { APP, createGroup, sendMessage } from '../conformance/commands.ts';
import type { Coverage } from './coverage.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Trace } from './model/model.ts';
import { Tables } from './model/tables.ts';
import { type Action, describeAction, type Plan, type Step } from './plan.ts';
import type { System } from './system.ts';
import type { Violation } from './violation.ts';
import { START, World } from './world.ts';

export interface HistoryOptions {
  readonly system: System;
  readonly database: SimulatedDatabase;
  readonly coverage: Coverage;
  readonly trace?: Trace;
}

export interface History {
  readonly violation: Violation | undefined;
  readonly steps: number;
  /** Faults that struck. */
  readonly faults: number;
}

/** Faults end so long after the last step. */
const CALM_AFTER_MS = 300;
/** After that, everything has to be delivered within so much virtual time, and so many steps. */
const PATIENCE_MS = 20 * 60_000;
const STEP_LIMIT = 200_000;
const TRIM_WINDOW_MS = 500;
/** Of the database that several nodes share: it is opened once. */
const SHARED_GENERATION = 1;

/**
 * Runs one history: the real dispatcher over the real SQLite core, with everything around them simulated. Between any two
 * things that happen all continuations have run, without a turn of the event loop.
 */
export async function runHistory(plan: Plan, options: HistoryOptions): Promise<History> {
  const run = new Run(plan, options);
  const violation = await run.end();
  return { violation, steps: run.steps, faults: run.world.faults.struck };
}

class Run {
  readonly world: World;
  steps = 0;
  readonly #plan: Plan;
  readonly #tables: Tables;
  readonly #ended = Promise.withResolvers<Violation | undefined>();
  #calmSince: number | undefined;

  constructor(plan: Plan, options: HistoryOptions) {
    this.#plan = plan;
    options.database.clear();
    this.world = new World({ plan, ...options });
    this.#tables = new Tables(options.database);
  }

  end(): Promise<Violation | undefined> {
    const onSurprise = (error: unknown) =>
      this.world.model.violate('no-surprise', `unhandled: ${String(error)}`);
    process.on('unhandledRejection', onSurprise);
    this.#begin();
    queueMicrotask(this.#settle);
    // Rejections that nobody handles are reported at the end of a turn of the event loop.
    return this.#ended.promise
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => {
        process.off('unhandledRejection', onSurprise);
        return this.world.model.violation;
      });
  }

  #begin(): void {
    const { world } = this;
    const { groups, endpoints, steps } = this.#plan;
    if (world.leases !== undefined) world.store.open(SHARED_GENERATION);
    for (const slot of world.slots.keys()) world.boot(slot);
    const now = START;
    const commands = [
      ...Array.from({ length: groups }, (_, index) => createGroup({ now, groupId: `g${index + 1}` })),
      ...endpoints.map((settings) => ({
        type: 'putEndpoint' as const,
        now,
        app: APP,
        settings,
        source: 'api' as const,
      })),
    ];
    const { outcomes } = world.store.core.commit(commands);
    outcomes.forEach((outcome, index) => {
      const command = commands[index];
      const owner = world.process;
      if (command?.type === 'createGroup') world.model.groupCreated(index + 1);
      else if (command !== undefined && owner !== undefined)
        world.model.committed(owner, command, outcome, undefined);
    });
    for (const [index, step] of steps.entries()) world.agenda.after(step.at, () => this.#act(step, index));
    world.agenda.after((steps.at(-1)?.at ?? 0) + CALM_AFTER_MS, () => this.#calm());
  }

  readonly #next = (): void => {
    const { model, agenda } = this.world;
    for (const process of this.world.processes) model.check(process);
    if (model.violation !== undefined || this.#isOver()) {
      this.#ended.resolve(undefined);
      return;
    }
    const next = agenda.next();
    this.steps += 1;
    try {
      next?.run();
    } catch (error) {
      model.violate('no-surprise', `thrown: ${error instanceof Error ? error.stack : String(error)}`);
    }
    queueMicrotask(this.#settle);
  };

  /** All continuations run before what comes next: ticks wait for the microtasks, however many those bring about. */
  readonly #settle = (): void => process.nextTick(this.#next);

  /** Everything has come to rest, or never will. */
  #isOver(): boolean {
    if (this.#calmSince === undefined) return false;
    const { slots, clients, model, agenda } = this.world;
    const isAtRest =
      clients.waiting === 0 && slots.every((one) => one?.serves === true && isIdle(one.dispatcher?.states()));
    if (isAtRest && this.#tables.isQuiet()) {
      model.finish();
      return true;
    }
    // Somebody's wish to pause was carried out behind the last one to resume.
    if (isAtRest) for (const { name } of model.pausedEndpoints) this.#setPaused(name, false);
    const waited = agenda.now - this.#calmSince;
    if (waited < PATIENCE_MS && this.steps < STEP_LIMIT) return false;
    model.finish();
    model.violate(
      'all-settled',
      `no rest ${Math.round(waited / 1_000)} s after the last fault, ${this.steps} steps`,
    );
    return true;
  }

  /** Faults end: everything answers, nobody is paused, and what there is must be delivered. */
  #calm(): void {
    const { world } = this;
    world.faults.end();
    world.outages.clear();
    this.#calmSince = world.agenda.now;
    for (const old of world.processes) if (world.slots[old.slot] !== old) world.crash(old);
    const paused = world.model.pausedEndpoints.map(({ name }) => name);
    const names = new Set([...paused, ...world.clients.forgetPauses()]);
    for (const name of names) this.#setPaused(name, false);
  }

  #act(step: Step, index: number): void {
    const { world } = this;
    const { faults, clients } = world;
    const process = world.slots['node' in step ? (step.node ?? 0) : 0];
    world.model.note(() => `* ${describeAction(step)}`);
    switch (step.do) {
      case 'send':
        clients.ask(sendOf(step, index));
        return;
      case 'pause':
      case 'resume':
        this.#setPaused(step.endpoint, step.do === 'pause');
        return;
      case 'put':
        clients.ask({ type: 'putEndpoint', app: APP, settings: step.settings, source: 'api' }, (owner) =>
          world.announceChange(owner),
        );
        return;
      case 'delete':
        clients.ask({ type: 'deleteEndpoint', app: APP, name: step.endpoint, force: step.force }, (owner) =>
          world.announceChange(owner),
        );
        return;
      case 'replay': {
        const { do: _, at: __, group, ...range } = step;
        const groupId = group === undefined ? {} : { groupId: `g${group}` };
        clients.ask({ type: 'startReplay', app: APP, ...range, ...groupId }, (owner) =>
          world.announceChange(owner),
        );
        return;
      }
      case 'replay-dead-letters':
        for (const { id } of world.store.core.deadLetters({ includeReplayed: false, limit: 3 })) {
          clients.ask({ type: 'replayDeadLetter', app: APP, id });
        }
        return;
      case 'trim':
        clients.ask({ type: 'trim', replayWindowMs: TRIM_WINDOW_MS, messageWindowMs: 0, limit: 5 });
        return;
      case 'outage':
        faults.note(step.kind, 'outage of an endpoint');
        world.outages.set(step.endpoint, step.kind);
        world.agenda.after(step.ms, () => world.outages.delete(step.endpoint));
        return;
      case 'set-clock':
        faults.note(step.ms > 0 ? 'clock set forward' : 'clock set back', 'process');
        world.setClock(step.ms, step.node);
        return;
      case 'crash':
        faults.note('crash', 'process');
        if (process !== undefined) world.crash(process);
        return;
      case 'stop':
        faults.note('stop', 'process');
        if (process?.serves === true) world.stop(process);
        return;
      case 'freeze':
        if (process === undefined || world.isPaused(process)) return;
        faults.note('freeze', 'node');
        world.freeze(process, step.ms);
        if (step.replaced) world.boot(step.node);
        return;
      case 'cut-off':
        if (process === undefined) return;
        faults.note('cut-off', 'node');
        world.cutOff(process, step.ms);
        return;
      case 'take-over':
        faults.note('take-over', 'process');
        world.boot();
    }
  }

  #setPaused(name: string, paused: boolean): void {
    this.world.clients.ask({ type: 'setEndpointPaused', app: APP, name, paused }, (owner) =>
      this.world.announceChange(owner),
    );
  }
}

function isIdle(states: readonly EndpointState[] | undefined): boolean {
  return states?.every(({ lanesInMemory, inFlight }) => lanesInMemory === 0 && inFlight === 0) ?? false;
}

function sendOf({ group, kind }: Extract<Action, { do: 'send' }>, index: number) {
  const { now: _, ...send } = sendMessage(`g${group}`, 'alice', {
    senderIsAdmin: true,
    random: index + 1,
    onlineOnly: kind === 'online-only',
    forbidAfterWebhook: kind === 'forbidden',
  });
  return send;
}
