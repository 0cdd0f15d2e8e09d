import {
  type DeliveredRange,
  type LaneEvent,
  type LaneEvents,
  type LaneKey,
  type LaneProgress,
  type LaneRow,
  type PassedRange,
  type RetryState,
  tombstoneOf,
} from '../store/lanes.ts';
import { asRetried, bySeq, reasonOf, retryOf } from './retries.ts';

/**
 * One lane while it is worked on. An entry goes: ready -> in flight -> settled, or in flight -> waiting -> in flight again.
 * With `order: group` only the first unsettled entry may be started; with `order: none` any of the first `window`.
 * No I/O here: the runner asks what to start and tells what became of it.
 */
interface Entry {
  event: LaneEvent;
  state: 'ready' | 'inFlight' | 'waiting';
  attempts: number;
  /** Unix ms; 0 before the first attempt. */
  firstAttemptAt: number;
  dueAt: number;
}

/** How far a receiver says that it is; the store knows whether the log goes that far. */
type ToldPosition = { readonly through: number; readonly groupId: string };

export type Pick =
  | { readonly kind: 'start'; readonly entry: LaneEntry }
  | { readonly kind: 'read'; readonly after: number; readonly told?: ToldPosition }
  | { readonly kind: 'wait'; readonly until: number }
  /** Something is in flight, or a checkpoint has to come first. `until`: an entry is due earlier than that may end. */
  | { readonly kind: 'busy'; readonly until?: number }
  /** Nothing left to do that we know of. */
  | { readonly kind: 'idle' };

export type LaneEntry = Readonly<Entry>;

/** With `order: none`, so many entries may be open at a time. */
const UNORDERED_WINDOW = 64;
/** Events that a lane takes from hints; the log has the others, so that a slow endpoint's backlog stays there. */
const TAKEN_LIMIT = 32;
/** With `order: none`, so many numbers may be settled beyond one that is not: what a head that keeps failing costs at most. */
const ACKED_LIMIT = 1_024;

export class Lane implements LaneKey {
  readonly endpointId: number;
  readonly streamId: number;
  readonly #window: number;
  /** What is not settled, in the order of the log; a replay's entries among them in theirs. */
  #entries: Entry[] = [];
  /** The log was read up to here. */
  #scanned: number;
  /** The same at the last checkpoint. */
  #scannedThen = 0;
  #more: boolean;
  /** The receiver says that it has applied everything up to here; whether the log reaches so far, the next read tells. */
  #applied: (ToldPosition & { readonly after: number; readonly at: number }) | undefined;
  #reading = false;
  /** The receiver has said that it stands here, and nothing behind has been settled since: a tombstone for what is trimmed begins here. */
  #standsAt: number | undefined;
  /** Numbers settled beyond the cursor. */
  readonly #acked: Set<number>;
  /** Failures so far of events that have not been read yet. */
  readonly #retries: Map<number, RetryState>;
  /** The page of a replay that is worked on; `settled` once a checkpoint says so. */
  #replay: { readonly id: number; readonly last: number; settled: boolean } | undefined;
  #delivered: DeliveredRange | undefined;
  #passed: PassedRange | undefined;
  /**
   * A dead letter is on its way to the store. With `order: group` nothing goes on before it stands there: after a crash the
   * event would be sent after all, behind a later one.
   */
  #burial: 'told' | 'taken' | undefined;
  /** Deliveries since the lane had its turn; for giving way to others. */
  served = 0;
  /** Waits in the runner's queue. */
  queued = false;
  /** To be let go once a checkpoint has written this due time. */
  evictAt: number | undefined;
  /** A checkpoint with `evictAt` is on its way. */
  letGo = false;
  /** It belongs to another process now: what becomes of its attempts is nothing of ours. */
  dropped = false;

  /** `fresh`: the row was made for an event that comes with a hint, so that nothing else lies beyond the cursor yet. */
  constructor(row: LaneRow, order: 'group' | 'none', fresh = false) {
    this.endpointId = row.endpointId;
    this.streamId = row.streamId;
    this.#scanned = row.cursor;
    this.#acked = new Set(row.acked);
    this.#retries = bySeq(row.retries);
    this.#window = order === 'none' ? UNORDERED_WINDOW : 1;
    this.#more = !fresh;
  }

