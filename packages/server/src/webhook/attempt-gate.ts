import type { Clock } from '../base/clock.ts';
import type { Failure } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { LiveDelivery } from '../domain/explain/facts.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { Holdings } from './holdings.ts';
import { type Ended, Pace } from './pace.ts';
import type { Places, Seat } from './places.ts';

export interface GateDeps {
  readonly clock: Clock;
  readonly places: Places;
  readonly checkpointer: Pick<Checkpointer, 'stuck'>;
  readonly holdings: Pick<Holdings, 'share'>;
}

/** What became of an attempt, as far as its place depends on it. */
type Outcome = { readonly kind: 'delivered' | 'aborted' } | Failure;

/** While the store refuses checkpoints, it is looked after so often whether attempts may begin again. */
const STUCK_MS = 1_000;

/**
 * Whether an attempt of one endpoint may begin: its own pace, the places that all endpoints share, and the store that has to take
 * checkpoints must agree.
 */
export class AttemptGate {
  readonly #endpoint: Endpoint;
  readonly #deps: GateDeps;
  readonly #pace: Pace;
  readonly #seat: Seat;
  readonly #askAgain: (ms: number) => void;

  /** `free`: a place is free now. `askAgain`: attempts may begin in so many milliseconds. */
  constructor(endpoint: Endpoint, deps: GateDeps, free: () => void, askAgain: (ms: number) => void) {
    this.#endpoint = endpoint;
    this.#deps = deps;
    this.#pace = new Pace(endpoint.settings, deps.clock.monotonic(), () => deps.holdings.share);
    this.#seat = deps.places.seat(endpoint.app, endpoint.settings.weight, free);
    this.#askAgain = askAgain;
  }

  get inFlight(): number {
    return this.#pace.inFlight;
  }

  /** Milliseconds until the receiver wants to be called again; 0 unless it asked for a pause. */
  get heldForMs(): number {
    return this.#pace.heldFor(this.#deps.clock.monotonic());
  }

  /** Attempts that the receiver allows under way at the moment. */
  get allowed(): number {
    return this.#pace.allowed(this.#deps.clock.monotonic());
  }

  /** An attempt begins, or `free` or `askAgain` will be called. */
  tryBegin(probe: boolean): boolean {
    if (this.#deps.checkpointer.stuck) {
      // Nobody tells us when the store takes checkpoints again; a probe that waits for it has no other way to go on.
      this.#askAgain(STUCK_MS);
      return false;
    }
    const wait = this.#pace.wait(this.#deps.clock.monotonic(), probe);
    if (wait > 0 && wait !== Number.POSITIVE_INFINITY) this.#askAgain(wait);
    if (wait > 0 || !this.#deps.places.tryTake(this.#seat)) return false;
    this.#pace.begin();
    return true;
  }

  /** An attempt that began at `startedAt`, on the monotonic clock, has ended. */
  end(startedAt: number, outcome: Outcome): void {
    const { clock, places } = this.#deps;
    const overload = outcome.kind === 'failed' && outcome.overloaded ? this.#overload(outcome) : {};
    this.#pace.end({ startedAt, at: clock.monotonic(), kind: outcome.kind, ...overload });
    places.give(this.#seat);
  }

  /** No attempt begins any more. */
  close(): void {
    this.#deps.places.leave(this.#seat);
  }

  /** What keeps the next attempt from beginning, for people. */
  live(): Pick<LiveDelivery, 'held' | 'heldUntil'> {
    const { clock, checkpointer, places } = this.#deps;
    const turn = places.awaits(this.#seat) ? 'turn' : undefined;
    const held = checkpointer.stuck ? 'store' : (this.#pace.held(clock.monotonic()) ?? turn);
    return {
      ...(held === undefined ? {} : { held }),
      ...(held === 'slow-down' ? { heldUntil: clock.now() + this.heldForMs } : {}),
    };
  }

  #overload({ retryAfterMs }: Failure): Pick<Ended, 'overload'> {
    return {
      overload: { waitMs: Math.min(retryAfterMs, this.#endpoint.settings.retry.maxRetryAfterMs) },
    };
  }
}
