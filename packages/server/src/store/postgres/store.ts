import type { Clock } from '../../base/clock.ts';
import type { Command, ResultOf } from '../commands.ts';
import { StoreError } from '../errors.ts';
import type { StreamHint } from '../lanes.ts';
import { previewSend } from '../sqlite/apply/check-send.ts';
import { previewChange } from '../sqlite/apply/preview-change.ts';
import { Explainer } from '../sqlite/explain.ts';
import { streamHints } from '../sqlite/hints.ts';
import { LaneReader } from '../sqlite/lane-reader.ts';
import type { Reads, Store } from '../store.ts';
import { ArchiveReader } from './archive-reader.ts';
import type { PostgresCluster } from './cluster.ts';
import type { Answer, Committed, PostgresCore } from './core.ts';
import { explainRows } from './explain-rows.ts';
import { MessageQueries } from './message-queries.ts';
import { Overview } from './overview.ts';
import type { Pool } from './pool.ts';
import { Queries } from './queries.ts';

/** Commands of one transaction at most; more wait for the next. */
const BATCH_LIMIT = 512;
/** So many results are told in one turn of the event loop: each means an answer and a webhook or more. */
const SLICE = 24;

/** So long whoever asks whether the store is well waits for a new connection; then the reason is told. */
const RECOVER_MS = 1_000;

export interface StoreParts {
  readonly core: PostgresCore;
  readonly pool: Pool;
  readonly cluster: PostgresCluster;
  readonly installId: string;
  /** Other processes may write to the database, too. */
  readonly severalNodes: boolean;
  readonly clock: Clock;
  /** Told after each transaction: how many commands it held and how long it took in ms. */
  onCommit?(commands: number, durationMs: number): void;
  /** Told when this process may not write any more. */
  onDeath?(error: StoreError): void;
}

