import { type EndpointSettings, keepsChain, longestWaitMs } from '../../../src/domain/endpoint.ts';
import type { Checkpoint, Command, CommandResult } from '../../../src/store/commands.ts';
import type { LaneEvents, LaneKey } from '../../../src/store/lanes.ts';
import type { Outcome as Committed } from '../../../src/store/sqlite/core.ts';
import type { Outcome } from '../../../src/webhook/sender.ts';
import type { SimulatedDatabase } from '../database.ts';
import type { SimulatedSender } from '../network.ts';
import type { Process } from '../process.ts';
import type { Taken } from '../receivers.ts';
import { isChained, type Request } from '../request.ts';
import type { Rule, Violation } from '../violation.ts';
import { Deletions } from './deletions.ts';
import { EndpointWatch } from './endpoint-watch.ts';
import { ANY_TIME } from './event-state.ts';
import { LaneWatch } from './lane-watch.ts';
import { LogWatch } from './log-watch.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { ProcessWatch } from './process-watch.ts';
import { ReplayWatch } from './replay-watch.ts';
import { Tables } from './tables.ts';

/** Takes one line for each thing that happens. */
export type Trace = (line: string) => void;

interface EndpointState {
  readonly id: number;
  settings: EndpointSettings;
  paused: boolean;
}

/** Events that one read may bring. */
const PAGE = 32;
/** Lanes in memory: `max(2 * concurrency, WINDOW)` and the probe. */
const WINDOW = 128;
const STREAM_RADIX = 4_096;

/**
 * What a correct pipeline looks like from outside. It is told of every call of a port and of every answer, keeps books of its
 * own, and remembers the first thing that must not be.
 */
export class Model {
  violation: Violation | undefined;
  readonly #log: LogWatch;
  readonly #tables: Tables;
  readonly #places: number;
  readonly #now: () => number;
  readonly #trace: Trace | undefined;
  readonly #endpoints = new Map<number, EndpointState>();
  readonly #lanes = new Map<number, LaneWatch>();
  readonly #senders = new Map<SimulatedSender, EndpointWatch>();
  readonly #processes = new Map<Process, ProcessWatch>();
  readonly #deletions: Deletions;
  /** A checkpoint whose answer was lost comes again. */
  readonly #lettersSeen = new WeakSet<object>();
  /** The process that owns the store. */
  #owner = 0;

  /** `now` is virtual ms. */
  constructor(
    database: SimulatedDatabase,
    limits: { readonly dedupWindowMs: number; readonly places: number },
    now: () => number,
    trace: Trace | undefined,
  ) {
    this.#tables = new Tables(database);
    this.#deletions = new Deletions(this.#tables);
    this.#log = new LogWatch(limits.dedupWindowMs);
    this.#places = limits.places;
    this.#now = now;
    this.#trace = trace;
  }

  /** A fault struck, or somebody did something. */
  note(line: () => string): void {
    this.#trace?.(line());
  }

  violate(rule: Rule, why: string): void {
    this.violation ??= { rule, why };
  }

  groupCreated(streamId: number): void {
    this.#log.groupCreated(streamId);
  }

