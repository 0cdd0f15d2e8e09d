import { BoundedMap } from '../../base/bounded-map.ts';
import type { LaneKey, LaneRow, RetryState } from '../lanes.ts';
import { LanesBehind } from '../sqlite/lanes-behind.ts';
import type { DueLanes, DueLanesQuery } from '../store.ts';
import { int8s, texts } from './arrays.ts';
import type { Groups } from './groups.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { call, type Row, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

const laneRows = (rows: readonly Row[]) => rows.map(laneOf);
const LANE = question<[number, number], LaneRow | null>(
  'SELECT * FROM lane WHERE endpoint_id = $1 AND stream_id = $2',
  null,
  ([row]) => (row === undefined ? null : laneOf(row)),
);
/** Of partitions that others hold nothing is looked for; without partitions, everywhere. */
const IN_PARTITIONS = '($4::int8[] IS NULL OR stream_id % $5::int8 = ANY ($4::int8[]))';
type Where = readonly [string | null, number];
const EVERYWHERE: Where = [null, 1];
const DUE = question<[number, number, number, ...Where], readonly LaneRow[]>(
  `SELECT * FROM lane WHERE endpoint_id = $1 AND due_at <= $2 AND ${IN_PARTITIONS} ORDER BY due_at, stream_id LIMIT $3`,
  [],
  laneRows,
);
const DUE_BEYOND = question<[number, number, number, ...Where], readonly LaneRow[]>(
  `SELECT * FROM lane WHERE endpoint_id = $1 AND due_at > $2 AND ${IN_PARTITIONS} ORDER BY due_at, stream_id LIMIT $3`,
  [],
  laneRows,
);
const NEXT_DUE = question<[number, number, number, ...Where], number | null>(
  `SELECT min(due_at) AS due_at FROM lane WHERE endpoint_id = $1 AND due_at > $2 AND due_at <= $3 AND ${IN_PARTITIONS}`,
  null,
  ([row]) => (row?.due_at as number | null) ?? null,
);
const PAGE = question<[number, number], readonly LaneRow[]>(
  'SELECT * FROM lane WHERE endpoint_id = $1 ORDER BY stream_id LIMIT $2',
  [],
  laneRows,
);
const BEHIND = question<[number, number], number>(
  'SELECT count(*) AS n FROM (SELECT 1 FROM lane WHERE endpoint_id = $1 LIMIT $2) AS l',
  0,
  ([row]) => Number(row?.n ?? 0),
);

/** One that finds the row, and will count on it, says so in it; -1: several do. */
const CLAIMS = statement(
  `INSERT INTO lane (endpoint_id, stream_id, cursor, due_at, relied_by)
   SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[])
   ON CONFLICT (endpoint_id, stream_id) DO UPDATE SET relied_by = CASE lane.relied_by WHEN 0 THEN excluded.relied_by ELSE -1 END
     WHERE excluded.relied_by <> 0 AND lane.relied_by <> -1 AND lane.relied_by <> excluded.relied_by
   RETURNING endpoint_id, stream_id, xmax = 0 AS made`,
);
const SAVES = statement(
  `UPDATE lane l SET cursor = x.cursor, due_at = x.due_at, acked = x.acked, retries = x.retries
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::text[], $6::text[])
     AS x (endpoint_id, stream_id, cursor, due_at, acked, retries)
   WHERE l.endpoint_id = x.endpoint_id AND l.stream_id = x.stream_id`,
);
const STAYS = statement(`${SAVES.text} RETURNING l.endpoint_id, l.stream_id, l.relied_by`);
/** The log has something for the lane after its cursor, whoever wrote it, or a replay waits. The stream is locked. */
const HAS_NEWS = `EXISTS (SELECT 1 FROM replay r WHERE r.endpoint_id = x.endpoint_id AND r.stream_id = x.stream_id)
  OR s.head > x.cursor AND EXISTS (SELECT 1 FROM log g JOIN audience a ON a.id = g.audience
    WHERE g.stream_id = x.stream_id AND g.log_seq > x.cursor AND x.endpoint_id = ANY (a.endpoints))`;
