import {
  type AttemptRow,
  type AttemptsQuery,
  type AuditRow,
  type DeadLetterRow,
  type DeadLettersQuery,
  type DeliveryRow,
  type JobRow,
  LAG_COUNT_LIMIT,
  LANES_COUNT_LIMIT,
  type LaneStatus,
  type LanesQuery,
  type StoreStats,
} from '../pipeline-reads.ts';
import { streamsOfGroup, streamsOfTopic } from '../sqlite/streams-of-place.ts';
import type { Pool } from './pool.ts';
import { type Statement, statement } from './statement.ts';

/** Group and topic of a row of `chat_group`. */
const PLACE = `coalesce(g.topic_of, g.group_id) AS "groupId", CASE WHEN g.topic_of IS NOT NULL THEN g.group_id END AS "topicId"`;
const NAMES = 'JOIN endpoint e ON e.id = t.endpoint_id JOIN chat_group g ON g.stream_id = t.stream_id';

/**
 * There are few endpoints, and of everything else there may be millions of rows: each statement goes through the endpoints that are asked
 * for, with an index that begins with the endpoint. $1 is the app and $2 the name of an endpoint; null is any.
 */
const WANTED = '($1::int8 IS NULL OR e.app = $1) AND ($2::text IS NULL OR e.name = $2)';

const AMONG = {
  inApp: 'app = ANY (ARRAY(SELECT DISTINCT app FROM endpoint WHERE $1::int8 IS NULL OR app = $1))',
  group: '$3',
};
const among = (streams: string) => `t.endpoint_id = ANY (ARRAY(SELECT e.id FROM endpoint e WHERE ${WANTED}))
  AND t.stream_id = ANY (ARRAY(${streams}))`;
/** $3 is a group, with its topics. */
const OF_GROUP = among(streamsOfGroup(AMONG));
/** $4 is a topic, of the group $3 if that is not null. */
const OF_TOPIC = among(streamsOfTopic({ ...AMONG, topic: '$4', groupIsAny: '$3::text IS NULL' }));
/**
 * Of the endpoint `e`, to be ordered by the endpoint first: said so, the planner has no use for an index on the second column alone, which
 * leads through the rows of all others where this one has few.
 */
const OF_ENDPOINT = 't.endpoint_id >= e.id AND t.endpoint_id <= e.id';
/** Each statement takes the parameters of all. */
const UNUSED = { $3: '$3::text IS NULL', $4: '$4::text IS NULL' };

/** One statement for each way of asking where. */
interface ByPlace {
  readonly anywhere: Statement;
  readonly inGroup: Statement;
  readonly inTopic: Statement;
}

/** `newest`: of one endpoint `e`, with what else it takes to read no more than is shown. `make` gets the rows `t`. */
function byPlace(table: string, newest: string, among: string, make: (rows: string) => string): ByPlace {
  const rows = (where: string) => `(SELECT * FROM ${table} t WHERE ${where} ${among}) AS t`;
  return {
    anywhere: statement(
      make(
        `(SELECT t.* FROM endpoint e CROSS JOIN LATERAL (SELECT * FROM ${table} t WHERE ${OF_ENDPOINT} ${newest}) AS t
          WHERE ${WANTED} AND ${UNUSED.$3} AND ${UNUSED.$4}) AS t`,
      ),
    ),
    inGroup: statement(make(rows(`${OF_GROUP} AND ${UNUSED.$4}`))),
    inTopic: statement(make(rows(OF_TOPIC))),
  };
}

