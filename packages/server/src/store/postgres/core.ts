import type { Rules } from '../../domain/rules.ts';
import type { Command, CommandResult, ResultMap } from '../commands.ts';
import type { StoreError } from '../errors.ts';
import type { LaneKey } from '../lanes.ts';
import { applyCommand } from '../sqlite/apply/command.ts';
import type { CoreHint } from '../sqlite/hints.ts';
import type { Sealer } from '../sqlite/sealer.ts';
import { insertAudit } from './audit.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { keyOf, type LanesTold } from './lanes.ts';
import type { Link } from './link.ts';
import type { Seen, Session } from './session.ts';
import { openTables, type PostgresTables } from './tables.ts';
import { trim } from './trimmer.ts';
import { Turn } from './turn.ts';

/** A command's result, or why the store could not carry it out. */
export type Outcome = CommandResult | { readonly kind: 'failed'; readonly error: StoreError };

export interface Committed {
  readonly outcomes: readonly Outcome[];
  readonly hints: readonly CoreHint[];
}

/** The answer to a read, or why there is none. */
export type Answer = { readonly value: unknown } | { readonly error: unknown };

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
  readonly #turn: Turn;

  constructor(rules: Rules, sealer: Sealer) {
    this.tables = openTables(rules, sealer);
    this.#turn = new Turn(this.tables);
  }

  start(session: Session): void {
    this.tables.lanes.process = session.generation;
    this.#turn.start(session);
  }

  get session(): Session {
    return this.#turn.session;
  }

  /** Nothing that was remembered before counts: a new connection. */
  readonly load = (link: Link, seen: Seen): Promise<void> => this.#turn.load(link, seen);

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
      return (await this.#turn.take(() => reads.map(answer), true)).result;
    } catch (error) {
      return reads.map(() => ({ error: postgresErrorOf(error) }));
    }
  }

  /** Should the store fail under one command, each is tried alone, so that it fails alone. */
  async #commitBatch(commands: readonly Command[]): Promise<Committed> {
    try {
      const [first] = commands;
      if (first?.type === 'trim') return { outcomes: [await this.#trim(first)], hints: [] };
      const { result, told } = await this.#turn.take(
        () => this.#apply(commands),
        false,
        () => this.#about(commands),
      );
      return {
        outcomes: result.outcomes.map((outcome, index) => withKept(commands[index], outcome, told)),
        hints: result.hints.map((hint) => withStanding(hint, told)),
      };
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

  /** Streams of the groups and lanes that commands name, as far as they are remembered. */
  #about(commands: readonly Command[]): Set<number> {
    const streams = new Set<number>();
    for (const command of commands) {
      if (command.type === 'checkpoint') for (const { streamId } of command.lanes) streams.add(streamId);
      if (!('app' in command && 'groupId' in command)) continue;
      const { app, groupId } = command;
      const topicId = 'topicId' in command ? command.topicId : undefined;
      for (const id of [groupId, topicId]) {
        const streamId = id === undefined ? undefined : this.tables.groups.streamOf(app, id);
        if (streamId !== undefined) streams.add(streamId);
      }
    }
    return streams;
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

  /** A turn of several round trips, decided by the clock alone and written down at its end. */
  async #trim(command: Extract<Command, { type: 'trim' }>): Promise<CommandResult> {
    const { session } = this;
    const link = await session.ready();
    return session.transaction(link, {}, async ({ run, finish }) => {
      const { result, last } = await trim(this.tables.rules, command, (...calls) => run(calls));
      await finish(last);
      return result;
    });
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
function withStanding(hint: CoreHint, { standing }: LanesTold): CoreHint {
  const { streamId, fresh, behind } = hint;
  if (fresh.length === 0 || standing.size === 0) return hint;
  const stood = (id: number) => standing.has(keyOf(id, streamId));
  return { ...hint, fresh: fresh.filter((id) => !stood(id)), behind: [...behind, ...fresh.filter(stood)] };
}

/** A lane that was to lose its row, and keeps it: others have written to its stream. */
function withKept(command: Command | undefined, outcome: CommandResult, { kept }: LanesTold): CommandResult {
  if (kept.size === 0 || command?.type !== 'checkpoint' || outcome.kind !== 'done') return outcome;
  const lanes = command.lanes.filter((lane) => lane.idle && kept.has(keyOf(lane.endpointId, lane.streamId)));
  const known = (outcome as ResultMap['checkpoint'] & { kind: 'done' }).kept;
  const isKnown = (lane: LaneKey) =>
    known.some((one) => one.endpointId === lane.endpointId && one.streamId === lane.streamId);
  const added = lanes.filter((lane) => !isKnown(lane));
  return {
    kind: 'done',
    kept: [...known, ...added.map(({ endpointId, streamId }) => ({ endpointId, streamId }))],
  };
}

function failed(command: Command, error: StoreError, fatal: StoreError | undefined): Outcome {
  if (command.type === 'checkpoint' && fatal?.code === 'locked') return { kind: 'fenced' };
  return { kind: 'failed', error };
}