  /** News for this lane were committed. The event itself is taken if it is the next one of the log; otherwise the log is read. */
  hint(event?: LaneEvent): void {
    const next = !this.#more && !this.#reading && this.#replay === undefined;
    if (
      event === undefined ||
      !next ||
      event.seq !== this.#scanned + 1 ||
      this.#entries.length >= TAKEN_LIMIT
    ) {
      this.#more = true;
      return;
    }
    this.#scanned = event.seq;
    this.#push(event);
  }

  get inFlight(): boolean {
    return this.#entries.some((entry) => entry.state === 'inFlight');
  }

  /** Where an event stands, for people; undefined while the log has not been read so far. */
  stateOf(seq: number): Entry['state'] | 'settled' | undefined {
    const entry = this.#entries.find(({ event }) => event.seq === seq);
    if (entry !== undefined) return entry.state;
    return seq <= this.#scanned ? 'settled' : undefined;
  }

  /** What to do next. `now` is unix ms. */
  pick(now: number): Pick {
    if (this.#burial !== undefined) return { kind: 'busy' };
    let flying = this.#reading;
    let until = Number.POSITIVE_INFINITY;
    for (const entry of this.#heads()) {
      if (entry.state === 'inFlight') flying = true;
      else if (entry.state === 'ready' || entry.dueAt <= now) return { kind: 'start', entry };
      else until = Math.min(until, entry.dueAt);
    }
    if (this.#mayRead()) {
      const told = this.#applied;
      return { kind: 'read', after: this.#scanned, ...(told !== undefined && { told }) };
    }
    const waits = until !== Number.POSITIVE_INFINITY;
    if (flying || (this.#replay !== undefined && this.#entries.length === 0)) {
      return waits ? { kind: 'busy', until } : { kind: 'busy' };
    }
    return waits ? { kind: 'wait', until } : { kind: 'idle' };
  }

  #mayRead(): boolean {
    if (!this.#more || this.#reading || this.#replay !== undefined) return false;
    const open = this.#entries.length;
    return open === 0 || (open < this.#window && this.#acked.size < ACKED_LIMIT);
  }

  reading(): void {
    this.#reading = true;
    this.#more = false;
  }

  /** Takes what was read from the log. */
  read({ events, scannedThrough, atHead, followed }: LaneEvents): void {
    this.#reading = false;
    if (followed !== undefined) this.#follow(followed);
    if (!atHead) this.#more = true;
    this.#scanned = Math.max(this.#scanned, scannedThrough);
    for (const event of events) {
      if (event.replayId === undefined && this.#acked.has(event.seq)) continue;
      this.#push(event);
    }
    const last = events.at(-1);
    if (last?.replayId !== undefined) this.#replay = { id: last.replayId, last: last.seq, settled: false };
    this.#forgetPassed();
  }

  #push(event: LaneEvent): void {
    const retry = retryOf(event, this.#retries);
    if (retry !== undefined) this.#retries.delete(event.seq);
    this.#entries.push({
      event: asRetried(event, retry),
      state: retry === undefined ? 'ready' : 'waiting',
      attempts: retry?.attempts ?? 0,
      firstAttemptAt: retry?.firstAttemptAt ?? 0,
      dueAt: retry?.dueAt ?? 0,
    });
  }

  /** The read failed; it has to be done again. */
  readFailed(): void {
    this.#reading = false;
    this.#more = true;
  }

  start(entry: LaneEntry, now: number): void {
    const own = this.#own(entry, 'ready', 'waiting');
    own.state = 'inFlight';
    if (own.firstAttemptAt === 0) own.firstAttemptAt = now;
  }

  /**
   * The entries behind this one that can go with it in a batch, at most so many: untried, and each following the one before. None
   * where this one has been tried: what has failed goes alone.
   */
  companyOf({ event, firstAttemptAt }: LaneEntry, limit: number): readonly LaneEntry[] {
    if (this.#window !== 1 || firstAttemptAt > 0 || event.replayId !== undefined) return [];
    const company: Entry[] = [];
    let before = event.seq;
    for (const entry of this.#entries.slice(1, limit + 1)) {
      const { link, replayId, seq } = entry.event;
      if (entry.firstAttemptAt > 0 || replayId !== undefined || link?.prev !== before) break;
      company.push(entry);
      before = seq;
    }
    return company;
  }

  /** The attempt was cut short by us: as if it had not been made. */
  giveBack(entry: LaneEntry): void {
    this.#own(entry, 'inFlight').state = 'ready';
  }

  delivered(entry: LaneEntry, startedAt: number, endedAt: number): void {
    const seq = entry.event.seq;
    if (entry.event.replayId === undefined) {
      const range = this.#delivered;
      this.#delivered = {
        fromSeq: Math.min(range?.fromSeq ?? seq, seq),
        throughSeq: Math.max(range?.throughSeq ?? seq, seq),
        count: (range?.count ?? 0) + 1,
        firstAt: Math.min(range?.firstAt ?? startedAt, startedAt),
        lastAt: Math.max(range?.lastAt ?? endedAt, endedAt),
      };
    }
    this.served += 1;
    this.#settle(entry);
  }

  /** Given up: a dead letter has been written, or is about to be. */
  buried(entry: LaneEntry): void {
    this.#settle(entry);
    // A replay goes one at a time whatever the order.
    if (this.#window === 1 || entry.event.replayId !== undefined) this.#burial = 'told';
  }

  /** Given up, and its tombstone takes its place: sent in its turn, once the dead letter stands, with attempts of its own. */
  entomb(entry: LaneEntry, reason: string): void {
    const own = this.#own(entry, 'inFlight');
    own.event = tombstoneOf(own.event, reason);
    own.state = 'ready';
    own.attempts = 0;
    own.firstAttemptAt = 0;
    if (this.#window === 1) this.#burial = 'told';
  }

  retryLater(entry: LaneEntry, attempts: number, dueAt: number): void {
    const own = this.#own(entry, 'inFlight');
    own.state = 'waiting';
    own.attempts = attempts;
    own.dueAt = dueAt;
  }

  /** The receiver of this entry has applied everything through `through` alone: what lies behind comes again, at once and read anew. */
  setBack(entry: LaneEntry, through: number, now: number): void {
    this.#own(entry, 'waiting').dueAt = now;
    // Left by an order `none` that has ended: what the receiver has lost of it comes again like the rest.
    this.#acked.clear();
    this.#forgetRead(through);
    this.#standsAt = through;
  }

  /** The receiver has applied more than it was sent, everything through `through`: what it has is passed over. */
  passOver(through: number, now: number, groupId: string): void {
    const after = this.#cursor();
    this.#forgetRead(after);
    this.#applied = { through, after, at: now, groupId };
  }

  /**
   * As if the log had been read up to here and no further: what has been tried, and what only its tombstone is left of, is known
   * again when it is read, and is due when it was. With `order: group` nothing is under way then.
   */
  #forgetRead(through: number): void {
    for (const { event, attempts, firstAttemptAt, dueAt } of this.#entries) {
      const { seq, replayId, tombstone } = event;
      if (replayId !== undefined || (firstAttemptAt === 0 && tombstone === undefined)) continue;
      this.#retries.set(seq, { seq, attempts, firstAttemptAt, dueAt, ...reasonOf(event) });
    }
    this.#entries = this.#entries.filter(({ event }) => event.replayId !== undefined);
    this.#scanned = through;
    this.#more = true;
  }

  /** What is passed over belongs to the range that was delivered, though it is not counted: nothing was sent. */
  #follow(followed: boolean): void {
    const applied = this.#applied;
    this.#applied = undefined;
    if (!followed || applied === undefined) return;
    const { through, after, at } = applied;
    for (const seq of this.#retries.keys()) if (seq <= through) this.#retries.delete(seq);
    const { fromSeq, count, firstAt, lastAt } = this.#delivered ?? {
      ...{ fromSeq: after + 1, count: 0, firstAt: at, lastAt: at },
    };
    this.#delivered = { fromSeq, throughSeq: through, count, firstAt, lastAt };
    const { fromSeq: from = after + 1, times = 0 } = this.#passed ?? {};
    this.#passed = { fromSeq: Math.min(from, after + 1), throughSeq: through, at, times: times + 1 };
  }

  /** The lane as it would have to be continued after a crash; clears what is only told once. */
  checkpoint(now: number): LaneProgress {
    const open = this.#entries;
    const openReplay = open.find(({ event }) => event.replayId !== undefined);
    const heads = this.#heads();
    const waiting = heads.length > 0 && heads.every((entry) => entry.state === 'waiting');
    const progress: LaneProgress = {
      endpointId: this.endpointId,
      streamId: this.streamId,
      cursor: this.#cursor(),
      acked: [...this.#acked],
      retries: [
        ...this.#retries.values(),
        ...open
          .filter(({ event, firstAttemptAt }) => firstAttemptAt > 0 || event.tombstone !== undefined)
          .map(({ event, attempts, firstAttemptAt, dueAt }) => ({
            seq: event.seq,
            attempts,
            firstAttemptAt,
            dueAt,
            ...reasonOf(event),
          })),
      ],
      dueAt: this.evictAt ?? (waiting ? Math.min(...heads.map((entry) => entry.dueAt)) : now),
      idle: this.evictAt === undefined && open.length === 0 && !this.#more && !this.#reading,
      replayedThrough: openReplay === undefined ? (this.#replay?.last ?? 0) : openReplay.event.seq - 1,
      ...(this.#replay === undefined ? {} : { replayId: this.#replay.id }),
      ...(this.#delivered === undefined ? {} : { delivered: this.#delivered }),
      ...(this.#passed === undefined ? {} : { passed: this.#passed }),
    };
    this.#delivered = undefined;
    this.#passed = undefined;
    this.#scannedThen = this.#scanned;
    if (this.#burial === 'told') this.#burial = 'taken';
    this.letGo = this.evictAt !== undefined;
    if (this.#replay !== undefined && openReplay === undefined) this.#replay.settled = true;
    return progress;
  }

  /** The last checkpoint is durable. `kept`: it said idle, but the log has more, which is read unless it came with a hint. */
  checkpointed(kept: boolean): void {
    if (this.#burial === 'taken') this.#burial = undefined;
    if (this.#replay?.settled === true) {
      this.#replay = undefined;
      this.#more = true;
    }
    if (kept && this.#scanned === this.#scannedThen) this.#more = true;
  }

  /**
   * Those that may be under way together. Of a replay only one, whatever the order: its progress is one number in the store, and
   * what was settled beyond that would be sent again after the lane was let go.
   */
  #heads(): readonly Entry[] {
    const heads = this.#entries.slice(0, this.#window);
    const replayed = heads.find(({ event }) => event.replayId !== undefined);
    return heads.filter((entry) => entry.event.replayId === undefined || entry === replayed);
  }

  /** Everything up to here is settled. */
  #cursor(): number {
    const first = this.#entries.find(({ event }) => event.replayId === undefined);
    if (first === undefined) return this.#scanned;
    if (this.#standsAt !== undefined) return this.#standsAt;
    // One tombstone may stand for many that have been trimmed: read again, it has to begin where it began.
    return first.event.trimmedBehind ?? first.event.seq - 1;
  }

  #settle(entry: LaneEntry): void {
    const own = this.#own(entry, 'inFlight');
    this.#entries.splice(this.#entries.indexOf(own), 1);
    if (own.event.replayId !== undefined) return;
    this.#standsAt = undefined;
    this.#acked.add(own.event.seq);
    this.#forgetPassed();
  }

  #forgetPassed(): void {
    const cursor = this.#cursor();
    for (const seq of this.#acked) if (seq <= cursor) this.#acked.delete(seq);
  }

  #own(entry: LaneEntry, ...states: Entry['state'][]): Entry {
    const own = this.#entries.find((candidate) => candidate === entry);
    if (own === undefined || !states.includes(own.state)) {
      throw new Error(
        `lane ${this.endpointId}/${this.streamId}: event ${entry.event.seq} is not ${states.join(' or ')}`,
      );
    }
    return own;
  }
}