const LANES = byPlace(
  'lane',
  'ORDER BY t.endpoint_id, t.due_at LIMIT $5',
  '',
  (
    rows,
  ) => `SELECT t.app, t.endpoint, t."groupId", t."topicId", t.cursor, t.head, t."dueAt", t.attempts, lag.lag, lag."oldestAt" FROM (
     SELECT e.app, e.name AS endpoint, ${PLACE}, t.cursor, s.head, t.due_at AS "dueAt",
       coalesce((t.retries::json -> 0 ->> 'attempts')::int8, 0) AS attempts, t.stream_id, e.id AS endpoint_id
     FROM ${rows} ${NAMES} JOIN stream s ON s.id = t.stream_id ORDER BY t.due_at, t.stream_id LIMIT $5) AS t
   CROSS JOIN LATERAL (SELECT count(*) AS lag, min(time) AS "oldestAt" FROM (
     SELECT l.time FROM log l JOIN audience a ON a.id = l.audience
     WHERE l.stream_id = t.stream_id AND l.log_seq > t.cursor AND t.endpoint_id = ANY (a.endpoints)
     ORDER BY l.log_seq LIMIT ${LAG_COUNT_LIMIT}) AS owed) AS lag
   ORDER BY t."dueAt", t.stream_id`,
);
const ATTEMPT_OF_EVENT = 'AND ($5::int8 IS NULL OR t.log_seq = $5)';
const ATTEMPTS = byPlace(
  'attempt',
  `${ATTEMPT_OF_EVENT} ORDER BY t.endpoint_id DESC, t.id DESC LIMIT $6`,
  ATTEMPT_OF_EVENT,
  (rows) => `SELECT e.name AS endpoint, ${PLACE}, t.log_seq AS "logSeq", t.attempt, t.at,
     t.duration_ms AS "durationMs", t.verdict, t.status, t.detail, t.answer, t.count, t.last_at AS "lastAt"
   FROM ${rows} ${NAMES} ORDER BY t.id + 0 DESC LIMIT $6`,
);
const DELIVERY_OF_EVENT = 'AND ($5::int8 IS NULL OR $5 BETWEEN t.from_seq AND t.through_seq)';
const deliveries = (where: string, unindexed = '') =>
  statement(
    `SELECT e.name AS endpoint, ${PLACE}, t.from_seq AS "fromSeq", t.through_seq AS "throughSeq", t.count,
       t.first_at AS "firstAt", t.last_at AS "lastAt", t.passed_from AS "passedFrom", t.passed_through AS "passedThrough",
       t.passed_at AS "passedAt"
     FROM delivered t ${NAMES} WHERE ${where} ${DELIVERY_OF_EVENT} ORDER BY t.first_at${unindexed} DESC, t.from_seq DESC LIMIT $6`,
  );
const DELIVERIES: ByPlace = {
  // From the newest on, whoever's they are: an index by endpoint would cost every delivery.
  anywhere: deliveries(`${WANTED} AND ${UNUSED.$3} AND ${UNUSED.$4}`),
  inGroup: deliveries(`${OF_GROUP} AND ${UNUSED.$4}`, ' + 0'),
  inTopic: deliveries(OF_TOPIC, ' + 0'),
};
const letters = (open: string) =>
  statement(
    `SELECT t.id, e.app, e.name AS endpoint, ${PLACE}, t.log_seq AS "logSeq",
     coalesce((SELECT msg_seq FROM log l WHERE l.stream_id = t.stream_id AND l.log_seq = t.log_seq), 0) AS "msgSeq",
     t.reason, t.detail, t.attempts, t.first_attempt_at AS "firstAttemptAt", t.at,
     CASE WHEN NOT t.dismissed THEN t.replayed_at END AS "replayedAt", CASE WHEN t.dismissed THEN t.replayed_at END AS "dismissedAt"
   FROM endpoint e CROSS JOIN LATERAL (SELECT * FROM dead_letter t WHERE ${OF_ENDPOINT} ${open}
     ORDER BY t.endpoint_id DESC, t.id DESC LIMIT $3) AS t
   JOIN chat_group g ON g.stream_id = t.stream_id WHERE ${WANTED} ORDER BY t.id DESC LIMIT $3`,
  );
