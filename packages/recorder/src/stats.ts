import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { collectHoles, type Holes } from './holes.ts';
import type { Inbox } from './inbox.ts';
import { zoneOffset } from './time-zone.ts';

export interface StatsOptions {
  /** IANA time zone of days and hours; default UTC. */
  readonly tz?: string | undefined;
  /** Rows per list at most; default 1000. Groups, senders and types: the most busy. Days and hours: the latest. */
  readonly limit?: number | undefined;
}

/** Messages and the different people who sent them. */
export interface Count {
  readonly messages: number;
  readonly senders: number;
}

/** What an inbox holds. Copies are not messages; times are unix milliseconds. A user of two apps counts as two senders. */
export interface Stats {
  readonly tz: string;
  readonly totals: Count & {
    readonly groups: number;
    /** Copies that were dropped. */
    readonly duplicates: number;
    readonly onlineOnly: number;
    /** When the first and the last message were recorded; absent in an empty inbox. */
    readonly firstAt?: number;
    readonly lastAt?: number;
  };
  /** By messages, most first. */
  readonly groups: readonly (Count & { readonly app: number; readonly groupId: string })[];
  /** By messages, most first. */
  readonly senders: readonly {
    readonly app: number;
    readonly sender: string;
    readonly messages: number;
    readonly groups: number;
  }[];
  /** Messages with at least one element of the type: one with several types counts once for each. */
  readonly types: readonly { readonly type: string; readonly messages: number }[];
  /** By `MsgTime` in `tz`, as `2026-11-21`, latest first. */
  readonly days: readonly (Count & { readonly day: string })[];
  /** The same as `2026-11-21 08:00`. */
  readonly hours: readonly (Count & { readonly hour: string })[];
  readonly delay: Delay;
  readonly holes: Holes;
  /** What happened to groups besides, by kind, most first. */
  readonly events: readonly { readonly kind: string; readonly events: number }[];
}

/**
 * From `EventTime` at the sender to recorded here, in milliseconds by both clocks (so a clock that is off shows). Messages
 * without `EventTime` and replays do not count. Percentiles are nearest-rank; absent without samples.
 */
export interface Delay {
  readonly samples: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
}

const DEFAULT_LIMIT = 1000;
const SENDER = "app || ' ' || sender";

type Row = { readonly [column: string]: unknown };
type Query = (sql: string, ...values: SQLInputValue[]) => Row[];

/** Counts what an inbox holds, in SQL. Takes about a second per million messages, and the calling thread with it. */
export function collectStats(inbox: Pick<Inbox, 'db'>, options: StatsOptions = {}): Stats {
  const { tz = 'UTC', limit = DEFAULT_LIMIT } = options;
  const { db } = inbox;
  db.function('tz_offset', { deterministic: true }, ofNumber(zoneOffset(tz)));
  const query: Query = (sql, ...values) => db.prepare(sql).all(...values);
  return inOneSnapshot(db, () => ({
    tz,
    totals: totals(query),
    groups: groups(query, limit),
    senders: senders(query, limit),
    types: types(query, limit),
    days: perTime(query, '%Y-%m-%d', limit).map(({ at, ...count }) => ({ day: at, ...count })),
    hours: perTime(query, '%Y-%m-%d %H:00', limit).map(({ at, ...count }) => ({ hour: at, ...count })),
    delay: delay(query),
    holes: collectHoles(db, limit),
    events: events(query, limit),
  }));
}

function ofNumber(offset: (unixSeconds: number) => number): (value: unknown) => number {
  return (value) => offset(Number(value));
}

/** The lists must agree with each other while another thread records. */
function inOneSnapshot<T>(db: DatabaseSync, read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('COMMIT');
  }
}

function totals(query: Query): Stats['totals'] {
  const [row = {}] = query(`
    SELECT count(*) AS messages, count(DISTINCT ${SENDER}) AS senders, total(copies) AS duplicates,
      total(online_only) AS online_only, min(recorded_at) AS first_at, max(recorded_at) AS last_at FROM message`);
  const [groupRow = {}] = query('SELECT count(*) AS n FROM (SELECT DISTINCT app, group_id FROM message)');
  return {
    ...countOf(row),
    groups: Number(groupRow.n),
    duplicates: Number(row.duplicates),
    onlineOnly: Number(row.online_only),
    ...(row.first_at !== null && { firstAt: Number(row.first_at), lastAt: Number(row.last_at) }),
  };
}

function groups(query: Query, limit: number): Stats['groups'] {
  const rows = query(
    `SELECT app, group_id, count(*) AS messages, count(DISTINCT sender) AS senders FROM message
     GROUP BY app, group_id ORDER BY messages DESC, app, group_id LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({ app: Number(row.app), groupId: String(row.group_id), ...countOf(row) }));
}

function senders(query: Query, limit: number): Stats['senders'] {
  const rows = query(
    `SELECT app, sender, count(*) AS messages, count(DISTINCT group_id) AS groups FROM message
     GROUP BY app, sender ORDER BY messages DESC, app, sender LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({
    app: Number(row.app),
    sender: String(row.sender),
    messages: Number(row.messages),
    groups: Number(row.groups),
  }));
}

function types(query: Query, limit: number): Stats['types'] {
  const rows = query(
    `SELECT element.value AS element_type, count(*) AS messages FROM message, json_each(message.types) AS element
     GROUP BY element_type ORDER BY messages DESC, element_type LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({ type: String(row.element_type), messages: Number(row.messages) }));
}

function perTime(query: Query, format: string, limit: number): (Count & { readonly at: string })[] {
  const rows = query(
    `SELECT coalesce(strftime('${format}', msg_time + tz_offset(msg_time), 'unixepoch'), 'beyond the calendar') AS at,
       count(*) AS messages, count(DISTINCT ${SENDER}) AS senders FROM message
     GROUP BY at ORDER BY at DESC LIMIT ?`,
    limit,
  );
  return rows.map((row) => ({ at: String(row.at), ...countOf(row) }));
}

function delay(query: Query): Delay {
  const delays =
    'SELECT recorded_at - event_time AS d FROM message WHERE event_time IS NOT NULL AND replay = 0';
  const [row = {}] = query(`SELECT count(*) AS samples, max(d) AS d FROM (${delays})`);
  const samples = Number(row.samples);
  if (samples === 0) return { samples };
  const percentile = (share: number): number => {
    const [found] = query(`${delays} ORDER BY d LIMIT 1 OFFSET ?`, Math.ceil(share * samples) - 1);
    return Number(found?.d);
  };
  return { samples, p50Ms: percentile(0.5), p99Ms: percentile(0.99), maxMs: Number(row.d) };
}

function events(query: Query, limit: number): Stats['events'] {
  const rows = query(
    'SELECT kind, count(*) AS events FROM event GROUP BY kind ORDER BY events DESC, kind LIMIT ?',
    limit,
  );
  return rows.map((row) => ({ kind: String(row.kind), events: Number(row.events) }));
}

function countOf(row: Row): Count {
  return { messages: Number(row.messages), senders: Number(row.senders) };
}
