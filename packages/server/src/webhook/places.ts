import {
  afterGiving,
  afterRest,
  afterTaking,
  type Claim,
  claimAt,
  compareClaims,
  newClaim,
} from '../domain/fair-share.ts';

/** Attempts under way in the whole process, when the configuration does not say: as many as one endpoint may have at most. */
export const DEFAULT_PLACES = 1_024;

/** Somebody with a claim: an app on all places, a seat on those of its app. */
interface Claimant {
  claim: Claim;
  /** The scarcity that the claim counts from. */
  epoch: number;
}

interface App extends Claimant {
  readonly waiting: Set<Seat>;
  /** Had by the seat that a scarce place was given to last. */
  served: number;
}

/** An endpoint's access to the places. */
export interface Seat extends Claimant {
  readonly app: number;
  /** A place has become free for an endpoint that found none: it tries again, at once or never. */
  readonly wake: () => void;
}

/**
 * The places that attempts of all endpoints share. While there are enough, everybody takes one. When they are scarce, each one
 * that becomes free goes to the app that has had least of them, and in it to the endpoint that has had least for its weight.
 *
 * The first attempt of an endpoint needs no free place: however many others hang in theirs, nobody is shut out. So at most
 * `bound` plus the number of endpoints are under way.
 */
export class Places {
  readonly #bound: number;
  readonly #monotonic: () => number;
  readonly #apps = new Map<number, App>();
  #held = 0;
  #waiting = 0;
  /** What was had counts from the moment at which places became scarce: before, nobody took them from anybody. */
  #epoch = 0;
  /** Had by the app that a scarce place was given to last. */
  #served = 0;
  #offered: Seat | undefined;
  #offering = false;

  constructor(bound: number, monotonic: () => number) {
    this.#bound = bound;
    this.#monotonic = monotonic;
  }

  seat(app: number, weight: number, wake: () => void): Seat {
    return { app, wake, claim: newClaim(weight, this.#monotonic()), epoch: this.#epoch };
  }

  /** Takes a place, or has `wake` called when there is one. */
  tryTake(seat: Seat): boolean {
    const at = this.#monotonic();
    const app = this.#app(seat.app, at);
    this.#bringUp(seat, at);
    if (seat.claim.held === 0) {
      seat.claim = afterRest(seat.claim, app.served, at);
      if (app.claim.held === 0) app.claim = afterRest(app.claim, this.#served, at);
    } else if (this.#offered !== seat && (this.#waiting > 0 || this.#held >= this.#bound)) {
      this.#await(seat, app);
      return false;
    }
    this.#offered = undefined;
    this.leave(seat);
    app.claim = afterTaking(app.claim, at);
    seat.claim = afterTaking(seat.claim, at);
    this.#held += 1;
    return true;
  }

  /** Gives a place back. */
  give(seat: Seat): void {
    const at = this.#monotonic();
    const app = this.#app(seat.app, at);
    this.#bringUp(seat, at);
    app.claim = afterGiving(app.claim, at);
    seat.claim = afterGiving(seat.claim, at);
    this.#held -= 1;
    if (app.claim.held === 0 && app.waiting.size === 0) this.#apps.delete(seat.app);
    if (this.#waiting === 0 || this.#offering) return;
    // Whoever gave it may want it again: it asks in this turn, and takes part in the choice.
    this.#offering = true;
    queueMicrotask(() => this.#offer());
  }

  /** It has found no place and waits for one. */
  awaits(seat: Seat): boolean {
    return this.#apps.get(seat.app)?.waiting.has(seat) === true;
  }

  /** The endpoint begins nothing more; places that it holds are given back as its attempts end. */
  leave(seat: Seat): void {
    if (this.#apps.get(seat.app)?.waiting.delete(seat) === true) this.#waiting -= 1;
  }

  #await(seat: Seat, app: App): void {
    if (app.waiting.has(seat)) return;
    if (this.#waiting === 0) this.#countAfresh();
    app.waiting.add(seat);
    this.#waiting += 1;
  }

  #countAfresh(): void {
    this.#epoch += 1;
    this.#served = 0;
    for (const app of this.#apps.values()) app.served = 0;
  }

  #offer(): void {
    this.#offering = false;
    while (this.#held < this.#bound) {
      const seat = this.#next();
      if (seat === undefined) return;
      this.leave(seat);
      this.#offered = seat;
      seat.wake();
      this.#offered = undefined;
    }
  }

  /** The next in turn; among equals the one that has waited longest. */
  #next(): Seat | undefined {
    const at = this.#monotonic();
    let app: App | undefined;
    for (const other of this.#apps.values()) {
      if (other.waiting.size === 0) continue;
      this.#bringUp(other, at);
      if (app === undefined || compareClaims(other.claim, app.claim) < 0) app = other;
    }
    if (app === undefined) return undefined;
    let seat: Seat | undefined;
    for (const other of app.waiting) {
      this.#bringUp(other, at);
      if (seat === undefined || compareClaims(other.claim, seat.claim) < 0) seat = other;
    }
    this.#served = app.claim.used;
    app.served = seat?.claim.used ?? 0;
    return seat;
  }

  #app(number: number, at: number): App {
    let app = this.#apps.get(number);
    if (app === undefined) {
      app = { claim: newClaim(1, at), epoch: this.#epoch, waiting: new Set(), served: 0 };
      this.#apps.set(number, app);
    }
    this.#bringUp(app, at);
    return app;
  }

  #bringUp(claimant: Claimant, at: number): void {
    const claim = claimAt(claimant.claim, at);
    claimant.claim = claimant.epoch === this.#epoch ? claim : { ...claim, used: 0 };
    claimant.epoch = this.#epoch;
  }
}