interface Waiting {
  readonly command: Command;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Asking {
  readonly read: () => unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The PostgreSQL store behind the port. */
export function postgresStore(parts: StoreParts): Store {
  const { core, pool, cluster, installId, severalNodes } = parts;
  const { tables } = core;
  const turns = new Turns(parts);
  const lanes = new LaneReader(tables, installId);
  const explainer = new Explainer(explainRows(tables.questions), tables, installId);
  const queries = new Queries(pool);
  const messageQueries = new MessageQueries(pool);
  const archive = new ArchiveReader(pool);
  const overview = new Overview(pool);
  const reads: Reads = {
    endpoints: () => turns.read(() => tables.endpoints.all()),
    // A deleted endpoint has lanes until its job has ended them, and none of them is due.
    dueLanes: (query) =>
      turns.read(() =>
        tables.endpoints.get(query.endpointId) === undefined ? { lanes: [] } : tables.lanes.due(query),
      ),
    readEvents: (asked) => turns.read(() => asked.map((read) => lanes.read(read))),
    previewSend: (command) => turns.read(() => previewSend(tables, command)),
    previewChange: (command) => turns.read(() => previewChange(tables, command)),
    explain: (query) => turns.read(() => explainer.explain(query)),
    accountStanding: (app, userId) => turns.open(() => queries.accountStanding(app, userId)),
    accountsImported: (app, userIds) => turns.open(() => queries.accountsImported(app, userIds)),
    groups: (app, groupIds) => turns.open(() => queries.groups(app, groupIds)),
    groupIds: (query) => turns.open(() => queries.groupIds(query)),
    joinedGroups: (query) => turns.open(() => queries.joinedGroups(query)),
    members: (query) => turns.open(() => queries.members(query)),
    roles: (query) => turns.open(() => queries.roles(query)),
    restricted: (query) => turns.open(() => queries.restricted(query)),
    archiveGroups: (query) => turns.open(() => archive.groups(query)),
    archiveMessages: (query) => turns.open(() => archive.messages(query)),
    history: (query) => turns.open(() => queries.history(query)),
    topics: (query) => turns.open(() => queries.topics(query)),
    liveMembers: (query) => turns.open(() => queries.liveMembers(query)),
    attributes: (query) => turns.open(() => queries.attributes(query)),
    counters: (query) => turns.open(() => queries.counters(query)),
    receipts: (query) => turns.open(() => messageQueries.receipts(query)),
    receiptMembers: (query) => turns.open(() => messageQueries.receiptMembers(query)),
    extensions: (query) => turns.open(() => messageQueries.extensions(query)),
    lag: (query) => turns.open(() => queries.lag(query)),
    lanes: (query) => turns.open(() => overview.lanes(query)),
    attempts: (query) => turns.open(() => overview.attempts(query)),
    deadLetters: (query) => turns.open(() => overview.deadLetters(query)),
    deliveries: (query) => turns.open(() => overview.deliveries(query)),
    jobs: () => turns.open(() => overview.jobs()),
    auditLog: (query) => turns.open(() => overview.auditLog(query)),
    stats: () => turns.open(() => overview.stats()),
    ping: () => turns.ping(),
  };
  return {
    ...reads,
    capabilities: { severalNodes },
    cluster,
    generation: core.session.generation,
    commit: <C extends Command>(command: C) => turns.commit(command) as Promise<ResultOf<C>>,
    onLanes: (listener) => turns.onLanes(listener),
    close: () => turns.close(),
  };
}

/**
 * One thing at a time: the commands that wait, as one batch, then the reads that wait. Answers are told in the order in which the
 * store worked, which the dispatcher relies on: a read that found the end of the log comes before the hint of what was
 * committed after it (docs/decisions/0004).
 */
class Turns {
  readonly #parts: StoreParts;
  readonly #listeners: ((hints: readonly StreamHint[]) => void)[] = [];
  #commands: Waiting[] = [];
  #reads: Asking[] = [];
  readonly #inbox: (() => void)[] = [];
  #telling = false;
  #dead = false;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  commit(command: Command): Promise<unknown> {
    return this.#enqueue((resolve, reject) => this.#commands.push({ command, resolve, reject }));
  }

  read<T>(read: () => T): Promise<T> {
    return this.#enqueue((resolve, reject) => this.#reads.push({ read, resolve, reject })) as Promise<T>;
  }

  /** A read in an order of its own. */
  async open<T>(read: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the store is closed');
    return read();
  }

  onLanes(listener: (hints: readonly StreamHint[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Rejects with what keeps the store from writing; a connection that was lost gets a moment to be made anew. */
  async ping(): Promise<void> {
    const { core, clock } = this.#parts;
    const answered = this.read(() => core.tables.groups.headOf(-1));
    if (core.session.trouble === undefined) {
      await answered;
      return;
    }
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = clock.setTimer(RECOVER_MS, () =>
      reject(core.session.trouble ?? new Error('not ready yet')),
    );
    await Promise.race([answered, promise]).finally(() => timer.cancel());
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      while (this.#running !== undefined) await this.#running;
      await new Promise<void>((resolve) => this.#tell(resolve));
      await this.#parts.core.session.close();
      await this.#parts.cluster.close();
      await this.#parts.pool.close();
    })();
    return this.#closing;
  }

  #enqueue(
    put: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void,
  ): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(new StoreError('closed', 'the store is closed'));
    return new Promise((resolve, reject) => {
      put(resolve, reject);
      this.#start();
    });
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#commands.length > 0 || this.#reads.length > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    // Commands of the same turn of the event loop share a transaction.
    await new Promise((resolve) => void setImmediate(resolve));
    while (this.#commands.length > 0 || this.#reads.length > 0) {
      const batch = this.#commands.splice(0, BATCH_LIMIT);
      if (batch.length > 0) await this.#commit(batch);
      const reads = this.#reads.splice(0);
      if (reads.length > 0) this.#answered(reads, await this.#parts.core.read(reads.map(({ read }) => read)));
    }
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const { core, clock, onCommit, onDeath } = this.#parts;
    const begun = clock.monotonic();
    const committed = await core.commit(batch.map(({ command }) => command)).catch((error: unknown) => {
      for (const { reject } of batch) reject(error);
    });
    if (committed === undefined) return;
    onCommit?.(batch.length, clock.monotonic() - begun);
    for (let from = 0; from < batch.length; from += SLICE)
      this.#tell(() => this.#told(batch, committed, from, begun));
    if (core.session.fatal === undefined || this.#dead) return;
    this.#dead = true;
    onDeath?.(core.session.fatal);
  }

  #told(batch: readonly Waiting[], { outcomes, hints }: Committed, from: number, begunAt: number): void {
    const to = Math.min(batch.length, from + SLICE);
    for (let index = from; index < to; index += 1) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'failed') batch[index]?.reject(outcome.error);
      else batch[index]?.resolve(outcome);
    }
    const own = hints.filter(({ command }) => command >= from && command < to);
    if (own.length === 0) return;
    const commands = batch.map(({ command }) => command);
    const told = streamHints(this.#parts.installId, commands, outcomes, own).map((hint) => ({
      ...hint,
      begunAt,
    }));
    for (const listener of this.#listeners) listener(told);
  }

  #answered(reads: readonly Asking[], answers: readonly Answer[]): void {
    this.#tell(() => {
      reads.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer !== undefined && 'value' in answer) resolve(answer.value);
        else reject(answer?.error);
      });
    });
  }

  /** In their order, one a turn of the event loop. */
  #tell(what: () => void): void {
    this.#inbox.push(what);
    if (!this.#telling) this.#tellOn();
  }

  #tellOn(): void {
    this.#inbox.shift()?.();
    this.#telling = this.#inbox.length > 0;
    if (this.#telling) setImmediate(() => this.#tellOn());
  }
}
