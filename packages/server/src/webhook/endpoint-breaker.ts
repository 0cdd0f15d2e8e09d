import type { Clock } from '../base/clock.ts';
import {
  abandonProbe,
  afterFailure,
  afterSuccess,
  type Breaker,
  type BreakerPolicy,
  CLOSED,
  startProbe,
} from '../domain/breaker.ts';
import type { LiveDelivery } from '../domain/explain/facts.ts';
import type { LaneRow } from '../store/lanes.ts';
import type { Lane } from './lane.ts';

/** The breaker of an endpoint, and the lane whose head is its probe. */
export class EndpointBreaker {
  readonly #policy: BreakerPolicy;
  readonly #clock: Clock;
  #breaker: Breaker = CLOSED;
  /** Unix ms. */
  #openSince = 0;
  /** The only lane that may go on while the breaker is not closed. */
  probe: Lane | undefined;

  constructor(policy: BreakerPolicy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
  }

  get state(): Breaker['state'] {
    return this.#breaker.state;
  }

  /** Milliseconds until a probe may begin; undefined unless it is open. */
  get probeInMs(): number | undefined {
    return this.#breaker.state === 'open' ? this.#breaker.probeAt - this.#clock.monotonic() : undefined;
  }

  /** An attempt succeeded; true when that closes the breaker. */
  succeeded(): boolean {
    const wasClosed = this.state === 'closed';
    this.#breaker = afterSuccess(this.#breaker);
    if (wasClosed) return false;
    this.probe = undefined;
    return true;
  }

  /** An attempt of this lane failed; `opened`: the first time since it was closed. */
  failed(lane: Lane): 'opened' | 'opened again' | undefined {
    const before = this.state;
    // A late failure of an attempt from before tells nothing new, and must not let a second probe go beside the first.
    if (before === 'probing' && lane !== this.probe) return undefined;
    this.#breaker = afterFailure(this.#breaker, this.#policy, this.#clock.monotonic());
    if (lane === this.probe) this.probe = undefined;
    if (this.state !== 'open' || before === 'open') return undefined;
    if (before !== 'closed') return 'opened again';
    this.#openSince = this.#clock.now();
    return 'opened';
  }

  /** It is open, and time for a probe. */
  get mayProbe(): boolean {
    return startProbe(this.#breaker, this.#clock.monotonic()) !== this.#breaker;
  }

  /** Begins to probe, when it may. */
  startProbe(): void {
    this.#breaker = startProbe(this.#breaker, this.#clock.monotonic());
  }

  /** The probe came to nothing: the breaker stays open. */
  endProbe(): void {
    this.probe = undefined;
    this.#breaker = abandonProbe(this.#breaker, this.#policy, this.#clock.monotonic());
  }

  /** For people. */
  live(): Pick<LiveDelivery, 'breaker' | 'openSince' | 'probeAt'> {
    const { state, probeInMs } = this;
    return {
      breaker: state,
      ...(state === 'closed' ? {} : { openSince: this.#openSince }),
      ...(probeInMs === undefined ? {} : { probeAt: Math.ceil(this.#clock.now() + probeInMs) }),
    };
  }
}

/** One that has not failed says more of the endpoint than a head that may be poisonous. */
export function chooseProbe(resting: readonly LaneRow[]): LaneRow | undefined {
  return resting.find(({ retries }) => retries.length === 0) ?? resting[0];
}
