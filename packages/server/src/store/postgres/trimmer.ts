import type { Rules } from '../../domain/rules.ts';
import type { ResultMap, Trim } from '../commands.ts';
import { RANGE_MS } from '../sqlite/outcomes.ts';
import { earlier, MESSAGE_DETAILS, messageWindowOf, nextLook } from '../sqlite/trimmer.ts';
import { int8s } from './arrays.ts';
import { PURGED as PURGED_TABLES } from './member-writes.ts';
import { type Call, call, type Row, statement } from './statement.ts';
import { lockStreams } from './streams.ts';

const STREAMS_PER_PAGE = 64;
/** Streams that are trimmed in one round trip; they share what is left of the page. */
const TOGETHER = 8;

const STREAMS = statement(
  `SELECT s.id, s.head, g.app, g.group_id AS "groupId" FROM stream s LEFT JOIN chat_group g ON g.stream_id = s.id
   WHERE s.trim_at <= $1 ORDER BY s.trim_at, s.id LIMIT $2`,
);
const OPEN_LETTERS = 'SELECT count(*) FROM dead_letter d WHERE d.stream_id = $1 AND d.replayed_at IS NULL';
/** What a dead letter pins stays in front of the page, so the page reaches further by as much. */
const TRIM_LOG = statement(
  `WITH page AS (SELECT log_seq FROM log WHERE stream_id = $1 ORDER BY log_seq LIMIT $3 + (${OPEN_LETTERS})),
   gone AS (DELETE FROM log l USING page WHERE l.stream_id = $1 AND l.log_seq = page.log_seq AND l.time < $2
     AND l.log_seq <= coalesce(least((SELECT min(cursor) FROM lane WHERE stream_id = $1),
       (SELECT min(next_seq) - 1 FROM replay WHERE stream_id = $1)), 9223372036854775807)
     AND NOT EXISTS (SELECT 1 FROM dead_letter d
       WHERE d.stream_id = l.stream_id AND d.log_seq = l.log_seq AND d.replayed_at IS NULL) RETURNING 1)
   SELECT count(*) AS n FROM gone`,
);
const FIRST_ROW = statement('SELECT time FROM log WHERE stream_id = $1 ORDER BY log_seq LIMIT 1');
const TRIM_MESSAGES = statement(
  `WITH page AS (SELECT msg_seq FROM message WHERE stream_id = $1 ORDER BY msg_seq LIMIT $3 + (${OPEN_LETTERS})),
   gone AS (DELETE FROM message m USING page WHERE m.stream_id = $1 AND m.msg_seq = page.msg_seq AND m.time < $2
     AND NOT EXISTS (SELECT 1 FROM log l WHERE l.stream_id = m.stream_id AND l.log_seq = m.log_seq) RETURNING 1)
   SELECT count(*) AS n FROM gone`,
);
const FIRST_MESSAGE = statement('SELECT time FROM message WHERE stream_id = $1 ORDER BY msg_seq LIMIT 1');
const TRIM_DETAILS = MESSAGE_DETAILS.map((table) =>
  statement(
    `DELETE FROM ${table} t WHERE t.stream_id = ANY ($1::int8[])
     AND t.msg_seq < coalesce((SELECT min(m.msg_seq) FROM message m WHERE m.stream_id = t.stream_id), 9223372036854775807)`,
  ),
);
/** A stream that was written to since it was looked at is looked at again. */
const SET_TRIM_AT = statement(
  `UPDATE stream s SET trim_at = x.at FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS x (id, at, head)
   WHERE s.id = x.id AND s.head = x.head`,
);
const TRIM_ATTEMPTS = statement(
  `WITH gone AS (DELETE FROM attempt WHERE id IN (SELECT id FROM attempt a WHERE last_at < $1
     AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.stream_id = a.stream_id AND d.log_seq = a.log_seq
       AND d.endpoint_id = a.endpoint_id AND d.replayed_at IS NULL) LIMIT $2) RETURNING 1)
   SELECT count(*) AS n FROM gone`,
);
const TRIM_DELIVERED = statement(
  `WITH gone AS (DELETE FROM delivered WHERE (endpoint_id, stream_id, from_seq, first_at) IN
     (SELECT endpoint_id, stream_id, from_seq, first_at FROM delivered WHERE first_at < $1 LIMIT $2) RETURNING 1)
   SELECT count(*) AS n FROM gone`,
);
const TO_PURGE = statement(
  'SELECT stream_id FROM chat_group WHERE destroyed_at IS NOT NULL AND member_num > 0 LIMIT 1',
);
const PURGE = (table: string) =>
  statement(
    `WITH gone AS (DELETE FROM ${table} WHERE (stream_id, user_id) IN
       (SELECT stream_id, user_id FROM ${table} WHERE stream_id = $1 LIMIT $2) RETURNING 1) SELECT count(*) AS n FROM gone`,
  );
const PURGES = PURGED_TABLES.map(PURGE);
const PURGED = statement(
  `UPDATE chat_group SET member_num = CASE WHEN $1::int8 < $2::int8 THEN 0 ELSE greatest(1, member_num - $1::int8) END WHERE stream_id = $3`,
);
const PURGE_CHAINS = statement(
  `WITH gone AS (DELETE FROM chain WHERE (endpoint_id, stream_id) IN
     (SELECT c.endpoint_id, c.stream_id FROM endpoint e JOIN chain c ON c.endpoint_id = e.id
      WHERE e.deleted_at IS NOT NULL LIMIT $1) RETURNING 1) SELECT count(*) AS n FROM gone`,
);

