import type { DatabaseSync } from 'node:sqlite';
import type { LaneKey, LaneRow, RetryState } from '../lanes.ts';
import type { DueLanes, DueLanesQuery } from '../store.ts';
import { LanesBehind } from './lanes-behind.ts';
import { type Statement, statement } from './statement.ts';

interface Row {
  endpoint_id: number;
  stream_id: number;
  cursor: number;
  due_at: number;
  acked: string | null;
  retries: string | null;
}

/** To SQLite. */
const NO_LIMIT = -1;

/** Lanes that are behind. A lane that has caught up has no row. */
export class Lanes {
  readonly #behind = new LanesBehind();
  readonly #fallBehind;
  readonly #hasten;
  readonly #get: Statement<Row>;
  readonly #due: Statement<Row>;
  readonly #dueBeyond: Statement<Row>;
  readonly #nextDue: Statement<{ due_at: number | null }>;
  readonly #save;
  readonly #remove;
  readonly #page: Statement<Row>;
  readonly #countBehind: Statement<{ n: number }>;
  readonly #lowest: Statement<{ cursor: number | null }>;

  constructor(db: DatabaseSync) {
    this.#fallBehind = statement(
      db,
      'INSERT INTO lane (endpoint_id, stream_id, cursor, due_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#hasten = statement(
      db,
      'UPDATE lane SET due_at = ?3 WHERE endpoint_id = ?1 AND stream_id = ?2 AND due_at > ?3',
    );
    this.#get = statement(db, 'SELECT * FROM lane WHERE endpoint_id = ? AND stream_id = ?');
    this.#due = statement(
      db,
      'SELECT * FROM lane WHERE endpoint_id = ? AND due_at <= ? ORDER BY due_at LIMIT ?',
    );
    this.#dueBeyond = statement(
      db,
      'SELECT * FROM lane WHERE endpoint_id = ? AND due_at > ? ORDER BY due_at LIMIT ?',
    );
    this.#nextDue = statement(
      db,
      'SELECT min(due_at) AS due_at FROM lane WHERE endpoint_id = ? AND due_at > ? AND due_at <= ?',
    );
    this.#save = statement(
      db,
      'UPDATE lane SET cursor = ?, due_at = ?, acked = ?, retries = ? WHERE endpoint_id = ? AND stream_id = ?',
    );
    this.#remove = statement(db, 'DELETE FROM lane WHERE endpoint_id = ? AND stream_id = ?');
    this.#page = statement(db, 'SELECT * FROM lane WHERE endpoint_id = ? ORDER BY stream_id LIMIT ?');
    this.#countBehind = statement(
      db,
      'SELECT count(*) AS n FROM (SELECT 1 FROM lane WHERE endpoint_id = ? LIMIT ?)',
    );
    this.#lowest = statement(db, 'SELECT min(cursor) AS cursor FROM lane WHERE stream_id = ?');
  }

  /** An idle lane falls behind: makes its row. False when it had one. */
  fallBehind(endpointId: number, streamId: number, cursor: number, dueAt: number): boolean {
    if (this.#behind.has(endpointId, streamId)) return false;
    this.#behind.add(endpointId, streamId);
    return this.#fallBehind.run(endpointId, streamId, cursor, dueAt) > 0;
  }

  /** Makes a waiting lane due earlier. */
  hasten(endpointId: number, streamId: number, dueAt: number): void {
    this.#hasten.run(endpointId, streamId, dueAt);
  }

  get(key: LaneKey): LaneRow | undefined {
    const row = this.#get.get(key.endpointId, key.streamId);
    return row === undefined ? undefined : laneOf(row);
  }

  due({ endpointId, now, limit, longestWaitMs, partitions }: DueLanesQuery): DueLanes {
    const latest = longestWaitMs === undefined ? Number.MAX_SAFE_INTEGER : now + longestWaitMs;
    const lanes = take(this.#due, endpointId, now, limit, partitions);
    if (lanes.length < limit)
      lanes.push(...take(this.#dueBeyond, endpointId, latest, limit - lanes.length, partitions));
    const next = this.#dueNext(endpointId, now, latest, partitions);
    return next === undefined ? { lanes } : { lanes, nextDueAt: next };
  }

  #dueNext(
    endpointId: number,
    now: number,
    latest: number,
    partitions: DueLanesQuery['partitions'],
  ): number | undefined {
    if (partitions === undefined) return this.#nextDue.get(endpointId, now, latest)?.due_at ?? undefined;
    const [next] = take(this.#dueBeyond, endpointId, now, 1, partitions);
    return next !== undefined && next.dueAt <= latest ? next.dueAt : undefined;
  }

  save(lane: LaneRow): void {
    this.#save.run(
      lane.cursor,
      lane.dueAt,
      lane.acked.length === 0 ? null : JSON.stringify(lane.acked),
      lane.retries.length === 0 ? null : JSON.stringify(lane.retries),
      lane.endpointId,
      lane.streamId,
    );
  }

  /** The lane has caught up, and there is no news: the row goes. */
  catchUp(lane: LaneRow): void {
    this.remove(lane);
  }

  remove(key: LaneKey): void {
    this.#behind.delete(key.endpointId, key.streamId);
    this.#remove.run(key.endpointId, key.streamId);
  }

  /** Lanes of an endpoint, whether they are due or not. */
  page(endpointId: number, limit: number): LaneRow[] {
    return this.#page.all(endpointId, limit).map(laneOf);
  }

  /** The batch was rolled back: nothing in memory can be trusted. */
  forget(): void {
    this.#behind.clear();
  }

  /** Lanes of an endpoint that are behind, counted up to `limit`. */
  countBehind(endpointId: number, limit: number): number {
    return this.#countBehind.get(endpointId, limit)?.n ?? 0;
  }

  /** The lowest cursor of a stream's lanes; undefined when all have caught up. */
  lowestCursor(streamId: number): number | undefined {
    return this.#lowest.get(streamId)?.cursor ?? undefined;
  }
}

/** Rows of an endpoint in the order of their times, `limit` of them that are in `partitions`. */
function take(
  rows: Statement<Row>,
  endpointId: number,
  time: number,
  limit: number,
  partitions: DueLanesQuery['partitions'],
): LaneRow[] {
  if (partitions === undefined) return rows.all(endpointId, time, limit).map(laneOf);
  const lanes: LaneRow[] = [];
  for (const row of rows.iterate(endpointId, time, NO_LIMIT)) {
    if (lanes.length === limit) break;
    if (partitions.held.includes(row.stream_id % partitions.of)) lanes.push(laneOf(row));
  }
  return lanes;
}

function laneOf(row: Row): LaneRow {
  return {
    endpointId: row.endpoint_id,
    streamId: row.stream_id,
    cursor: row.cursor,
    acked: row.acked === null ? [] : (JSON.parse(row.acked) as number[]),
    retries: row.retries === null ? [] : (JSON.parse(row.retries) as RetryState[]),
    dueAt: row.due_at,
  };
}
