import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import type { Command, CommandResult, ResultOf } from '../../src/store/commands.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { StreamHint } from '../../src/store/lanes.ts';
import type { Outcome, SqliteCore } from '../../src/store/sqlite/core.ts';
import { type CoreHint, streamHints } from '../../src/store/sqlite/hints.ts';
import type { DispatcherOptions } from '../../src/webhook/dispatcher.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

export type StorePort = DispatcherOptions['store'];

interface Commit {
  readonly kind: 'commit';
  readonly process: Process;
  readonly command: Command;
  /** On the monotonic clock of its process. */
  readonly askedAt: number;
  resolve(result: CommandResult): void;
  reject(error: Error): void;
}

interface Read {
  readonly kind: 'read';
  readonly process: Process;
  readonly name: string;
  perform(core: SqliteCore): unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type Ask = Commit | Read;

/** What was asked, and what is answered, each in its order. */
interface Connection {
  queue: Ask[];
  readonly outbox: { readonly process: Process; deliver(): void }[];
  busy: boolean;
}

/** Shorter than real, so that a history of seconds has something to trim. */
export const DEDUP_WINDOW_MS = 2_000;
const RULES = { ...DEFAULT_RULES, groupMessagesPerSecond: 0, dedupWindowMs: DEDUP_WINDOW_MS };
const INSTALL_ID = 'c0ffee01';
const SLOW_MS = 1_500;
/** Who is never answered dies of it so many ms later, at most. */
const UNANSWERED_MS = 1_500;
const UNREACHABLE = new StoreError('unreachable', 'the database cannot be reached');
const LOST = new StoreError('unreachable', 'the answer to a commit was lost');
/** These are done in a transaction of their own, so that the model sees what each one did. */
const ALONE: ReadonlySet<Command['type']> = new Set([
  'startReplay',
  'replayDeadLetter',
  'continueJobs',
  'putEndpoint',
]);

/**
 * The store's thread: it does what is asked in the order of asking, several commits to a transaction, and answers in that
 * order (`store/sqlite/worker-store.ts`); when, and how much goes into a transaction, the seed decides. Several nodes have a
 * connection each, with delays of its own, and hear of their own commits alone.
 */
export class StoreServer {
  readonly #world: World;
  readonly #database: SimulatedDatabase;
  readonly #thread = newConnection();
  readonly #connections = new WeakMap<Process, Connection>();
  #core: SqliteCore | undefined;

  constructor(world: World, database: SimulatedDatabase) {
    this.#world = world;
    this.#database = database;
  }

  get core(): SqliteCore {
    if (this.#core === undefined) throw new Error('no process has opened the store yet');
    return this.#core;
  }

  /** A process opens the database: its generation fences those before. */
  open(generation: number): SqliteCore {
    const { SqliteCore } = this.#world.system;
    const identity = { installId: INSTALL_ID, generation };
    this.#core = new SqliteCore(this.#database, RULES, identity, undefined, this.#world.leases);
    return this.#core;
  }

  port(process: Process): StorePort {
    const read =
      <Name extends 'endpoints' | 'dueLanes' | 'readEvents'>(name: Name) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const perform = (core: SqliteCore) => Reflect.apply(core[name], core, args);
          this.#ask({ kind: 'read', process, name, perform, resolve, reject });
        });
    return {
      generation: this.core.generation,
      endpoints: read('endpoints') as StorePort['endpoints'],
      dueLanes: read('dueLanes') as StorePort['dueLanes'],
      readEvents: read('readEvents') as StorePort['readEvents'],
      commit: <C extends Command>(command: C) => this.commit(process, command),
      onLanes: (listener) => {
        process.listeners.push(listener);
      },
    };
  }

  commit<C extends Command>(process: Process, command: C): Promise<ResultOf<C>> {
    if (command.type === 'checkpoint') this.#world.model.checkpointIssued(process, command);
    return new Promise((resolve, reject) => {
      const resolveAny = (result: CommandResult) => resolve(result as ResultOf<C>);
      const askedAt = process.clock.monotonic();
      this.#ask({ kind: 'commit', process, command, askedAt, resolve: resolveAny, reject });
    });
  }

