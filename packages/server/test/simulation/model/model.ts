import { keepsChain, longestWaitMs } from '../../../src/domain/endpoint.ts';
import type { Lease } from '../../../src/domain/lease.ts';
import type { Checkpoint, Command, CommandResult } from '../../../src/store/commands.ts';
import type { LaneEvents } from '../../../src/store/lanes.ts';
import type { Outcome as Committed } from '../../../src/store/sqlite/core.ts';
import type { Outcome } from '../../../src/webhook/sender.ts';
import type { SimulatedDatabase } from '../database.ts';
import type { LeaseTable } from '../leases.ts';
import type { SimulatedSender } from '../network.ts';
import type { Process } from '../process.ts';
import type { Taken } from '../receivers.ts';
import { isChained, isDropped, type Request } from '../request.ts';
import type { Rule, Violation } from '../violation.ts';
import { Books } from './books.ts';
import { overBounds } from './bounds.ts';
import { CheckpointWatch } from './checkpoint-watch.ts';
import { EndpointWatch } from './endpoint-watch.ts';
import { ANY_TIME } from './event-state.ts';
import type { LaneWatch } from './lane-watch.ts';
import { LeaseWatch } from './lease-watch.ts';
import { LogWatch } from './log-watch.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { ProcessWatch } from './process-watch.ts';
import { requestName, shown } from './shown.ts';
import { Tables } from './tables.ts';

/** Takes one line for each thing that happens. */
export type Trace = (line: string) => void;

