/**
 * From one probe of a breaker to the next, whatever their endpoints. What dies together is probed together ever after: a hundred
 * endpoints behind one dead host held up all others for 100 ms every 5 s; 5 ms apart they take half a second of
 * every five. One that had to wait for its turn keeps its new time.
 */
const WIDEST_GAP_MS = 25;
/** Where so many wait that half the time does not do for all, they come closer: 200 a second at most. */
const NARROWEST_GAP_MS = 5;
const ROUND_MS = 5_000;

/** Spreads the probes of all endpoints over the time between two of one endpoint. */
export class ProbeTurns {
  #last = Number.NEGATIVE_INFINITY;
  #gapMs = WIDEST_GAP_MS;
  #turns = 0;
  #roundEnds = Number.NEGATIVE_INFINITY;

  /** 0: a probe begins now; otherwise milliseconds until it may ask again. `at` is on the monotonic clock. */
  take(at: number): number {
    if (at >= this.#roundEnds) this.#newRound(at);
    const wait = this.#last + this.#gapMs - at;
    if (wait > 0) return wait;
    this.#last = at;
    this.#turns += 1;
    return 0;
  }

  #newRound(at: number): void {
    const even = ROUND_MS / 2 / this.#turns;
    this.#gapMs = Math.min(WIDEST_GAP_MS, Math.max(NARROWEST_GAP_MS, even));
    this.#turns = 0;
    this.#roundEnds = at + ROUND_MS;
  }
}