  #ask(ask: Ask): void {
    const connection = this.#connectionOf(ask.process);
    connection.queue.push(ask);
    if (!connection.busy) this.#begin(connection);
  }

  #connectionOf(process: Process): Connection {
    if (this.#world.leases === undefined) return this.#thread;
    let connection = this.#connections.get(process);
    if (connection === undefined) {
      connection = newConnection();
      this.#connections.set(process, connection);
    }
    return connection;
  }

  /** Takes up the next ask after a while; what was asked by the dead is forgotten. */
  #begin(connection: Connection): void {
    connection.busy = true;
    const { agenda, random } = this.#world;
    agenda.after(random.chance(0.7) ? 0 : random.between(1, 3), () => this.#perform(connection));
  }

  #perform(connection: Connection): void {
    connection.queue = connection.queue.filter(({ process }) => process.alive);
    const first = connection.queue[0];
    connection.busy = first !== undefined;
    if (first === undefined) return;
    const { faults, agenda } = this.#world;
    const isCommit = first.kind === 'commit';
    const call = isCommit ? first.command.type : first.name;
    const fault = isCommit ? faults.meet('commit', call) : faults.meet('read', call);
    if (fault === 'slow') agenda.after(SLOW_MS, () => this.#do(connection, first, fault));
    else this.#do(connection, first, fault);
  }

  #do(connection: Connection, first: Ask, fault: string | undefined): void {
    if (fault === 'crash-before') this.#world.crash(first.process);
    if (first.process.isCutOff) this.#cutOff(connection);
    else if (first.process.alive) {
      if (first.kind === 'commit') this.#transact(this.#takeBatch(connection, first), fault);
      else this.#read(connection, first, fault);
      if (fault === 'crash-after') this.#world.crash(first.process);
    }
    this.#begin(connection);
  }

  /** Nothing of what was asked arrives. */
  #cutOff(connection: Connection): void {
    for (const ask of connection.queue.splice(0)) {
      this.#answer(ask.process, () => {
        if (ask.kind === 'commit') this.#world.model.refused(ask.process, ask.command);
        ask.reject(UNREACHABLE);
      });
    }
  }

  /** Commits that were asked for one after the other share a transaction, as many of them as the seed says. */
  #takeBatch({ queue }: Connection, first: Commit): [Commit, ...Commit[]] {
    const batch: [Commit, ...Commit[]] = [first];
    queue.shift();
    while (!ALONE.has(first.command.type)) {
      const next = queue[0];
      if (next?.kind !== 'commit' || next.process !== first.process || ALONE.has(next.command.type)) break;
      if (this.#world.random.chance(0.15)) break;
      batch.push(next);
      queue.shift();
    }
    return batch;
  }

  #transact(batch: readonly [Commit, ...Commit[]], fault: string | undefined): void {
    const { model } = this.#world;
    if (fault === 'disk-full') this.#database.fullDisk = batch.length === 1 ? 1 : batch.length + 1;
    if (fault === 'disk-full-once') this.#database.fullDisk = 1;
    this.#database.locked = fault === 'locked';
    const commands = batch.map(({ command }) => command);
    const before = model.beforeCommit(commands);
    const { outcomes, hints } = this.core.commit(commands);
    this.#database.fullDisk = 0;
    const isLost = fault === 'answer-lost';
    batch.forEach((ask, index) => {
      const { process, command } = ask;
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('the core left a command without an outcome');
      model.committed(process, command, outcome, before);
      if (fault === 'never-answered') return;
      this.#answer(process, () => {
        if (outcome.kind === 'failed' || isLost) {
          model.refused(process, command);
          ask.reject(outcome.kind === 'failed' ? outcome.error : LOST);
        } else {
          model.answered(process, command, outcome);
          ask.resolve(outcome);
        }
      });
    });
    const [{ process }] = batch;
    if (hints.length > 0) this.#hint(process, this.#told(batch, outcomes, hints));
    if (fault !== 'never-answered') return;
    const { agenda, random } = this.#world;
    agenda.after(random.between(0, UNANSWERED_MS), () => this.#world.crash(process));
  }

  #read({ queue }: Connection, read: Read, fault: string | undefined): void {
    queue.shift();
    if (fault === 'unreachable') {
      const error = new StoreError('unreachable', 'the database file cannot be read');
      this.#answer(read.process, () => read.reject(error));
      return;
    }
    const value = read.perform(this.core);
    this.#world.model.read(read.name, value);
    this.#answer(read.process, () => read.resolve(value));
  }

  /** Half of the time without the events: a lane has to read what it is not told. */
  #told(
    batch: readonly [Commit, ...Commit[]],
    outcomes: readonly Outcome[],
    hints: readonly CoreHint[],
  ): StreamHint[] {
    const commands = batch.map(({ command }) => command);
    const begunAt = this.#world.leases === undefined ? {} : { begunAt: batch[0].askedAt };
    const told = streamHints(INSTALL_ID, commands, outcomes, hints).map((hint) => ({ ...hint, ...begunAt }));
    return this.#world.random.chance(0.5) ? told : told.map(({ event: _event, ...hint }) => hint);
  }

  /** Every process that listens on the thread may hear of it; or not. */
  #hint(committer: Process, hints: readonly StreamHint[]): void {
    const { faults, leases } = this.#world;
    const processes = leases === undefined ? this.#world.processes : [committer];
    const fault = faults.meet('hint', 'lanes');
    if (fault === 'lost' || this.#world.random.chance(0.05)) return;
    for (const process of processes) {
      this.#answer(process, () => {
        if (fault === 'crash') this.#world.crash(process);
        else for (const listener of process.listeners) listener(hints);
      });
    }
  }

  #answer(process: Process, deliver: () => void): void {
    const { agenda, random, leases } = this.#world;
    const { outbox } = this.#connectionOf(process);
    outbox.push({ process, deliver });
    const owner = leases === undefined ? undefined : process;
    agenda.after(
      random.chance(0.7) ? 0 : random.between(1, 2),
      () => {
        const next = outbox.shift();
        if (next?.process.alive === true) next.deliver();
      },
      owner,
    );
  }
}

function newConnection(): Connection {
  return { queue: [], outbox: [], busy: false };
}