/** The row goes, unless there is news, or another process counts on it that has not ended. */
const LEAVES = statement(
  `DELETE FROM lane l USING unnest($1::int8[], $2::int8[], $3::int8[]) AS x (endpoint_id, stream_id, cursor), stream s
   WHERE s.id = x.stream_id AND l.endpoint_id = x.endpoint_id AND l.stream_id = x.stream_id AND NOT (${HAS_NEWS})
     AND (l.relied_by IN (0, $4) OR l.relied_by > 0 AND NOT EXISTS (SELECT 1 FROM process p WHERE p.id = l.relied_by))`,
);
/** The same for rows that another process counts on: the stream says that they have gone. */
const LEAVES_ALL = statement(
  `WITH gone AS (DELETE FROM lane l USING unnest($1::int8[], $2::int8[], $3::int8[]) AS x (endpoint_id, stream_id, cursor), stream s
     WHERE s.id = x.stream_id AND l.endpoint_id = x.endpoint_id AND l.stream_id = x.stream_id AND NOT (${HAS_NEWS})
     RETURNING l.endpoint_id, l.stream_id),
   moved AS (UPDATE stream s SET lanes = lanes + 1 WHERE s.id IN (SELECT stream_id FROM gone) RETURNING s.id, s.lanes)
   SELECT gone.*, moved.lanes FROM gone JOIN moved ON moved.id = gone.stream_id`,
);
const REMOVES = statement(
  `DELETE FROM lane l USING unnest($1::int8[], $2::int8[]) AS x (endpoint_id, stream_id)
   WHERE l.endpoint_id = x.endpoint_id AND l.stream_id = x.stream_id`,
);
const HASTENS = statement(
  `UPDATE lane l SET due_at = x.due_at FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS x (endpoint_id, stream_id, due_at)
   WHERE l.endpoint_id = x.endpoint_id AND l.stream_id = x.stream_id AND l.due_at > x.due_at`,
);

interface Claim extends LaneKey {
  readonly cursor: number;
  readonly dueAt: number;
  /** The process that will count on the row; 0: none. */
  readonly reliedBy: number;
}

const CLAIM: Write<Claim> = {
  table: 'lane',
  call: (items) =>
    call(
      CLAIMS,
      ...keysOf(items),
      int8s(items.map(({ cursor }) => cursor)),
      dues(items),
      int8s(items.map(({ reliedBy }) => reliedBy)),
    ),
};
interface Leaving extends LaneKey {
  readonly cursor: number;
  readonly process: number;
}

const leaving = (items: readonly Leaving[]) => [...keysOf(items), int8s(items.map(({ cursor }) => cursor))];
const LEAVE: Write<Leaving> = {
  table: 'lane',
  call: (items) => call(LEAVES, ...leaving(items), items[0]?.process ?? 0),
};
const LEAVE_ALL: Write<Leaving> = {
  table: 'lane',
  call: (items) => call(LEAVES_ALL, ...leaving(items)),
};
const STAY: Write<LaneRow> = {
  table: 'lane',
  call: (items) => call(STAYS, ...laneColumns(items)),
};
const SAVE: Write<LaneRow> = {
  table: 'lane',
  replaces: true,
  call: (items) => call(SAVES, ...laneColumns(items)),
};
const REMOVE: Write<LaneKey> = {
  table: 'lane',
  replaces: true,
  call: (items) => call(REMOVES, ...keysOf(items)),
};
const HASTEN: Write<LaneKey & { readonly dueAt: number }> = {
  table: 'lane',
  call: (items) => call(HASTENS, ...keysOf(items), dues(items)),
};

/** A lane of another process's that was found behind for so long is counted on, and not claimed with each batch. */
const BEHIND_FOR_LONG_MS = 2_000;
/** Lanes of other processes that were found behind; about 100 bytes each. */
const FOUND_BEHIND = 100_000;

/** What writing a batch has told of its lanes. */
export interface LanesTold {
  /** Lanes that had their row already, by `keyOf`. */
  readonly standing: ReadonlySet<string>;
  /** Lanes that were to lose their row, and keep it, for there is news. */
  readonly kept: ReadonlySet<string>;
}

/**
 * Lanes that are behind. A lane that has caught up has no row. That a row is there is remembered, or each message would look for one at
 * a hundred dead endpoints; who takes a row away that another process may remember moves `stream.lanes` on.
 */
export class Lanes implements Memory {
  /** Generation of this process. */
  process = 0;
  /** Lanes of this stream are worked on by this process: mostly right is good enough. */
  owns: (streamId: number) => boolean = () => true;
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #groups: Groups;
  /** By endpoint, and the number under which the stream's rows are remembered. */
  readonly #behind = new LanesBehind();
  /** Since when, in unix ms. */
  readonly #found = new BoundedMap<string, number>(FOUND_BEHIND);
  /** Lanes whose rows another process counts on. */
  readonly #relied = new BoundedMap<string, true>(FOUND_BEHIND);
  /** What this pass has made of lanes; `null`: no row any more. */
  readonly #changed = new Map<string, LaneRow | null>();
  readonly #claimed = new Map<string, Claim>();
  readonly #leaving = new Set<string>();
  readonly #streams = new Set<number>();
  #told: LanesTold | undefined;
  #stayed: readonly Row[] = [];
  #gone: readonly Row[] = [];

