import { type EndpointSettings, longestWaitMs } from '../../../src/domain/endpoint.ts';
import type { Checkpoint, Command, CommandResult } from '../../../src/store/commands.ts';
import type { LaneEvents } from '../../../src/store/lanes.ts';
import type { Outcome as Committed } from '../../../src/store/sqlite/core.ts';
import type { Outcome } from '../../../src/webhook/sender.ts';
import type { SimulatedDatabase } from '../database.ts';
import type { Request, SimulatedSender } from '../network.ts';
import type { Process } from '../process.ts';
import type { Rule, Violation } from '../violation.ts';
import { EndpointWatch } from './endpoint-watch.ts';
import { ANY_TIME, LaneWatch } from './lane-watch.ts';
import { LogWatch } from './log-watch.ts';
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
    for (const lane of this.#lanes.values()) lane.crashed();
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
    for (const lane of this.#lanes.values()) {
      const lost = lane.events.find((event) => event.deliveredBy === process.generation && !event.durable);
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

  /** It has read the endpoints since these were paused. */
  knowsPaused(process: Process, endpointIds: readonly number[]): void {
    for (const id of endpointIds)
      if (this.#endpoints.get(id)?.paused === true) this.#watch(process).paused.add(id);
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
    if (watch.paused.has(endpoint.id))
      this.violate('paused', `"${name}": event ${seq} was begun while it was paused`);
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
    if (early > 0 && !shortened && !endpointWatch.isProbe(request)) {
      this.violate(
        'retry-delay',
        `${lane.name}: event ${seq} was begun ${early} ms before Retry-After allows`,
      );
    }
  }

  processed(request: Request): void {
    this.#trace?.(`   ${requestName(request)} is processed by the receiver`);
    const { endpoint, streamId, seq, replay } = request;
    const lane = this.#lane(endpoint.id, streamId);
    if (!replay) this.#note(lane.processed(seq, endpoint.settings.order === 'group'));
  }

  ended(request: Request, outcome: Outcome): void {
    const { process, sender, endpoint, streamId, seq, replay } = request;
    this.#trace?.(`<- ${requestName(request)} ends: ${shown(outcome)}`);
    const lane = this.#lane(endpoint.id, streamId);
    lane.inFlight.delete(request);
    const isDelivered = outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300;
    const isAborted = outcome.kind === 'failed' && outcome.stage === 'aborted';
    const watch = this.#senders.get(sender);
    const wasProbe = watch?.isProbe(request) === true;
    watch?.ended(request, isDelivered ? 'delivered' : isAborted ? 'aborted' : 'failed', this.#now());
    if (outcome.kind === 'answer' && (outcome.status === 429 || outcome.status === 503)) {
      watch?.holdFor(Number(outcome.retryAfter ?? 0) * 1_000, this.#now());
    }
    if (isAborted) return;
    this.#watch(process).outcome(this.#now());
    const event = lane.event(seq);
    if (isDelivered) {
      if (!replay && event !== undefined) event.deliveredBy = Math.max(event.deliveredBy, process.generation);
      if (replay) lane.replayOf(request)?.delivered(seq, process.generation);
      return;
    }
    if (process.generation !== this.#owner) return;
    lane.lastFailures.set(seq, lane.replayOf(request));
    if (event === undefined) return;
    event.notBefore = ANY_TIME;
    const refused = outcome.kind === 'failed' && outcome.code === 'ECONNREFUSED';
    if (!refused && !wasProbe) event.failures += 1;
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
    for (const lane of this.#lanes.values()) {
      const open = lane.firstOpen();
      if (open !== undefined)
        this.violate('all-settled', `${lane.name}: event ${open.seq} was never delivered`);
      const replay = lane.replays.find(({ pending }) => pending.length > 0);
      if (replay !== undefined) this.violate('replay', `${lane.name}: ${replay} in the end`);
    }
    this.#note(
      this.#log.finish((streamId, msgSeq, random) => this.#tables.hasMessage(streamId, msgSeq, random)),
    );
    const unpinned = this.#tables.unpinnedDeadLetter();
    if (unpinned !== undefined) this.violate('dead-letter', `dead letter ${unpinned} has lost its event`);
  }

  #appended(groupId: string, streamId: number, seq: number): void {
    for (const { id, settings } of this.#endpoints.values()) {
      if (settings.groups?.includes(groupId) ?? true) this.#lane(id, streamId).committed(seq);
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
      const lane = this.#lane(progress.endpointId, progress.streamId);
      this.#note(lane.recorded(progress.cursor, progress.acked));
      const replay = lane.replays.findLast(({ range }) => range.id === progress.replayId);
      const unsent = replay?.recorded(progress.replayedThrough);
      if (unsent !== undefined)
        this.violate('replay', `${lane.name}: a replay moved past event ${unsent}, which was not sent`);
    }
  }

  #buried(letter: Checkpoint['deadLetters'][number]): void {
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
    if (!lane.lastFailures.has(seq)) {
      this.violate('dead-letter', `${lane.name}: event ${seq} was given up and never failed`);
    }
    const replay = lane.lastFailures.get(seq);
    if (replay !== undefined) replay.buried(seq);
    else if (event !== undefined) event.buried = true;
  }

  #put(id: number, settings: EndpointSettings): void {
    const state = this.#endpoints.get(id);
    if (state === undefined) this.#endpoints.set(id, { id, settings, paused: false });
    else state.settings = settings;
    for (const lane of this.#lanes.values()) {
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
    if (!paused) for (const watch of this.#processes.values()) watch.paused.delete(state.id);
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
      lane = new LaneWatch(`endpoint "${name}", group g${streamId}`);
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

function requestName({ process, endpoint, streamId, seq, replay }: Request): string {
  const again = replay ? ' again' : '';
  return `${process.generation}: event ${seq} of g${streamId} to "${endpoint.settings.name}"${again}`;
}

/** Long lists of facts are cut: a trace is for people. */
function shown(value: unknown): string {
  const text = JSON.stringify(value, (key, inner) =>
    key === 'message' || key === 'settings' || key === 'msgBodyJson' ? undefined : inner,
  );
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
