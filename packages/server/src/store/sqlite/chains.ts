import type { DatabaseSync } from 'node:sqlite';
import { type Statement, statement } from './statement.ts';

/**
 * The chain of each lane whose endpoint is told it: which event was meant for the lane before this one. A row per lane for as long as
 * the endpoint lives; a lane that has caught up has one too, or its next event would have to search the log.
 */
export class Chains {
  readonly #extend: Statement<{ prev: number }>;
  readonly #purge;

  constructor(db: DatabaseSync) {
    this.#extend = statement(
      db,
      `INSERT INTO chain VALUES (?1, ?2, ?3, 0)
       ON CONFLICT DO UPDATE SET prev = last, last = ?3 RETURNING prev`,
    );
    this.#purge = statement(
      db,
      `DELETE FROM chain WHERE (endpoint_id, stream_id) IN
       (SELECT c.endpoint_id, c.stream_id FROM endpoint e JOIN chain c ON c.endpoint_id = e.id
        WHERE e.deleted_at IS NOT NULL LIMIT ?)`,
    );
  }

  /** The event becomes the last one of the lane; log sequence of the one before it, 0 for the first. */
  extend(endpointId: number, streamId: number, seq: number): number {
    return this.#extend.get(endpointId, streamId, seq)?.prev ?? 0;
  }

  /** Deletes at most so many rows of deleted endpoints; how many. */
  purge(limit: number): number {
    return this.#purge.run(limit);
  }
}

/** What a log row keeps of its chains; null when there is none. */
export function writeLinks(links: ReadonlyMap<number, number>): string | null {
  return links.size === 0 ? null : JSON.stringify(Object.fromEntries(links));
}

/** The number before this event on the endpoint's lane; undefined when none was kept. */
export function readLink(links: string | null, endpointId: number): number | undefined {
  return links === null ? undefined : (JSON.parse(links) as Record<string, number>)[endpointId];
}
