import type { DatabaseSync } from 'node:sqlite';
import type { Rules } from '../../domain/rules.ts';
import type { Command, CommandResult } from '../commands.ts';
import type { StoreError } from '../errors.ts';
import type { LaneRead } from '../lanes.ts';
import type { DueLanesQuery, GroupIdsQuery, Reads } from '../store.ts';
import { previewSend } from './apply/check-send.ts';
import { applyCommand } from './apply/command.ts';
import { previewChange } from './apply/preview-change.ts';
import { ArchiveReader } from './archive-reader.ts';
import { Explainer } from './explain.ts';
import { explainRows } from './explain-rows.ts';
import { storeErrorOf } from './failure.ts';
import type { CoreHint } from './hints.ts';
import { LagReader } from './lag-reader.ts';
import { LaneReader } from './lane-reader.ts';
import { MessageQueries } from './message-queries.ts';
import { Overview } from './overview.ts';
import { Queries } from './queries.ts';
import { createSealer, type Sealer } from './sealer.ts';
import { type Statement, statement } from './statement.ts';
import { forgetAll, type LeaseLookup, openTables, type SqliteTables } from './tables.ts';
import { Trimmer } from './trimmer.ts';

/** These look at streams in the tables, where the batch has to have written what it changed so far. */
const LOOKS_AT_STREAMS: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'replayDeadLetter',
  'closeDeadLetters',
  'continueJobs',
  'trim',
]);

/** A command's result, or why the store could not carry it out. */
export type Outcome = CommandResult | { readonly kind: 'failed'; readonly error: Error };

export interface Committed {
  readonly outcomes: readonly Outcome[];
  readonly hints: readonly CoreHint[];
}