/** Events that one read may bring. */
const PAGE = 32;

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
  readonly #books: Books;
  readonly #senders = new Map<SimulatedSender, EndpointWatch>();
  readonly #processes = new Map<Process, ProcessWatch>();
  readonly #checkpoints: CheckpointWatch;
  /** Of several nodes; otherwise one process owns the store. */
  readonly #leases: LeaseWatch | undefined;
  #owner = 0;

  /** `now` is virtual ms. */
  constructor(
    database: SimulatedDatabase,
    limits: {
      readonly dedupWindowMs: number;
      readonly places: number;
      readonly leases: LeaseTable | undefined;
    },
    now: () => number,
    trace: Trace | undefined,
  ) {
    this.#tables = new Tables(database);
    this.#books = new Books(this.#tables);
    this.#log = new LogWatch(limits.dedupWindowMs);
    this.#places = limits.places;
    this.#leases = limits.leases && new LeaseWatch(limits.leases, this.#books);
    this.#checkpoints = new CheckpointWatch(this.#books, this.#tables, this.#log, (wrong) =>
      this.#note(wrong),
    );
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
    if (this.#leases !== undefined) return;
    for (const { lane, ...key } of this.#books.lanes()) lane.crashed(() => this.#tables.laneOf(key));
  }

  /** Among several nodes: it has taken a partition that nobody held since `freeSince`. */
  leased(process: Process, lease: Lease, freeSince: number): void {
    this.#trace?.(`process ${process.generation} leases ${shown(lease)}`);
    this.#note(this.#leases?.taken(process, lease, freeSince, this.#now()));
    for (const { lane, ...key } of this.#books.lanes())
      if (this.#leases?.isCurrent(key.streamId, lease.generation) === true)
        lane.crashed(() => this.#tables.laneOf(key));
  }

  /** Among several nodes: it gives leases back. */
  released(process: Process, leases: readonly Lease[]): void {
    this.#trace?.(`process ${process.generation} gives back ${shown(leases)}`);
    this.#note(this.#leases?.released(leases, this.#watch(process).stuck));
  }

  crashed(process: Process): void {
    this.#trace?.(`process ${process.generation} dies`);
    if (this.#isOwner(process)) this.#note(this.#watch(process).overdue(this.#now()));
  }

  /** It ended in order: what it delivered is written down, unless the store did not take it. */
  stopped(process: Process): void {
    this.#trace?.(`process ${process.generation} has ended in order`);
    const watch = this.#watch(process);
    if (watch.stuck || !this.#isOwner(process)) return;
    if (!watch.clean)
      this.violate('clean-stop', 'a process ended in order with outcomes that it had not written down');
    if (this.#leases !== undefined) return;
    for (const lane of this.#books.lanesInUse()) {
      const lost = lane.unwritten(process.generation);
      if (lost !== undefined)
        this.violate('clean-stop', `${lane.name}: the delivery of event ${lost.seq} was not written down`);
    }
  }

  fenced(process: Process): void {
    this.#trace?.(`process ${process.generation} knows that it has lost the store`);
    this.#watch(process).fenced = true;
    if (this.#isOwner(process)) this.violate('fenced', 'the owner of the store was told that it is not');
  }

  get pausedEndpoints(): { readonly id: number; readonly name: string }[] {
    return this.#books.paused;
  }

  /** Those that nothing may be sent to, once it is known. */
  get haltedEndpoints(): number[] {
    return [...this.#books.paused.map(({ id }) => id), ...this.#books.deletions.ids];
  }

  /** It has read the endpoints since these were paused or deleted. */
  knowsHalted(process: Process, endpointIds: readonly number[]): void {
    for (const id of endpointIds) if (this.#books.isHalted(id)) this.#watch(process).halted.add(id);
  }

  headOf(streamId: number): number {
    return this.#log.headOf(streamId);
  }

  beforeCommit(commands: readonly Command[]): ReadonlySet<number> | undefined {
    return this.#books.replaysBefore(commands);
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
        if (!command.forbidAfterWebhook)
          this.#books.appended(command.groupId, outcome.streamId, outcome.logSeq);
        return;
      case 'trim':
        this.#log.trimmed(command);
        return;
      case 'checkpoint':
        this.#checkpointed(process, command, outcome);
        return;
      case 'putEndpoint':
        if (outcome.kind === 'done' && 'id' in outcome) this.#books.put(outcome.id, command.settings);
        return;
      case 'deleteEndpoint':
        if (outcome.kind === 'done') this.#books.deleted(command.name);
        return;
      case 'setEndpointPaused':
        if (outcome.kind === 'done') this.#paused(command.name, command.paused);
        return;
      default:
        if (replaysBefore !== undefined) this.#books.replaysMade(replaysBefore);
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
    for (const { events, ...key } of value as readonly LaneEvents[]) {
      if (events.length > PAGE) this.violate('memory-window', `${events.length} events were read at a time`);
      this.#books.lane(key).read(events);
    }
  }

  started(request: Request): void {
    const { process, sender, endpoint, seq } = request;
    const watch = this.#watch(process);
    this.#trace?.(`-> ${requestName(request)} begins`);
    if (watch.fenced) this.violate('fenced', `event ${seq} was begun by a process that had lost the store`);
    const lane = this.#laneOf(request);
    lane.chain.begun(request);
    if (!request.replay) lane.claims.begun(request.tenure, seq);
    this.#note(this.#leases?.started(request, this.#now()));
    if (!this.#owns(request)) return;
    const { name, order } = endpoint.settings;
    if (!keepsChain(endpoint.settings)) lane.leftChain();
    if (watch.stuck)
      this.violate(
        'stuck-store',
        `"${name}": event ${seq} was begun although the last checkpoint was refused`,
      );
    if (watch.isSilent(this.#now()))
      this.violate(
        'stuck-store',
        `"${name}": event ${seq} was begun though the store had taken no checkpoint for a second`,
      );
    if (watch.halted.has(endpoint.id)) {
      const [rule, how] = this.#books.deletions.has(endpoint.id)
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
    this.#note(lane.started(request, order === 'group', request.tenure));
    const event = request.replay ? undefined : lane.event(seq);
    const { notBefore } = event ?? { notBefore: ANY_TIME };
    // A clock set forward may let it come early, one set back may not make it wait longer.
    const early = Math.min(notBefore.wall - process.latestNow(), notBefore.true - this.#now());
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
    const { endpoint, replay } = request;
    this.#trace?.(`   ${requestName(request)} is taken by the receiver: ${shown({ applied, lost })}`);
    const lane = this.#laneOf(request);
    if (lost !== undefined) lane.lost(lost);
    if (replay) return;
    for (const { event, after } of applied)
      this.#note(lane.processed(request, event, after, endpoint.settings.order === 'group'));
  }

  ended(request: Request, outcome: Outcome): void {
    const { process, sender, endpoint, seq, replay } = request;
    this.#trace?.(`<- ${requestName(request)} ends: ${shown(outcome)}`);
    const lane = this.#laneOf(request);
    lane.inFlight.delete(request);
    const meaning: Meaning = isDropped(request) ? { kind: 'aborted' } : meaningOf(request, outcome);
    const watch = this.#senders.get(sender);
    const wasProbe = watch?.isProbe(request) === true;
    watch?.ended(request, meaning.kind === 'behind' ? 'unsure' : meaning.kind, this.#now());
    if (meaning.kind === 'aborted') return;
    if (outcome.kind === 'answer' && (outcome.status === 429 || outcome.status === 503)) {
      watch?.holdFor(Number(outcome.retryAfter ?? 0) * 1_000, this.#now());
    }
    this.#watch(process).outcome(request, this.#now());
    if (meaning.kind === 'delivered') {
      if (replay) lane.replayOf(request)?.delivered(seq, request.tenure);
      else lane.delivered(request, meaning.through, request.tenure);
    }
    this.#moved(request, meaning);
    if (meaning.kind === 'delivered' || !this.#owns(request)) return;
    const event = lane.event(seq);
    if (replay) lane.replayOf(request)?.failed(seq);
    else lane.failed(request);
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

  /** Where the receiver stands may move the lane, and tells the process what it may leave out, owner or not. */
  #moved(request: Request, meaning: Meaning): void {
    if (!isChained(request)) return;
    const lane = this.#laneOf(request);
    const owns = this.#owns(request);
    if (meaning.kind === 'delivered') {
      const { ahead = Number.MAX_SAFE_INTEGER } = meaning;
      if (ahead <= this.headOf(request.streamId)) lane.saidAhead(request, ahead, owns);
    } else if (owns && meaning.kind === 'behind') lane.saidBehind(request, meaning.through);
    else if (owns && meaning.kind === 'failed' && meaning.again) lane.saidAgain(request);
  }

  /** After every step. */
  check(process: Process): void {
    const states = process.dispatcher?.states();
    if (states !== undefined) this.#note(overBounds(states, this.#places));
  }

  /** The history is over, faults ended and all is quiet. */
  finish(): void {
    for (const lane of this.#books.lanesInUse()) {
      const open = lane.firstOpen();
      if (open !== undefined)
        this.violate('all-settled', `${lane.name}: event ${open.seq} was never delivered`);
      const replay = lane.replays.find(({ pending }) => pending.length > 0);
      if (replay !== undefined) this.violate('replay', `${lane.name}: ${replay} in the end`);
    }
    this.#note(this.#log.finish(this.#tables.messages()));
    this.#note(this.#books.deletions.finish());
    for (const { seq, ...key } of this.#tables.unpinnedDeadLetters()) {
      const lane = this.#books.lane(key);
      if (lane.lastFailures.get(seq)?.isTrimmed === true || lane.event(seq)?.buriedTrimmed === true) continue;
      this.violate('dead-letter', `${lane.name}: the dead letter of event ${seq} has lost it`);
    }
  }

  #checkpointed(process: Process, checkpoint: Checkpoint, result: CommandResult): void {
    if (result.kind === 'fenced') return;
    if (this.#leases !== undefined) this.#note(this.#leases.written(checkpoint, result));
    else if (process.generation !== this.#owner) {
      this.violate(
        'fenced',
        `generation ${process.generation} wrote a checkpoint when ${this.#owner} owned the store`,
      );
    }
    this.#checkpoints.written(process, this.#leases?.heldPartOf(checkpoint) ?? checkpoint);
  }

  #paused(name: string, paused: boolean): void {
    const id = this.#books.pause(name, paused);
    if (id !== undefined && !paused) for (const watch of this.#processes.values()) watch.halted.delete(id);
  }

  #laneOf({ endpoint, streamId }: Request): LaneWatch {
    return this.#books.lane({ endpointId: endpoint.id, streamId });
  }

  #isOwner({ generation }: Process): boolean {
    return this.#leases !== undefined || generation === this.#owner;
  }

  /** The lane is its process's, as the store sees it. */
  #owns({ process, streamId, tenure }: Request): boolean {
    return this.#leases?.isCurrent(streamId, tenure) ?? process.generation === this.#owner;
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