const DEAD_LETTERS = letters('');
const OPEN_DEAD_LETTERS = letters('AND t.replayed_at IS NULL');
const JOBS = statement(
  `SELECT j.id, j.kind, coalesce(e.name, '#' || j.endpoint_id) AS endpoint, j.streams_done AS "streamsDone",
     j.created_at AS "createdAt", j.finished_at AS "finishedAt"
   FROM job j LEFT JOIN endpoint e ON e.id = j.endpoint_id ORDER BY j.id DESC LIMIT 100`,
);
const AUDIT = statement(
  'SELECT id, at, actor, role, action, target, detail FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2',
);
const STATS = statement(
  `SELECT (SELECT value::int FROM confab_meta WHERE key = 'schema_version') AS "schemaVersion",
     (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
      WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind = 'r') AS "databaseBytes",
     (SELECT count(*) FROM account) AS accounts, (SELECT coalesce(sum(groups), 0) FROM group_count) AS groups`,
);
const LANES_BEHIND = statement(
  `SELECT e.app, e.name AS endpoint,
     (SELECT count(*) FROM (SELECT 1 FROM lane l WHERE l.endpoint_id = e.id LIMIT ${LANES_COUNT_LIMIT}) AS b) AS lanes,
     (SELECT min(l.due_at) FROM lane l WHERE l.endpoint_id = e.id) AS "oldestDueAt"
   FROM endpoint e WHERE e.deleted_at IS NULL ORDER BY e.id`,
);
const OPEN_LETTERS = statement(
  `SELECT e.app, e.name AS endpoint, count(*) AS open FROM dead_letter d JOIN endpoint e ON e.id = d.endpoint_id
   WHERE d.replayed_at IS NULL GROUP BY e.app, e.name ORDER BY e.app, e.name`,
);

/** What is read for the people who operate the pipeline. */
export class Overview {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async lanes(query: LanesQuery): Promise<LaneStatus[]> {
    const of = at(LANES, query);
    return (await this.#pool.rows<LaneStatus>(of, ...placeOf(query), query.limit)).map(withoutNulls);
  }

  async attempts(query: AttemptsQuery): Promise<AttemptRow[]> {
    const { logSeq = null, limit } = query;
    const rows = await this.#pool.rows<AttemptRow>(at(ATTEMPTS, query), ...placeOf(query), logSeq, limit);
    return rows.map(withoutNulls);
  }

  async deliveries(query: AttemptsQuery): Promise<DeliveryRow[]> {
    const { logSeq = null, limit } = query;
    const rows = await this.#pool.rows<DeliveryRow>(at(DELIVERIES, query), ...placeOf(query), logSeq, limit);
    return rows.map(withoutNulls);
  }

  async deadLetters({ app, endpoint, includeReplayed, limit }: DeadLettersQuery): Promise<DeadLetterRow[]> {
    const of = includeReplayed ? DEAD_LETTERS : OPEN_DEAD_LETTERS;
    return (await this.#pool.rows<DeadLetterRow>(of, app ?? null, endpoint ?? null, limit)).map(withoutNulls);
  }

  async jobs(): Promise<JobRow[]> {
    return (await this.#pool.rows<JobRow>(JOBS)).map(withoutNulls);
  }

  async auditLog(query: { readonly before?: number; readonly limit: number }): Promise<AuditRow[]> {
    return await this.#pool.rows<AuditRow>(AUDIT, query.before ?? Number.MAX_SAFE_INTEGER, query.limit);
  }

  async stats(): Promise<StoreStats> {
    const [[stats], lanesBehind, deadLetters] = await Promise.all([
      this.#pool.rows<Pick<StoreStats, 'schemaVersion' | 'databaseBytes' | 'accounts' | 'groups'>>(STATS),
      this.#pool.rows<StoreStats['lanesBehind'][number]>(LANES_BEHIND),
      this.#pool.rows<StoreStats['deadLetters'][number]>(OPEN_LETTERS),
    ]);
    const counts = stats ?? { schemaVersion: 0, databaseBytes: 0, accounts: 0, groups: 0 };
    return { ...counts, lanesBehind: lanesBehind.map(withoutNulls), deadLetters };
  }
}

type Place = Pick<AttemptsQuery, 'endpoint' | 'groupId' | 'topicId'> & { readonly app?: number };

function at({ anywhere, inGroup, inTopic }: ByPlace, { groupId, topicId }: Place): Statement {
  if (topicId !== undefined) return inTopic;
  return groupId === undefined ? anywhere : inGroup;
}

function placeOf({ app, endpoint, groupId, topicId }: Place) {
  return [app ?? null, endpoint ?? null, groupId ?? null, topicId ?? null] as const;
}

/** Callers get no empty fields. */
function withoutNulls<Shape extends object>(row: Shape): Shape {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Shape;
}