/** The reads of the port, answered at once instead of later. */
export type SyncReads = {
  [Name in keyof Reads]: Reads[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

/**
 * The synchronous heart of the SQLite store: a batch in, one transaction, results out. It owns its connection alone. `leases` are for
 * who has several nodes share it, as the simulation does.
 */
export class SqliteCore implements SyncReads {
  readonly generation: number;
  readonly installId: string;
  readonly #db: DatabaseSync;
  readonly #tables: SqliteTables;
  readonly #reader: LaneReader;
  readonly #queries: Queries;
  readonly #overview: Overview;
  readonly #messageQueries: MessageQueries;
  readonly #archive: ArchiveReader;
  readonly #explainer: Explainer;
  readonly #lagReader: LagReader;
  readonly #trimmer: Trimmer;
  readonly #begin: Statement<never>;
  readonly #commit: Statement<never>;
  readonly #generation: Statement<{ value: string }>;
  /** Why the last transaction failed; cleared by the next one that does not. */
  #failure: StoreError | undefined;

  constructor(
    db: DatabaseSync,
    rules: Rules,
    identity: { readonly installId: string; readonly generation: number },
    sealer: Sealer = createSealer([]),
    leases?: LeaseLookup,
  ) {
    this.#db = db;
    this.generation = identity.generation;
    this.installId = identity.installId;
    this.#tables = openTables(db, rules, sealer, leases);
    this.#reader = new LaneReader(this.#tables, identity.installId);
    this.#queries = new Queries(db, this.#tables);
    this.#overview = new Overview(db);
    this.#messageQueries = new MessageQueries(this.#tables);
    this.#archive = new ArchiveReader(db);
    this.#explainer = new Explainer(explainRows(db), this.#tables, identity.installId);
    this.#lagReader = new LagReader(db, this.#tables);
    this.#trimmer = new Trimmer(db, this.#tables);
    this.#begin = statement(db, 'BEGIN IMMEDIATE');
    this.#commit = statement(db, 'COMMIT');
    this.#generation = statement(db, "SELECT value FROM meta WHERE key = 'generation'");
  }

  /**
   * One transaction for all. Should the store fail under one command, each is tried alone, so that it fails alone; a database
   * that others hold fails all at once, for each try would wait out its 5 s.
   */
  commit(commands: readonly Command[]): Committed {
    try {
      return this.#transact(commands);
    } catch (cause) {
      const error = storeErrorOf(cause);
      this.#failure = error;
      if (commands.length === 1 || error.code === 'locked') {
        return { outcomes: commands.map(() => ({ kind: 'failed', error })), hints: [] };
      }
    }
    const outcomes: Outcome[] = [];
    const hints: CoreHint[] = [];
    for (const [index, command] of commands.entries()) {
      const alone = this.commit([command]);
      outcomes.push(...alone.outcomes);
      hints.push(...alone.hints.map((hint) => ({ ...hint, command: index })));
    }
    return { outcomes, hints };
  }

  #transact(commands: readonly Command[]): Committed {
    this.#begin.run();
    try {
      const hints: CoreHint[] = [];
      const outcomes = commands.map((command, index) => {
        const outcome = this.#apply(command, commands, index);
        for (const hint of this.#tables.hints.splice(0)) hints.push({ ...hint, command: index });
        return outcome;
      });
      this.#tables.groups.flush();
      this.#commit.run();
      this.#failure = undefined;
      return { outcomes, hints };
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      forgetAll(this.#tables);
      throw error;
    }
  }

  #apply(command: Command, batch: readonly Command[], index: number): CommandResult {
    const tables = this.#tables;
    if (LOOKS_AT_STREAMS.has(command.type)) tables.groups.flush();
    if (command.type === 'trim') return this.#trimmer.trim(command);
    if (command.type === 'audit') {
      this.#queries.audit({ at: command.now, ...command });
      return { kind: 'done' };
    }
    return applyCommand(tables, command, { batch, index, generation: () => this.#ownGeneration() });
  }

  endpoints = () => this.#tables.endpoints.all();
  /** A deleted endpoint has lanes until its job has ended them, and none of them is due. */
  dueLanes = (query: DueLanesQuery) =>
    this.#tables.endpoints.get(query.endpointId) === undefined
      ? { lanes: [] }
      : this.#tables.lanes.due(query);
  readEvents = (reads: readonly LaneRead[]) => reads.map((read) => this.#reader.read(read));
  accountsImported = (app: number, userIds: readonly string[]) =>
    userIds.map((userId) => this.#tables.accounts.get(app, userId) !== undefined);
  accountStanding = (app: number, userId: string) => this.#tables.accounts.standing(app, userId);
  groups = (app: number, groupIds: readonly string[]) =>
    groupIds.map((groupId) => this.#tables.groups.get(app, groupId)?.group);
  groupIds = (query: GroupIdsQuery) => this.#tables.groups.page(query);
  joinedGroups: SyncReads['joinedGroups'] = (query) => this.#queries.joinedGroups(query);
  members: SyncReads['members'] = (query) => this.#queries.members(query);
  roles: SyncReads['roles'] = (query) => this.#queries.roles(query);
  restricted: SyncReads['restricted'] = (query) => this.#queries.restricted(query);
  history: SyncReads['history'] = (query) => this.#queries.history(query);
  topics: SyncReads['topics'] = (query) => this.#queries.topics(query);
  liveMembers: SyncReads['liveMembers'] = (query) => this.#queries.liveMembers(query);
  attributes: SyncReads['attributes'] = (query) => this.#queries.attributes(query);
  counters: SyncReads['counters'] = (query) => this.#queries.counters(query);
  receipts: SyncReads['receipts'] = (query) => this.#messageQueries.receipts(query);
  receiptMembers: SyncReads['receiptMembers'] = (query) => this.#messageQueries.receiptMembers(query);
  extensions: SyncReads['extensions'] = (query) => this.#messageQueries.extensions(query);
  archiveGroups: SyncReads['archiveGroups'] = (query) => this.#archive.groups(query);
  archiveMessages: SyncReads['archiveMessages'] = (query) => this.#archive.messages(query);
  previewSend: SyncReads['previewSend'] = (command) => previewSend(this.#tables, command);
  previewChange: SyncReads['previewChange'] = (command) => previewChange(this.#tables, command);
  lanes: SyncReads['lanes'] = (query) => this.#overview.lanes(query);
  attempts: SyncReads['attempts'] = (query) => this.#overview.attempts(query);
  deliveries: SyncReads['deliveries'] = (query) => this.#overview.deliveries(query);
  deadLetters: SyncReads['deadLetters'] = (query) => this.#overview.deadLetters(query);
  explain: SyncReads['explain'] = (query) => this.#explainer.explain(query);
  lag: SyncReads['lag'] = (query) => this.#lagReader.read(query);
  jobs = () => this.#queries.jobs();
  auditLog: SyncReads['auditLog'] = (query) => this.#queries.auditLog(query);
  stats = () => this.#queries.stats();

  /** Also while the last transaction has failed, a full disk say: the trimmer's next one finds out whether it is over. */
  ping(): void {
    this.#generation.get();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Of the process that opened the database last; the lock should keep that to this one. */
  #ownGeneration(): number {
    return Number(this.#generation.get()?.value ?? this.generation);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}
