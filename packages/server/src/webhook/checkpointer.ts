import type { Clock, Timer } from '../base/clock.ts';
import type { Checkpoint, ResultMap } from '../store/commands.ts';
import type { FailedAttempt, LaneKey, LaneProgress } from '../store/lanes.ts';
import type { Lane } from './lane.ts';

/** The owner of a lane is told when the lane's checkpoint is durable. */
export interface LaneOwner {
  checkpointed(lane: Lane, progress: LaneProgress, kept: boolean): void;
}

export interface CheckpointerOptions {
  readonly clock: Clock;
  /** The leases that this process holds; see `Checkpoint`. */
  readonly leases?: () => Checkpoint['leases'];
  readonly generation: number;
  commit(checkpoint: Checkpoint): Promise<ResultMap['checkpoint']>;
  /** Lanes turned out to be leased otherwise: what was known of them is void. */
  onLost?(lanes: readonly LaneKey[]): void;
  /** Another process has opened the store since: this dispatcher must stop. */
  onFenced(): void;
  onError(error: unknown): void;
}

/** Progress is at most this old when a crash comes (design, invariant 6). */
const CHECKPOINT_MS = 50;
const RETRY_MS = 1_000;
/** Older progress than this means that the store is away or far behind, though it has not said so yet. */
const STUCK_AFTER_MS = 1_000;
const LANES_PER_CHECKPOINT = 2_000;

/** Writes down what the lanes have done, at most 50 ms after they did it, one checkpoint at a time. */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  /** What waits to be written down, the oldest first; since when, on the monotonic clock. */
  readonly #dirty = new Map<Lane, { readonly owner: LaneOwner; readonly since: number }>();
  #attempts: FailedAttempt[] = [];
  #deadLetters: Checkpoint['deadLetters'][number][] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #urgent = false;
  #refused = false;
  #tryAgain: (() => void) | undefined;
  /** The oldest of what is being written. */
  #writesSince: number | undefined;
  #state: 'running' | 'stopping' | 'dead' = 'running';

  constructor(options: CheckpointerOptions) {
    this.#options = options;
  }

  /**
   * The store refused the last checkpoint, or has not taken one for too long: whatever is begun now, a crash would repeat, so nothing
   * should be.
   */
  get stuck(): boolean {
    return this.#refused || this.age > STUCK_AFTER_MS;
  }

  changed(lane: Lane, owner: LaneOwner): void {
    if (!this.#dirty.has(lane)) this.#dirty.set(lane, { owner, since: this.#options.clock.monotonic() });
    this.#schedule();
  }

  /** Somebody waits for what was told: the next checkpoint is written at once. */
  soon(): void {
    this.#urgent = true;
    if (this.#writing === undefined && this.#dirty.size > 0) void this.#write();
  }

  /** Milliseconds since the oldest progress was made that is not durable; 0 when all of it is. */
  get age(): number {
    const since = this.#writesSince ?? this.#waitsSince;
    return since === undefined ? 0 : this.#options.clock.monotonic() - since;
  }

  /** The lane has changed since its last checkpoint was taken. */
  isDirty(lane: Lane): boolean {
    return this.#dirty.has(lane);
  }

  failed(attempt: FailedAttempt): void {
    this.#attempts.push(attempt);
  }

  deadLetter(letter: Checkpoint['deadLetters'][number]): void {
    this.#deadLetters.push(letter);
  }

  /** These streams' lanes are another process's now: nothing more is written of them. */
  forget(isTheirs: (streamId: number) => boolean): void {
    for (const lane of this.#dirty.keys()) if (isTheirs(lane.streamId)) this.#dirty.delete(lane);
    this.#attempts = this.#attempts.filter(({ lane }) => !isTheirs(lane.streamId));
    this.#deadLetters = this.#deadLetters.filter(({ lane }) => !isTheirs(lane.streamId));
  }

  /**
   * Resolves when everything told so far is durable, however long the store takes. What is told meanwhile is not waited
   * for: under load that would never end.
   */
  async flush(): Promise<void> {
    const running = this.#writing === undefined ? 0 : 1;
    let rounds = running + Math.ceil(this.#dirty.size / LANES_PER_CHECKPOINT);
    while (rounds > 0 && this.#state !== 'dead') {
      await this.#write();
      rounds -= 1;
    }
  }

  /** Writes down what is left with one try: what the store refuses now is delivered again after the next start. */
  async stop(): Promise<void> {
    if (this.#state === 'running') this.#state = 'stopping';
    this.#tryAgain?.();
    await this.flush();
    this.abort();
  }

  /** The crash path: writes nothing more. */
  abort(): void {
    this.#state = 'dead';
    this.#timer?.cancel();
    this.#tryAgain?.();
  }

  get #waitsSince(): number | undefined {
    return this.#dirty.values().next().value?.since;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#state === 'dead') return;
    this.#timer = this.#options.clock.setTimer(CHECKPOINT_MS, () => void this.#write());
  }

  #write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing ??= this.#writeOnce().finally(() => {
      this.#writing = undefined;
      if (this.#dirty.size === 0) return;
      if (this.#urgent) this.soon();
      else this.#schedule();
    });
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    const { clock, generation } = this.#options;
    this.#urgent = false;
    const now = clock.now();
    this.#writesSince = this.#waitsSince;
    const owners = [...this.#dirty].slice(0, LANES_PER_CHECKPOINT);
    for (const [lane] of owners) this.#dirty.delete(lane);
    const leases = this.#options.leases?.();
    const checkpoint: Checkpoint = {
      type: 'checkpoint',
      now,
      generation,
      ...(leases !== undefined && { leases }),
      lanes: owners.map(([lane]) => lane.checkpoint(now)),
      attempts: this.#attempts,
      deadLetters: this.#deadLetters,
    };
    this.#attempts = [];
    this.#deadLetters = [];
    const result = await this.#commitUntilTaken(checkpoint);
    this.#writesSince = undefined;
    if (result === undefined) return;
    if (result.kind === 'fenced') {
      this.abort();
      this.#options.onFenced();
      return;
    }
    const kept = new Set(result.kept.map(nameOf));
    const lost = new Set(result.lost?.map(nameOf));
    owners.forEach(([lane, { owner }], index) => {
      const progress = checkpoint.lanes[index];
      if (progress !== undefined && !lost.has(nameOf(lane)))
        owner.checkpointed(lane, progress, kept.has(nameOf(lane)));
    });
    if (result.lost !== undefined) this.#options.onLost?.(result.lost);
  }

  /** What the lanes told is told once, so the same checkpoint is offered until the store takes it. */
  async #commitUntilTaken(checkpoint: Checkpoint): Promise<ResultMap['checkpoint'] | undefined> {
    while (this.#state !== 'dead') {
      try {
        const result = await this.#options.commit(checkpoint);
        this.#refused = false;
        return result;
      } catch (error) {
        if (this.#isDead()) return undefined;
        this.#refused = true;
        this.#options.onError(error);
        if (this.#state === 'stopping') this.abort();
        else await this.#pause();
      }
    }
    return undefined;
  }

  /** After an await the state may be any. */
  #isDead(): boolean {
    return this.#state === 'dead';
  }

  #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.setTimer(RETRY_MS, resolve);
    this.#tryAgain = () => {
      timer.cancel();
      resolve();
    };
    return promise;
  }
}

function nameOf({ endpointId, streamId }: LaneKey): string {
  return `${endpointId}/${streamId}`;
}