  constructor(questions: Questions, writes: Writes, groups: Groups) {
    this.#questions = questions;
    this.#writes = writes;
    this.#groups = groups;
  }

  /** Streams whose lanes this pass changes. */
  get streams(): ReadonlySet<number> {
    return this.#streams;
  }

  /**
   * An idle lane falls behind: makes its row. False when it is known to have had one; true is not certain before the batch is
   * written, see `told`.
   */
  fallBehind(endpointId: number, streamId: number, cursor: number, dueAt: number): boolean {
    const key = keyOf(endpointId, streamId);
    const changed = this.#changed.get(key);
    if (changed !== undefined && changed !== null) return false;
    const state = this.#groups.remembered(streamId);
    if (changed === undefined && state !== undefined && this.#behind.has(endpointId, state.rows)) {
      this.#groups.relyOnLanes(streamId);
      return false;
    }
    const relies = state !== undefined && (this.owns(streamId) || this.#isLongBehind(key, dueAt));
    const claim = { endpointId, streamId, cursor, dueAt, reliedBy: relies ? this.process : 0 };
    this.#changed.set(key, { endpointId, streamId, cursor, acked: [], retries: [], dueAt });
    this.#claimed.set(key, claim);
    this.#put(CLAIM, claim);
    return true;
  }

  /** Makes a waiting lane due earlier. */
  hasten(endpointId: number, streamId: number, dueAt: number): void {
    const key = keyOf(endpointId, streamId);
    const changed = this.#changed.get(key);
    if (changed && changed.dueAt > dueAt) this.#changed.set(key, { ...changed, dueAt });
    this.#put(HASTEN, { endpointId, streamId, dueAt });
  }

  get({ endpointId, streamId }: LaneKey): LaneRow | undefined {
    const changed = this.#changed.get(keyOf(endpointId, streamId));
    if (changed !== undefined) return changed ?? undefined;
    return this.#questions.ask(LANE, endpointId, streamId) ?? undefined;
  }

  due({ endpointId, now, limit, longestWaitMs, partitions }: DueLanesQuery): DueLanes {
    const latest = longestWaitMs === undefined ? Number.MAX_SAFE_INTEGER : now + longestWaitMs;
    const where: Where =
      partitions === undefined ? EVERYWHERE : [`{${partitions.held.join()}}`, partitions.of];
    const lanes = [...this.#questions.ask(DUE, endpointId, now, limit, ...where)];
    const next = this.#questions.ask(NEXT_DUE, endpointId, now, latest, ...where);
    if (longestWaitMs !== undefined && lanes.length < limit)
      lanes.push(
        ...this.#questions
          .ask(DUE_BEYOND, endpointId, latest, limit, ...where)
          .slice(0, limit - lanes.length),
      );
    return next === null ? { lanes } : { lanes, nextDueAt: next };
  }

  save(lane: LaneRow): void {
    const key = keyOf(lane.endpointId, lane.streamId);
    if (this.#changed.has(key)) this.#changed.set(key, lane);
    this.#put(SAVE, lane);
  }

  /** The lane has caught up as far as is remembered: its row goes, unless there is news, see `told`. */
  catchUp(lane: LaneRow): void {
    const { endpointId, streamId, cursor, acked, retries, dueAt } = lane;
    const key = keyOf(endpointId, streamId);
    this.#changed.set(key, null);
    this.#leaving.add(key);
    const leave = this.#relied.get(key) === true ? LEAVE_ALL : LEAVE;
    this.#put(leave, { endpointId, streamId, cursor, process: this.process });
    this.#put(STAY, { endpointId, streamId, cursor, acked, retries, dueAt });
  }

  /** Whatever it has not delivered. */
  remove({ endpointId, streamId }: LaneKey): void {
    this.#changed.set(keyOf(endpointId, streamId), null);
    this.#put(REMOVE, { endpointId, streamId });
  }

  /** Lanes of an endpoint, whether they are due or not. */
  page(endpointId: number, limit: number): LaneRow[] {
    return [...this.#questions.ask(PAGE, endpointId, limit)];
  }

  /** Lanes of an endpoint that are behind, counted up to `limit`. */
  countBehind(endpointId: number, limit: number): number {
    return this.#questions.ask(BEHIND, endpointId, limit);
  }

  /** After the batch was written; `results` are those of its writes. Without them nothing is certain. */
  told(results: readonly Row[][] | undefined): LanesTold {
    const keysIn = (rows: readonly Row[]) => rows.map((row) => `${row.endpoint_id}/${row.stream_id}`);
    if (results === undefined) {
      this.#told = { standing: new Set(this.#claimed.keys()), kept: this.#leaving };
    } else {
      const made = new Set(keysIn(this.#writes.returned(CLAIM, results).filter((row) => row.made === true)));
      const standing = new Set([...this.#claimed.keys()].filter((key) => !made.has(key)));
      const kept = this.#writes.returned(STAY, results);
      this.#stayed = kept;
      this.#gone = this.#writes.returned(LEAVE_ALL, results);
      this.#told = { standing, kept: new Set(keysIn(kept)) };
    }
    return this.#told;
  }

  discard(): void {
    this.#changed.clear();
    this.#claimed.clear();
    this.#leaving.clear();
    this.#streams.clear();
    this.#told = undefined;
    this.#stayed = [];
    this.#gone = [];
  }

  keep(): void {
    for (const [key, { endpointId, streamId, reliedBy, dueAt }] of this.#claimed) {
      const rows = this.#groups.remembered(streamId)?.rows;
      const isStanding = this.#told?.standing.has(key) === true;
      if (!isStanding) this.#found.delete(key);
      else if (reliedBy === 0 && this.#found.get(key) === undefined) this.#found.set(key, dueAt);
      if (reliedBy !== 0 && rows !== undefined && this.#changed.get(key) !== null)
        this.#behind.add(endpointId, rows);
    }
    for (const { endpoint_id, stream_id, relied_by } of this.#stayed)
      if (relied_by !== 0 && relied_by !== this.process)
        this.#relied.set(`${endpoint_id}/${stream_id}`, true);
    for (const { endpoint_id, stream_id, lanes } of this.#gone) {
      this.#relied.delete(`${endpoint_id}/${stream_id}`);
      this.#groups.movedLanes(Number(stream_id), Number(lanes));
    }
    for (const [key, row] of this.#changed) {
      if (row !== null) continue;
      const [endpointId = 0, streamId = 0] = key.split('/').map(Number);
      this.#behind.delete(endpointId, this.#groups.remembered(streamId)?.rows ?? 0);
    }
    this.discard();
  }

  forget(): void {
    this.discard();
    this.#behind.clear();
    this.#found.clear();
    this.#relied.clear();
  }

  #isLongBehind(key: string, now: number): boolean {
    return now - (this.#found.get(key) ?? now) >= BEHIND_FOR_LONG_MS;
  }

  #put<Item extends LaneKey>(write: Write<Item>, item: Item): void {
    this.#streams.add(item.streamId);
    this.#writes.put(write, keyOf(item.endpointId, item.streamId), item);
  }
}

function laneColumns(items: readonly LaneRow[]): Buffer[] {
  return [
    ...keysOf(items),
    int8s(items.map(({ cursor }) => cursor)),
    dues(items),
    texts(items.map(({ acked }) => (acked.length === 0 ? null : JSON.stringify(acked)))),
    texts(items.map(({ retries }) => (retries.length === 0 ? null : JSON.stringify(retries)))),
  ];
}

export function keyOf(endpointId: number, streamId: number): string {
  return `${endpointId}/${streamId}`;
}

export function laneOf(row: Row): LaneRow {
  const acked = row.acked as string | null;
  const retries = row.retries as string | null;
  return {
    endpointId: row.endpoint_id as number,
    streamId: row.stream_id as number,
    cursor: row.cursor as number,
    acked: acked === null ? [] : (JSON.parse(acked) as number[]),
    retries: retries === null ? [] : (JSON.parse(retries) as RetryState[]),
    dueAt: row.due_at as number,
  };
}

export function keysOf(items: readonly LaneKey[]): [Buffer, Buffer] {
  return [int8s(items.map(({ endpointId }) => endpointId)), int8s(items.map(({ streamId }) => streamId))];
}

function dues(items: readonly { readonly dueAt: number }[]): Buffer {
  return int8s(items.map(({ dueAt }) => dueAt));
}
