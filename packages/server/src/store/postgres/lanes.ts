import type { LaneKey, LaneRow, RetryState } from '../lanes.ts';
import { LanesBehind } from '../sqlite/lanes-behind.ts';
import type { DueLanes, DueLanesQuery } from '../store.ts';
import { int8s, texts } from './arrays.ts';
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

const CLAIMS = statement(
  `INSERT INTO lane (endpoint_id, stream_id, cursor, due_at)
   SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[])
   ON CONFLICT DO NOTHING RETURNING endpoint_id, stream_id`,
);
const SAVES = statement(
  `UPDATE lane l SET cursor = x.cursor, due_at = x.due_at, acked = x.acked, retries = x.retries
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::text[], $6::text[])
     AS x (endpoint_id, stream_id, cursor, due_at, acked, retries)
   WHERE l.endpoint_id = x.endpoint_id AND l.stream_id = x.stream_id`,
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
}

export const CLAIM: Write<Claim> = {
  table: 'lane',
  call: (items) => call(CLAIMS, ...keysOf(items), int8s(items.map(({ cursor }) => cursor)), dues(items)),
};
const SAVE: Write<LaneRow> = {
  table: 'lane',
  replaces: true,
  call: (items) =>
    call(
      SAVES,
      ...keysOf(items),
      int8s(items.map(({ cursor }) => cursor)),
      dues(items),
      texts(items.map(({ acked }) => (acked.length === 0 ? null : JSON.stringify(acked)))),
      texts(items.map(({ retries }) => (retries.length === 0 ? null : JSON.stringify(retries)))),
    ),
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

/** Lanes that are behind. A lane that has caught up has no row. */
export class Lanes implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  readonly #behind = new LanesBehind();
  /** What this pass has made of lanes; `null`: no row any more. */
  readonly #changed = new Map<string, LaneRow | null>();
  readonly #claimed = new Map<string, LaneKey>();

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  /**
   * An idle lane falls behind: makes its row. False when it is known to have had one; true is not certain before the batch is
   * written, see `standing`.
   */
  fallBehind(endpointId: number, streamId: number, cursor: number, dueAt: number): boolean {
    const key = keyOf(endpointId, streamId);
    const changed = this.#changed.get(key);
    if (changed ?? (changed === undefined && this.#behind.has(endpointId, streamId))) return false;
    this.#changed.set(key, { endpointId, streamId, cursor, acked: [], retries: [], dueAt });
    this.#claimed.set(key, { endpointId, streamId });
    this.#writes.put(CLAIM, key, { endpointId, streamId, cursor, dueAt });
    return true;
  }

  /** Makes a waiting lane due earlier. */
  hasten(endpointId: number, streamId: number, dueAt: number): void {
    const key = keyOf(endpointId, streamId);
    const changed = this.#changed.get(key);
    if (changed && changed.dueAt > dueAt) this.#changed.set(key, { ...changed, dueAt });
    this.#writes.put(HASTEN, key, { endpointId, streamId, dueAt });
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
    this.#writes.put(SAVE, key, lane);
  }

  remove({ endpointId, streamId }: LaneKey): void {
    const key = keyOf(endpointId, streamId);
    this.#changed.set(key, null);
    this.#writes.put(REMOVE, key, { endpointId, streamId });
  }

  /** Lanes of an endpoint, whether they are due or not. */
  page(endpointId: number, limit: number): LaneRow[] {
    return [...this.#questions.ask(PAGE, endpointId, limit)];
  }

  /** Lanes of an endpoint that are behind, counted up to `limit`. */
  countBehind(endpointId: number, limit: number): number {
    return this.#questions.ask(BEHIND, endpointId, limit);
  }

  /** Of the lanes whose row this pass made, those that had one already: `returned` are the rows of CLAIM. */
  standing(returned: readonly Row[]): ReadonlySet<string> {
    const made = new Set(returned.map((row) => `${row.endpoint_id}/${row.stream_id}`));
    return new Set([...this.#claimed.keys()].filter((key) => !made.has(key)));
  }

  discard(): void {
    this.#changed.clear();
    this.#claimed.clear();
  }

  keep(): void {
    for (const [key, { endpointId, streamId }] of this.#claimed)
      if (this.#changed.get(key) !== null) this.#behind.add(endpointId, streamId);
    for (const [key, row] of this.#changed) {
      if (row !== null) continue;
      const [endpointId, streamId] = key.split('/').map(Number);
      this.#behind.delete(endpointId ?? 0, streamId ?? 0);
    }
    this.discard();
  }

  forget(): void {
    this.discard();
    this.#behind.clear();
  }
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