type Run = (...calls: Call[]) => Promise<Row[][]>;

interface Trimmed {
  readonly id: number;
  readonly logRows: number;
  readonly messages: number;
  readonly next: number | null;
}

/** A stream and how long its messages are kept. */
interface Windowed {
  readonly id: number;
  readonly messageWindowMs: number;
}

function windowed(command: Trim, { id, app, groupId }: Row): Windowed {
  const group = groupId === null ? undefined : { app: app as number, groupId: groupId as string };
  return { id: id as number, messageWindowMs: messageWindowOf(command, group) };
}

export interface TrimDone {
  readonly result: ResultMap['trim'];
  /** What the transaction ends with: it locks streams, which others wait for. */
  readonly last: readonly Call[];
}

/** Deletes one page of what is no longer needed, in the transaction of `run`; see the trimmer of the SQLite store. */
export async function trim(rules: Rules, command: Trim, run: Run): Promise<TrimDone> {
  const { now, replayWindowMs, limit } = command;
  const [streams = []] = await run(call(STREAMS, now, STREAMS_PER_PAGE));
  const trimmed: Trimmed[] = [];
  const sum = (of: (one: Trimmed) => number) => trimmed.reduce((all, one) => all + of(one), 0);
  const rows = () => sum((one) => one.logRows + one.messages);
  for (let at = 0; at < streams.length; at += TOGETHER) {
    const some = streams.slice(at, at + TOGETHER).map((row) => windowed(command, row));
    const each = Math.max(1, Math.ceil((limit - rows()) / some.length));
    trimmed.push(...(await trimStreams(rules, some, command, each, run)));
  }
  const shortened = trimmed.filter((one) => one.messages > 0).map(({ id }) => id);
  if (shortened.length > 0) await run(...TRIM_DETAILS.map((details) => call(details, int8s(shortened))));
  const kept = now - replayWindowMs;
  const [attempts, delivered] =
    replayWindowMs === 0
      ? []
      : await run(call(TRIM_ATTEMPTS, kept, limit), call(TRIM_DELIVERED, kept - RANGE_MS, limit));
  const others = count(attempts) + count(delivered);
  const [chains] = await run(call(PURGE_CHAINS, limit));
  const purged = (await purgeMembers(limit, run)) + count(chains);
  const more = streams.length === STREAMS_PER_PAGE || [rows(), others, purged].some((n) => n >= limit);
  const heads = new Map(streams.map((row) => [row.id as number, row.head as number]));
  return {
    result: { kind: 'done', logRows: sum((one) => one.logRows), messages: sum((one) => one.messages), more },
    last: setTrimAt(trimmed, heads),
  };
}

function setTrimAt(trimmed: readonly Trimmed[], heads: ReadonlyMap<number, number>): Call[] {
  if (trimmed.length === 0) return [];
  const ids = trimmed.map(({ id }) => id);
  const next = int8s(trimmed.map((one) => one.next));
  return [lockStreams(ids), call(SET_TRIM_AT, int8s(ids), next, int8s(ids.map((id) => heads.get(id) ?? 0)))];
}

async function trimStreams(
  rules: Rules,
  streams: readonly Windowed[],
  { now, replayWindowMs }: Trim,
  limit: number,
  run: Run,
): Promise<Trimmed[]> {
  // A repeated send is recognised by its log row.
  const windowMs = Math.max(replayWindowMs, rules.dedupWindowMs);
  const logCalls = (id: number) => [call(TRIM_LOG, id, now - windowMs, limit), call(FIRST_ROW, id)];
  const messageCalls = ({ id, messageWindowMs }: Windowed) => [
    call(TRIM_MESSAGES, id, now - messageWindowMs, limit),
    call(FIRST_MESSAGE, id),
  ];
  const results = await run(
    ...streams.flatMap((stream) => [
      ...(replayWindowMs > 0 ? logCalls(stream.id) : []),
      ...(stream.messageWindowMs > 0 ? messageCalls(stream) : []),
    ]),
  );
  return streams.map(({ id, messageWindowMs }) => {
    let next: number | null = null;
    const take = (windowOf: number): number => {
      const gone = count(results.shift());
      const first = results.shift()?.[0]?.time as number | undefined;
      if (first !== undefined) next = earlier(next, nextLook(first + windowOf, gone > 0, now));
      return gone;
    };
    const logRows = replayWindowMs > 0 ? take(windowMs) : 0;
    const messages = messageWindowMs > 0 ? take(messageWindowMs) : 0;
    return { id, logRows, messages, next };
  });
}

/** Members, mutes and bans of one disbanded group that still has some. */
async function purgeMembers(limit: number, run: Run): Promise<number> {
  const [[group] = []] = await run(call(TO_PURGE));
  if (group === undefined) return 0;
  const streamId = group.stream_id as number;
  let gone = 0;
  for (const purge of PURGES) {
    const [rows] = await run(call(purge, streamId, limit - gone));
    gone += count(rows);
  }
  await run(call(PURGED, gone, limit, streamId));
  return gone;
}

function count(rows: readonly Row[] | undefined): number {
  return Number(rows?.[0]?.n ?? 0);
}
