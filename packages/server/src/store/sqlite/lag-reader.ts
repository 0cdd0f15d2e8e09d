import type { DatabaseSync } from 'node:sqlite';
import {
  byAge,
  byEvents,
  type GroupLag,
  LAG_PAGE,
  LAG_WORST,
  type LagPage,
  type LagQuery,
  type StreamName,
} from '../lag.ts';
import { LAG_COUNT_LIMIT } from '../pipeline-reads.ts';
import { LONGEST_RUN } from '../restored.ts';
import { type Statement, statement } from './statement.ts';
import type { Tables } from './tables.ts';

export interface LagRow {
  streamId: number;
  events: number;
  oldestAt: number | null;
}

interface Lag extends Omit<GroupLag, keyof StreamName> {
  readonly streamId: number;
}

/** Reads how far lanes are behind, a page at a time: per lane two look-ups by key, never a scan of the log. */
export class LagReader {
  readonly #tables: Tables;
  readonly #page: Statement<LagRow>;

  constructor(db: DatabaseSync, tables: Tables) {
    this.#tables = tables;
    this.#page = statement(
      db,
      `SELECT l.stream_id AS streamId,
         max(0, CASE WHEN s.head - l.cursor < ${LONGEST_RUN} THEN s.head - l.cursor ELSE (SELECT count(*) FROM (SELECT 1 FROM log r
             WHERE r.stream_id = l.stream_id AND r.log_seq > l.cursor LIMIT ${LAG_COUNT_LIMIT})) END
           - CASE WHEN l.acked IS NULL THEN 0 ELSE json_array_length(l.acked) END) AS events,
         (SELECT r.time FROM log r WHERE r.stream_id = l.stream_id AND r.log_seq > l.cursor
          ORDER BY r.log_seq LIMIT 1) AS oldestAt
       FROM lane l JOIN stream s ON s.id = l.stream_id
       WHERE l.endpoint_id = ? AND l.stream_id > ? ORDER BY l.stream_id LIMIT ${LAG_PAGE}`,
    );
  }

  read({ endpointId, after }: LagQuery): LagPage {
    return lagPage(this.#page.all(endpointId, after), (streamId) => {
      const { groupId = '', topicId } = this.#tables.groups.identity(streamId) ?? {};
      return topicId === undefined ? { groupId } : { groupId, topicId };
    });
  }
}

/** A page of lanes in the order of their streams, summed up. */
export function lagPage(lanes: readonly LagRow[], nameOf: (streamId: number) => StreamName): LagPage {
  const rows: Lag[] = lanes.map(({ oldestAt, ...row }) => ({
    ...row,
    ...(oldestAt === null ? {} : { oldestAt }),
  }));
  const named = ({ streamId, ...lag }: Lag): GroupLag => ({ ...nameOf(streamId), ...lag });
  const worst = (order: typeof byAge) => rows.toSorted(order).slice(0, LAG_WORST).map(named);
  const times = rows.flatMap(({ oldestAt }) => oldestAt ?? []);
  return {
    lanes: rows.length,
    events: rows.reduce((sum, { events }) => sum + events, 0),
    ...(times.length === 0 ? {} : { oldestAt: Math.min(...times) }),
    oldest: worst(byAge),
    largest: worst(byEvents),
    next: rows.length < LAG_PAGE ? 0 : (rows.at(-1)?.streamId ?? 0),
  };
}
