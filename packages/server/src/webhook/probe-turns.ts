/**
 * From one probe of a breaker to the next, whatever their endpoints. What dies together is probed together ever after: a hundred
 * endpoints behind one dead host held up all others for 100 ms every 5 s. One that had to wait for its turn keeps its new time.
 */
const GAP_MS = 5;

/** Spreads the probes of all endpoints: 200 a second at most. */
export class ProbeTurns {
  #last = Number.NEGATIVE_INFINITY;

  /** 0: a probe begins now; otherwise milliseconds until it may ask again. `at` is on the monotonic clock. */
  take(at: number): number {
    const wait = this.#last + GAP_MS - at;
    if (wait > 0) return wait;
    this.#last = at;
    return 0;
  }
}
