import type { GroupState } from '../sqlite/groups.ts';
import { int8s } from './arrays.ts';
import { type Call, call, type Row, rowAs, statement } from './statement.ts';

/**
 * Who writes about a stream has locked it: appended events, lanes, members. Locks are taken in one order, first of all, so that no two
 * transactions wait for each other; and given in the order in which they were asked for, so that nobody starves. The upper bits of
 * the key are the schema's, for others may share the database. `ids` is the parameter with `streamIds`.
 */
export const lockOf = (ids: string): string =>
  `(SELECT count(pg_advisory_xact_lock(x.id + (SELECT (current_schema()::text::regnamespace::oid::int8 % 4194304) << 40)))
   FROM unnest(${ids}::int8[]) AS x (id)) AS locked`;
const LOCK = statement(`SELECT ${lockOf('$1')}`);
const COLUMNS = 'id, version, head, lanes, last_time, trim_at, next_msg_seq, last_msg_time, active, rate';
const NOW = statement(`SELECT ${COLUMNS} FROM stream WHERE id = ANY ($1::int8[])`);

/** `trim_at` is set by the first event alone; later it is the trimmer's. */
const CHANGE = statement(
  `UPDATE stream s SET last_time = x.last_time, trim_at = coalesce(s.trim_at, x.last_time), next_msg_seq = x.next_msg_seq,
     last_msg_time = x.last_msg_time, active = x.active = 1, rate = x.rate, version = x.version + x.moved,
     head = CASE WHEN s.version = x.version AND s.head = x.was_head AND s.lanes = coalesce(x.lanes, s.lanes) THEN x.head
       ELSE refuse('stream') END
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::int8[],
     $11::int8[]) AS x (id, head, last_time, next_msg_seq, last_msg_time, active, rate, moved, version, was_head, lanes)
   WHERE s.id = x.id`,
);
const CHECK = statement(
  `SELECT CASE WHEN count(*) = array_length($1::int8[], 1) THEN 0 ELSE refuse('stream') END
   FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS x (id, version, head)
   JOIN stream s ON s.id = x.id AND s.version = x.version AND s.head = x.head`,
);

/** What is remembered of a stream's row, to be compared with it. */
export interface StreamRow {
  readonly id: number;
  readonly version: number;
  readonly head: number;
  readonly lanes: number;
  readonly last_time: number;
  readonly trim_at: number | null;
  readonly next_msg_seq: number;
  readonly last_msg_time: number;
  readonly active: boolean;
  readonly rate: number;
}

/** A stream as a pass has found it. `lanes`: null unless the pass counts on rows of lanes. */
export interface Found {
  readonly version: number;
  readonly head: number;
  readonly lanes: number | null;
}

export interface StreamChange {
  readonly state: GroupState;
  readonly found: Found;
  /** Something besides messages has changed. */
  readonly moved: boolean;
}

/** In the order of their locks. */
export function streamIds(ids: Iterable<number>): Buffer {
  return int8s([...new Set(ids)].sort((a, b) => a - b));
}

export function lockStreams(ids: Iterable<number>): Call {
  return call(LOCK, streamIds(ids));
}

export function streamsNow(ids: readonly number[]): Call {
  return call(NOW, int8s(ids));
}

export function streamRows(rows: readonly Row[]): StreamRow[] {
  return rows.map(rowAs<StreamRow>);
}

/** Writes them, unless one is not as it was found: then refuses as `stream`. */
export function changeStreams(changes: readonly StreamChange[]): Call {
  return call(
    CHANGE,
    ...hotColumns(changes.map(({ state }) => state)),
    int8s(changes.map(({ moved }) => (moved ? 1 : 0))),
    int8s(changes.map(({ found }) => found.version)),
    int8s(changes.map(({ found }) => found.head)),
    int8s(changes.map(({ found }) => found.lanes)),
  );
}

/** Refuses as `stream` unless they are as they were found. */
export function checkStreams(streams: readonly (Found & { readonly id: number })[]): Call {
  return call(
    CHECK,
    int8s(streams.map(({ id }) => id)),
    int8s(streams.map(({ version }) => version)),
    int8s(streams.map(({ head }) => head)),
  );
}

/** What every event may change, beginning with the id. */
export function hotColumns(states: readonly GroupState[]): Buffer[] {
  return [
    int8s(states.map(({ group }) => group.streamId)),
    int8s(states.map(({ head }) => head)),
    int8s(states.map(({ lastTime }) => lastTime)),
    int8s(states.map(({ group }) => group.nextMsgSeq)),
    int8s(states.map(({ group }) => group.lastMsgTime)),
    int8s(states.map(({ group }) => (group.active ? 1 : 0))),
    int8s(states.map(rateOf)),
  ];
}

const COUNTS = 2 ** 20;

function rateOf({ rateSecond, rateCount }: GroupState): number {
  return rateSecond * COUNTS + Math.min(rateCount, COUNTS - 1);
}

export function readRate(rate: number): Pick<GroupState, 'rateSecond' | 'rateCount'> {
  return { rateSecond: Math.floor(rate / COUNTS), rateCount: rate % COUNTS };
}