  opened(process: Process): void {
    this.#trace?.(`process ${process.generation} opens the store`);
    this.#owner = process.generation;
    this.#processes.set(process, new ProcessWatch(process));
    for (const [key, lane] of this.#lanes) lane.crashed(() => this.#tables.cursorOf(laneKey(key)));
  }

  crashed(process: Process): void {
    this.#trace?.(`process ${process.generation} dies`);
    if (process.generation === this.#owner) this.#note(this.#watch(process).overdue(this.#now()));
  }

  /** It ended in order: what it delivered is written down, unless the store did not take it. */
  stopped(process: Process): void {
    this.#trace?.(`process ${process.generation} has ended in order`);
    const watch = this.#watch(process);
    if (watch.stuck || process.generation !== this.#owner) return;
    if (!watch.clean)
      this.violate('clean-stop', 'a process ended in order with outcomes that it had not written down');
    for (const [key, lane] of this.#lanes) {
      if (this.#deletions.has(laneKey(key).endpointId)) continue;
      const lost = lane.events.find(
        (event) => event.deliveredBy === process.generation && !event.durable && !event.mayRepeat,
      );
      if (lost !== undefined)
        this.violate('clean-stop', `${lane.name}: the delivery of event ${lost.seq} was not written down`);
    }
  }

  fenced(process: Process): void {
    this.#trace?.(`process ${process.generation} knows that it has lost the store`);
    this.#watch(process).fenced = true;
    if (process.generation === this.#owner)
      this.violate('fenced', 'the owner of the store was told that it is not');
  }

  get pausedEndpoints(): { readonly id: number; readonly name: string }[] {
    const paused = [...this.#endpoints.values()].filter((endpoint) => endpoint.paused);
    return paused.map(({ id, settings }) => ({ id, name: settings.name }));
  }

  /** Those that nothing may be sent to, once it is known. */
  get haltedEndpoints(): number[] {
    return [...this.pausedEndpoints.map(({ id }) => id), ...this.#deletions.ids];
  }

  /** It has read the endpoints since these were paused or deleted. */
  knowsHalted(process: Process, endpointIds: readonly number[]): void {
    for (const id of endpointIds)
      if (this.#deletions.has(id) || this.#endpoints.get(id)?.paused === true)
        this.#watch(process).halted.add(id);
  }

  headOf(streamId: number): number {
    return this.#log.headOf(streamId);
  }

  beforeCommit(commands: readonly Command[]): ReadonlySet<number> | undefined {
    const [first] = commands;
    const makesReplays =
      first?.type === 'startReplay' ||
      first?.type === 'replayDeadLetter' ||
      (first?.type === 'continueJobs' && this.#tables.hasOpenJob());
    return makesReplays ? new Set(this.#tables.replays().map(({ id }) => id)) : undefined;
  }

  committed(
    process: Process,
    command: Command,
    outcome: Committed,
    replaysBefore: ReadonlySet<number> | undefined,
  ): void {
    this.#trace?.(`  commit by ${process.generation}: ${shown(command)} -> ${shown(outcome)}`);
    if (outcome.kind === 'failed') {
      const known = outcome.error instanceof Error && 'code' in outcome.error ? outcome.error.code : '';
      if (known !== 'full' && known !== 'locked')
        this.violate('no-surprise', `${command.type}: ${outcome.error.message}`);
      return;
    }
    switch (command.type) {
      case 'sendMessage':
        if (outcome.kind !== 'sent') return;
        this.#note(this.#log.sent(command, outcome));
        if (!command.forbidAfterWebhook) this.#appended(command.groupId, outcome.streamId, outcome.logSeq);
        return;
      case 'checkpoint':
        this.#checkpointed(process, command, outcome);
        return;
      case 'putEndpoint':
        if (outcome.kind === 'done' && 'id' in outcome) this.#put(outcome.id, command.settings);
        return;
      case 'deleteEndpoint':
        if (outcome.kind === 'done') this.#deleted(command.name);
        return;
      case 'setEndpointPaused':
        if (outcome.kind === 'done') this.#paused(command.name, command.paused);
        return;
      default:
        if (replaysBefore !== undefined) this.#replaysMade(replaysBefore);
    }
  }

  answered(process: Process, command: Command, result: CommandResult): void {
    this.#trace?.(`  ${process.generation} is answered: ${command.type} ${result.kind}`);
    if (command.type === 'checkpoint') this.#watch(process).taken(this.#now());
    if (command.type !== 'sendMessage') return;
    if (result.kind === 'sent' || result.kind === 'duplicate')
      this.#note(this.#log.acknowledged(command, result));
    else this.violate('no-surprise', `a message was answered ${JSON.stringify(result)}`);
  }

  refused(process: Process, command: Command): void {
    this.#trace?.(`  ${process.generation} is refused: ${command.type}`);
    if (command.type === 'checkpoint') this.#watch(process).refused();
  }

  checkpointIssued(process: Process, checkpoint: Checkpoint): void {
    this.#note(this.#watch(process).issued(checkpoint, this.#now()));
  }

  read(name: string, value: unknown): void {
    this.#trace?.(`  read ${name} -> ${shown(value)}`);
    if (name !== 'readEvents') return;
    for (const { events } of value as readonly LaneEvents[]) {
      if (events.length > PAGE) this.violate('memory-window', `${events.length} events were read at a time`);
    }
  }

  started(request: Request): void {
    const { process, sender, endpoint, seq } = request;
    const watch = this.#watch(process);
    this.#trace?.(`-> ${requestName(request)} begins`);
    if (watch.fenced) this.violate('fenced', `event ${seq} was begun by a process that had lost the store`);
    if (process.generation !== this.#owner) return;
    const { name, order } = endpoint.settings;
    if (watch.stuck)
      this.violate(
        'stuck-store',
        `"${name}": event ${seq} was begun although the last checkpoint was refused`,
      );
    if (watch.halted.has(endpoint.id)) {
      const [rule, how] = this.#deletions.has(endpoint.id)
        ? (['deleted', 'after it had been deleted'] as const)
        : (['paused', 'while it was paused'] as const);
      this.violate(rule, `"${name}": event ${seq} was begun ${how}`);
    }
    if (endpoint.settings.start.at !== 'now' && this.#tables.isStarting(endpoint.id)) {
      this.violate('starting', `"${name}": event ${seq} was begun before its past was queued`);
    }
    let endpointWatch = this.#senders.get(sender);
    if (endpointWatch === undefined) {
      endpointWatch = new EndpointWatch(endpoint.settings);
      this.#senders.set(sender, endpointWatch);
    }
    this.#note(endpointWatch.started(request, this.#now()));
    const lane = this.#lane(endpoint.id, request.streamId);
    this.#note(lane.started(request, order === 'group', process.generation));
    const event = request.replay ? undefined : lane.event(seq);
    const { notBefore } = event ?? { notBefore: ANY_TIME };
    // A clock set forward may let it come early, one set back may not make it wait longer.
    const early = Math.min(notBefore.wall - process.clock.now(), notBefore.true - this.#now());
    // Nor does it wait for a bound that the endpoint no longer has.
    const shortened = longestWaitMs(endpoint.settings) < notBefore.bound;
    if (early > 0 && !shortened && !endpointWatch.mayBeProbe(request)) {
      this.violate(
        'retry-delay',
        `${lane.name}: event ${seq} was begun ${early} ms before Retry-After allows`,
      );
    }
  }

  processed(request: Request, { applied, lost }: Taken): void {
    const { endpoint, streamId, replay } = request;
    this.#trace?.(`   ${requestName(request)} is taken by the receiver: ${shown({ applied, lost })}`);
    const lane = this.#lane(endpoint.id, streamId);
    if (lost !== undefined) lane.lost(lost);
    if (replay) return;
    for (const { event, after } of applied)
      this.#note(lane.processed(event, after, endpoint.settings.order === 'group'));
  }

  ended(request: Request, outcome: Outcome): void {
    const { process, sender, endpoint, streamId, seq, replay } = request;
    this.#trace?.(`<- ${requestName(request)} ends: ${shown(outcome)}`);
    const lane = this.#lane(endpoint.id, streamId);
    lane.inFlight.delete(request);
    const meaning = meaningOf(request, outcome);
    const watch = this.#senders.get(sender);
    const wasProbe = watch?.isProbe(request) === true;
    watch?.ended(request, meaning.kind === 'behind' ? 'unsure' : meaning.kind, this.#now());
    if (outcome.kind === 'answer' && (outcome.status === 429 || outcome.status === 503)) {
      watch?.holdFor(Number(outcome.retryAfter ?? 0) * 1_000, this.#now());
    }
    if (meaning.kind === 'aborted') return;
    this.#watch(process).outcome(this.#now());
    if (meaning.kind === 'delivered') {
      if (replay) lane.replayOf(request)?.delivered(seq, process.generation);
      else lane.delivered(request, meaning.through, process.generation);
    }
    if (process.generation === this.#owner) this.#moved(request, meaning);
    if (meaning.kind === 'delivered' || process.generation !== this.#owner) return;
    const { onHeadFailure } = endpoint.settings;
    const { tombstone, prev } = request.events[0];
    const leavesTombstone = onHeadFailure === 'skip' && prev !== undefined && !replay && !tombstone;
    const event = lane.event(seq);
    const isTrimmed = tombstone && event?.entombed !== true;
    lane.lastFailures.set(seq, { replay: lane.replayOf(request), leavesTombstone, isTrimmed });
    if (event === undefined) return;
    event.notBefore = ANY_TIME;
    if ((meaning.kind === 'behind' || meaning.counts) && !wasProbe) event.failures += 1;
    if (outcome.kind === 'answer' && outcome.retryAfter !== undefined && !replay) {
      const asked = Number(outcome.retryAfter) * 1_000;
      const waitMs = Math.min(asked, endpoint.settings.retry.maxRetryAfterMs);
      event.notBefore = {
        wall: process.clock.now() + waitMs,
        true: this.#now() + waitMs,
        bound: longestWaitMs(endpoint.settings),
      };
    }
  }

  /** Where the receiver stands may move the lane. */
  #moved(request: Request, meaning: Meaning): void {
    const { endpoint, streamId, events } = request;
    if (!isChained(request)) return;
    const lane = this.#lane(endpoint.id, streamId);
    if (meaning.kind === 'behind') lane.saidBehind(request, meaning.through);
    else if (meaning.kind === 'failed' && meaning.again) lane.saidAgain(request);
    else if (meaning.kind === 'delivered') {
      const { ahead = 0, through } = meaning;
      if (ahead <= this.headOf(streamId)) lane.saidAhead(events.at(-1)?.seq ?? through, ahead);
    }
  }

  /** After every step. */
  check(process: Process): void {
    const states = process.dispatcher?.states() ?? [];
    let underWay = 0;
    for (const { endpoint, lanesInMemory, inFlight } of states) {
      underWay += inFlight;
      const { concurrency, name } = endpoint.settings;
      if (lanesInMemory > Math.max(2 * concurrency, WINDOW) + 1) {
        this.violate('memory-window', `"${name}" holds ${lanesInMemory} lanes in memory`);
      }
      if (inFlight > concurrency)
        this.violate('concurrency', `"${name}" counts ${inFlight} attempts under way`);
    }
    if (underWay > this.#places + states.length)
      this.violate('concurrency', `${underWay} attempts are under way, for ${this.#places} places`);
  }

  /** The history is over, faults ended and all is quiet. */
  finish(): void {
    for (const [key, lane] of this.#lanes) {
      if (this.#deletions.has(laneKey(key).endpointId)) continue;
      const open = lane.firstOpen();
      if (open !== undefined)
        this.violate('all-settled', `${lane.name}: event ${open.seq} was never delivered`);
      const replay = lane.replays.find(({ pending }) => pending.length > 0);
      if (replay !== undefined) this.violate('replay', `${lane.name}: ${replay} in the end`);
    }
    this.#note(
      this.#log.finish((streamId, msgSeq, random) => this.#tables.hasMessage(streamId, msgSeq, random)),
    );
    this.#note(this.#deletions.finish());
    for (const { seq, ...key } of this.#tables.unpinnedDeadLetters()) {
      const lane = this.#lane(key.endpointId, key.streamId);
      if (lane.lastFailures.get(seq)?.isTrimmed === true) continue;
      this.violate('dead-letter', `${lane.name}: the dead letter of event ${seq} has lost it`);
    }
  }

  #appended(groupId: string, streamId: number, seq: number): void {
    for (const { id, settings } of this.#endpoints.values()) {
      if (settings.groups?.includes(groupId) ?? true)
        this.#lane(id, streamId).committed(seq, keepsChain(settings));
    }
  }

  #checkpointed(process: Process, checkpoint: Checkpoint, result: CommandResult): void {
    if (result.kind === 'fenced') return;
    if (process.generation !== this.#owner) {
      this.violate(
        'fenced',
        `generation ${process.generation} wrote a checkpoint when ${this.#owner} owned the store`,
      );
    }
    for (const letter of checkpoint.deadLetters) this.#buried(letter);
    for (const progress of checkpoint.lanes) {
      if (this.#deletions.has(progress.endpointId)) continue;
      const lane = this.#lane(progress.endpointId, progress.streamId);
      const head = this.headOf(progress.streamId);
      if (progress.cursor > head)
        this.violate(
          'position',
          `${lane.name}: the cursor ${progress.cursor} is beyond the log, which ends at ${head}`,
        );
      this.#note(lane.recorded(progress.cursor, progress.acked));
      const replay = lane.replays.findLast(({ range }) => range.id === progress.replayId);
      const unsent = replay?.recorded(progress.replayedThrough);
      if (unsent !== undefined)
        this.violate('replay', `${lane.name}: a replay moved past event ${unsent}, which was not sent`);
    }
  }

  #buried(letter: Checkpoint['deadLetters'][number]): void {
    if (this.#lettersSeen.has(letter)) return;
    this.#lettersSeen.add(letter);
    const { lane: key, seq, attempts } = letter;
    const lane = this.#lane(key.endpointId, key.streamId);
    const event = lane.event(seq);
    if (!this.#tables.hasDeadLetter(key, seq)) {
      this.violate('dead-letter', `${lane.name}: event ${seq} was given up and has no dead letter`);
      return;
    }
    if (event !== undefined && attempts > event.failures) {
      this.violate(
        'dead-letter',
        `${lane.name}: event ${seq} has a dead letter of ${attempts} attempts and failed ${event.failures} times`,
      );
    }
    const failure = lane.lastFailures.get(seq);
    if (failure === undefined) {
      this.violate('dead-letter', `${lane.name}: event ${seq} was given up and never failed`);
    } else if (failure.replay !== undefined) failure.replay.buried(seq);
    else if (event !== undefined) lane.buried(event, failure.leavesTombstone);
    const { settings } = this.#endpoints.get(key.endpointId) ?? {};
    if (settings !== undefined && !keepsChain(settings)) lane.leftChain();
  }

  /** It is sent nothing more, and what it was to be sent again need not be. */
  #deleted(name: string): void {
    const state = [...this.#endpoints.values()].find(({ settings }) => settings.name === name);
    if (state === undefined) return;
    this.#endpoints.delete(state.id);
    const openFrom = (streamId: number, cursor: number) =>
      this.#lane(state.id, streamId).events.find(({ seq }) => seq > cursor)?.seq;
    this.#deletions.add(state.id, name, openFrom);
    for (const [key, lane] of this.#lanes)
      if (laneKey(key).endpointId === state.id) for (const replay of lane.replays) replay.void();
  }

  #put(id: number, settings: EndpointSettings): void {
    const state = this.#endpoints.get(id);
    if (state === undefined) this.#endpoints.set(id, { id, settings, paused: false });
    else state.settings = settings;
    for (const [key, lane] of this.#lanes) {
      if (laneKey(key).endpointId === id && !keepsChain(settings)) lane.leftChain();
      for (const replay of lane.replays) {
        const unwanted =
          settings.groups !== undefined && !settings.groups.includes(`g${replay.range.streamId}`);
        if (replay.range.endpointId === id && unwanted && !replay.range.forced) replay.void();
      }
    }
  }

  #paused(name: string, paused: boolean): void {
    const state = [...this.#endpoints.values()].find(({ settings }) => settings.name === name);
    if (state === undefined) return;
    state.paused = paused;
    if (!paused) for (const watch of this.#processes.values()) watch.halted.delete(state.id);
  }

  #replaysMade(before: ReadonlySet<number>): void {
    for (const range of this.#tables.replays()) {
      if (before.has(range.id)) continue;
      const seqs = this.#tables.replayable(range);
      this.#lane(range.endpointId, range.streamId).replays.push(new ReplayWatch(range, seqs));
    }
  }

  #lane(endpointId: number, streamId: number): LaneWatch {
    const key = endpointId * STREAM_RADIX + streamId;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      const name = this.#endpoints.get(endpointId)?.settings.name ?? `#${endpointId}`;
      const isInLog = (seq: number) => this.#tables.hasEvent(streamId, seq);
      lane = new LaneWatch(`endpoint "${name}", group g${streamId}`, isInLog);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #watch(process: Process): ProcessWatch {
    const watch = this.#processes.get(process);
    if (watch === undefined) throw new Error(`process ${process.generation} was never opened`);
    return watch;
  }

  #note(violation: Violation | undefined): void {
    this.violation ??= violation;
  }
}

function laneKey(key: number): LaneKey {
  return { endpointId: Math.floor(key / STREAM_RADIX), streamId: key % STREAM_RADIX };
}

function requestName({ process, endpoint, streamId, events, replay }: Request): string {
  const again = replay ? ' again' : '';
  const names = events.map(
    ({ seq, prev, tombstone }) =>
      `${tombstone ? 'tombstone ' : ''}${seq}${prev === undefined ? '' : `<${prev}`}`,
  );
  return `${process.generation}: event ${names.join(' ')} of g${streamId} to "${endpoint.settings.name}"${again}`;
}

/** Long lists of facts are cut: a trace is for people. */
function shown(value: unknown): string {
  const text = JSON.stringify(value, (key, inner) =>
    key === 'message' || key === 'settings' || key === 'msgBodyJson' ? undefined : inner,
  );
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
