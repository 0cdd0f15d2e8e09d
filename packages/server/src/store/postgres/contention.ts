import { BoundedMap } from '../../base/bounded-map.ts';

/** Streams that others were found to write to; about 50 bytes each. */
const STREAMS = 100_000;
/** A stream is decided on freely again when its lock has found nothing new so often in a row. */
const QUIET = 4;

/**
 * Streams that other processes write to, too, at the moment. What is decided on them freely is mostly decided once more, after a
 * transaction that came to nothing: they are better locked first.
 */
export class Contention {
  readonly #left = new BoundedMap<number, number>(STREAMS);

  get none(): boolean {
    return this.#left.size === 0;
  }

  /** A lock was taken, and others had written before it, or not. */
  locked(streamId: number, foundNews: boolean): void {
    const left = foundNews ? QUIET : (this.#left.get(streamId) ?? 0) - 1;
    if (left > 0) this.#left.set(streamId, left);
    else this.#left.delete(streamId);
  }

  isAmong(streams: Iterable<number>): boolean {
    for (const streamId of streams) if (this.#left.get(streamId) !== undefined) return true;
    return false;
  }
}
