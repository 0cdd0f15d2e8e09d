import type { Rules } from '../../domain/rules.ts';
import type { Command, CommandResult } from '../commands.ts';
import { StoreError } from '../errors.ts';
import { applyCommand } from '../sqlite/apply/command.ts';
import type { CoreHint } from '../sqlite/hints.ts';
import type { Sealer } from '../sqlite/sealer.ts';
import { insertAudit } from './audit.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { GuardFailed } from './guards.ts';
import { CLAIM, keyOf } from './lanes.ts';
import type { Link } from './link.ts';
import type { Session } from './session.ts';
import type { Row } from './statement.ts';
import {
  discard,
  keep,
  LOAD_ALL,
  loaded,
  openTables,
  type PostgresTables,
  RECOUNT,
  recounted,
} from './tables.ts';
import { trim } from './trimmer.ts';

/** A command's result, or why the store could not carry it out. */
export type Outcome = CommandResult | { readonly kind: 'failed'; readonly error: StoreError };

export interface Committed {
  readonly outcomes: readonly Outcome[];
  readonly hints: readonly CoreHint[];
}

/** The answer to a read, or why there is none. */
export type Answer = { readonly value: unknown } | { readonly error: unknown };

/** Rounds of questions that one turn asks. A decision needs a handful; one that walks through a log, a round for each page of it. */
const ROUNDS = 4_000;
/** A write that failed for a passing reason is tried so often. */
const TRIES = 5;

/** What looks at tables with statements of its own, or changes them beyond what a pass can see: these go alone. */
const ALONE: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'deleteAccounts',
  'destroyGroup',
  'destroyTopics',
  'recallMessages',
  'recallMessagesOf',
  'modifyMessage',
  'importMessages',
  'broadcast',
  'reportReceipts',
  'writeExtensions',
  'setUnread',
  'putEndpoint',
  'syncEndpoints',
  'setEndpointPaused',
  'deleteEndpoint',
  'startReplay',
  'replayDeadLetter',
  'closeDeadLetters',
  'continueJobs',
  'trim',
]);

/**
 * The heart of the PostgreSQL store: a batch in, one transaction, results out. Commands are decided by the same code as over SQLite, in
 * memory; what memory lacks is asked for, and what has changed is written in one round trip. One turn at a time.
 */
export class PostgresCore {
  readonly tables: PostgresTables;
  #session: Session | undefined;

  constructor(rules: Rules, sealer: Sealer) {
    this.tables = openTables(rules, sealer);
  }

  start(session: Session): void {
    this.#session = session;
  }

  get session(): Session {
    if (this.#session === undefined) throw new StoreError('closed', 'the store is not open');
    return this.#session;
  }

  /** Nothing that was remembered before counts: a new connection. */
  async load(link: Link): Promise<void> {
    loaded(this.tables, await link.run(LOAD_ALL));
  }

  async commit(commands: readonly Command[]): Promise<Committed> {
    const outcomes: Outcome[] = [];
    const hints: CoreHint[] = [];
    for (const batch of batches(commands)) {
      const from = outcomes.length;
      const committed = await this.#commitBatch(batch);
      outcomes.push(...committed.outcomes);
      hints.push(...committed.hints.map((hint) => ({ ...hint, command: hint.command + from })));
    }
    return { outcomes, hints };
  }

  /** Answers all of them in as many round trips as the one that needs most. */
  async read(reads: readonly (() => unknown)[]): Promise<Answer[]> {
    const answer = (read: () => unknown): Answer => {
      try {
        return { value: read() };
      } catch (error) {
        return { error };
      }
    };
    try {
      return await this.#turn(
        () => reads.map(answer),
        (answers) => answers,
      );
    } catch (error) {
      return reads.map(() => ({ error: postgresErrorOf(error) }));
    }
  }

  /** Should the store fail under one command, each is tried alone, so that it fails alone. */
  async #commitBatch(commands: readonly Command[]): Promise<Committed> {
    try {
      const [first] = commands;
      if (first?.type === 'trim') return { outcomes: [await this.#trim(first)], hints: [] };
      return await this.#turn(
        () => this.#apply(commands),
        ({ outcomes, hints }, standing) => ({ outcomes, hints: hints.map((hint) => told(hint, standing)) }),
      );
    } catch (cause) {
      const error = postgresErrorOf(cause);
      const { fatal } = this.session;
      if (fatal !== undefined || commands.length === 1 || isPassing(error)) {
        return { outcomes: commands.map((command) => failed(command, error, fatal)), hints: [] };
      }
    }
    const outcomes: Outcome[] = [];
    const hints: CoreHint[] = [];
    for (const [index, command] of commands.entries()) {
      const alone = await this.#commitBatch([command]);
      outcomes.push(...alone.outcomes);
      hints.push(...alone.hints.map((hint) => ({ ...hint, command: index })));
    }
    return { outcomes, hints };
  }

