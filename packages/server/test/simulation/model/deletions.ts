import type { Violation } from '../violation.ts';
import type { Tables } from './tables.ts';

/** What an endpoint's deletion has to leave behind. */
interface Due {
  readonly name: string;
  readonly endpointId: number;
  readonly streamId: number;
  /** The event that its dead letter stands at. */
  readonly seq: number;
}

/** Endpoints that were deleted, and the dead letters that account for what their lanes still owed them. */
export class Deletions {
  readonly #tables: Tables;
  readonly #ids = new Set<number>();
  readonly #due: Due[] = [];

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  get ids(): Iterable<number> {
    return this.#ids;
  }

  has(endpointId: number): boolean {
    return this.#ids.has(endpointId);
  }

  /**
   * It was deleted by the commit that was just made; `firstBehind` finds the first event of its lane behind a cursor that the log still has: a lane
   * that was set back may have been delivered others, which have been trimmed since.
   */
  add(
    endpointId: number,
    name: string,
    firstBehind: (streamId: number, cursor: number) => number | undefined,
  ): void {
    this.#ids.add(endpointId);
    for (const { streamId, cursor } of this.#tables.lanesOf(endpointId)) {
      const seq = firstBehind(streamId, cursor);
      if (seq !== undefined) this.#due.push({ name, endpointId, streamId, seq });
    }
    for (const { endpointId: id, streamId, nextSeq, forced } of this.#tables.replays())
      if (id === endpointId && forced) this.#due.push({ name, endpointId, streamId, seq: nextSeq });
  }

  finish(): Violation | undefined {
    const missing = this.#due.find((due) => !this.#tables.hasDeadLetter(due, due.seq, 'endpoint-deleted'));
    if (missing === undefined) return undefined;
    const { name, streamId, seq } = missing;
    const why = `"${name}" was deleted while event ${seq} of g${streamId} was owed to it, and no dead letter says so`;
    return { rule: 'deleted', why };
  }
}