  #apply(commands: readonly Command[]): { outcomes: CommandResult[]; hints: CoreHint[] } {
    const { tables } = this;
    const hints: CoreHint[] = [];
    const outcomes = commands.map((command, index) => {
      const outcome = this.#applyOne(command, commands, index);
      for (const hint of tables.hints.splice(0)) hints.push({ ...hint, command: index });
      return outcome;
    });
    tables.groups.flush();
    return { outcomes, hints };
  }

  #applyOne(command: Command, batch: readonly Command[], index: number): CommandResult {
    if (command.type === 'audit') {
      insertAudit(this.tables.writes, command);
      return { kind: 'done' };
    }
    if (command.type === 'trim') throw new Error('trimming is no part of a batch');
    return applyCommand(this.tables, command, { batch, index, generation: () => this.session.generation });
  }

  /**
   * One turn: decides until nothing is unknown, writes, remembers. After a lost connection the fence tells whether the write was
   * committed; if not, everything is decided anew, for what was remembered is void.
   */
  async #turn<T, R>(
    pass: () => T,
    done: (result: T, standing: ReadonlySet<string> | 'all') => R,
  ): Promise<R> {
    const { session, tables } = this;
    for (let tries = 1; ; tries += 1) {
      try {
        const link = await session.ready();
        const result = await this.#decide(link, pass);
        if (tables.writes.empty) {
          keep(tables);
          return done(result, new Set());
        }
        const reload = tables.endpoints.changed;
        const recount = reload || tables.replays.changed;
        const guards = tables.guards.calls();
        const written = await this.#write(link, [...guards, ...tables.writes.calls()]);
        if (written === 'after a new connection') return done(result, 'all');
        const standing = tables.lanes.standing(tables.writes.returned(CLAIM, written.slice(guards.length)));
        keep(tables);
        if (recount) await this.#recount(link);
        return done(result, standing);
      } catch (cause) {
        if (cause instanceof GuardFailed) tables.guards.failed(cause.guard);
        discard(tables);
        const error = postgresErrorOf(cause);
        if (session.fatal !== undefined || !isPassing(error) || tries >= TRIES) throw error;
      } finally {
        tables.questions.clear();
      }
    }
  }

  async #decide<T>(link: Link, pass: () => T): Promise<T> {
    const { tables } = this;
    for (let round = 0; round < ROUNDS; round += 1) {
      discard(tables);
      try {
        const result = pass();
        if (!tables.questions.open) return result;
      } catch (error) {
        if (!tables.questions.open) throw error;
      }
      await tables.questions.answer((calls) => link.run(calls));
    }
    throw new StoreError('internal', `the store asked ${ROUNDS} times and could not decide`);
  }

  async #write(
    link: Link,
    calls: Parameters<Session['write']>[1],
  ): Promise<Row[][] | 'after a new connection'> {
    try {
      return await this.session.write(link, calls);
    } catch (error) {
      if (this.session.fatal !== undefined || link.lost === undefined) throw error;
      if (await this.session.wasCommitted()) return 'after a new connection';
      throw error;
    }
  }

  async #recount(link: Link): Promise<void> {
    try {
      recounted(this.tables, await link.run(RECOUNT));
    } catch {
      // The connection is lost with it: the next one loads everything.
    }
  }

  async #trim(command: Extract<Command, { type: 'trim' }>): Promise<CommandResult> {
    const { session, tables } = this;
    const link = await session.ready();
    return session.transaction(link, (run) => trim(tables, command, run));
  }
}

/** Commands in their order, those that go alone on their own. */
function* batches(commands: readonly Command[]): Iterable<readonly Command[]> {
  let from = 0;
  for (const [index, { type }] of commands.entries()) {
    if (!ALONE.has(type)) continue;
    if (index > from) yield commands.slice(from, index);
    yield commands.slice(index, index + 1);
    from = index + 1;
  }
  if (from < commands.length) yield commands.slice(from);
}

/** A lane that had its row already does not stand where this commit would have put it. */
function told(hint: CoreHint, standing: ReadonlySet<string> | 'all'): CoreHint {
  const { streamId, fresh, behind } = hint;
  if (fresh.length === 0 || (standing !== 'all' && standing.size === 0)) return hint;
  const stood = (id: number) => standing === 'all' || standing.has(keyOf(id, streamId));
  return { ...hint, fresh: fresh.filter((id) => !stood(id)), behind: [...behind, ...fresh.filter(stood)] };
}

function failed(command: Command, error: StoreError, fatal: StoreError | undefined): Outcome {
  if (command.type === 'checkpoint' && fatal?.code === 'locked') return { kind: 'fenced' };
  return { kind: 'failed', error };
}
