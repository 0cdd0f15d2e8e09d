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
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

/** Group and topic of a row of `chat_group`. */
const PLACE = `coalesce(g.topic_of, g.group_id) AS "groupId", CASE WHEN g.topic_of IS NOT NULL THEN g.group_id END AS "topicId"`;
/** A group means its topics, too. */
const IN_GROUP = `($3::text IS NULL OR g.group_id = $3 OR g.topic_of = $3)
  AND ($4::text IS NULL OR (g.topic_of IS NOT NULL AND g.group_id = $4))`;

/** Null stands for "any" in these statements' filters. */
const OF_EVENT = `JOIN endpoint e ON e.id = t.endpoint_id JOIN chat_group g ON g.stream_id = t.stream_id
  WHERE e.app = $1 AND ($2::text IS NULL OR e.name = $2) AND ${IN_GROUP}`;

const LANES = statement(
  `SELECT t.app, t.endpoint, t."groupId", t."topicId", t.cursor, t.head, t."dueAt", t.attempts, lag.lag, lag."oldestAt" FROM (
     SELECT e.app, e.name AS endpoint, ${PLACE}, t.cursor, s.head, t.due_at AS "dueAt",
       coalesce((t.retries::json -> 0 ->> 'attempts')::int8, 0) AS attempts, t.stream_id, e.id AS endpoint_id
     FROM lane t JOIN endpoint e ON e.id = t.endpoint_id JOIN chat_group g ON g.stream_id = t.stream_id
     JOIN stream s ON s.id = t.stream_id
     WHERE ($1::int8 IS NULL OR e.app = $1) AND ($2::text IS NULL OR e.name = $2) AND ${IN_GROUP}
     ORDER BY t.due_at, t.stream_id LIMIT $5) AS t
   CROSS JOIN LATERAL (SELECT count(*) AS lag, min(time) AS "oldestAt" FROM (
     SELECT l.time FROM log l JOIN audience a ON a.id = l.audience
     WHERE l.stream_id = t.stream_id AND l.log_seq > t.cursor AND t.endpoint_id = ANY (a.endpoints)
     ORDER BY l.log_seq LIMIT ${LAG_COUNT_LIMIT}) AS owed) AS lag
   ORDER BY t."dueAt", t.stream_id`,
);
const ATTEMPTS = statement(
  `SELECT e.name AS endpoint, ${PLACE}, t.log_seq AS "logSeq", t.attempt, t.at,
     t.duration_ms AS "durationMs", t.verdict, t.status, t.detail, t.answer, t.count, t.last_at AS "lastAt"
   FROM attempt t ${OF_EVENT} AND ($5::int8 IS NULL OR t.log_seq = $5) ORDER BY t.id DESC LIMIT $6`,
);
const DELIVERIES = statement(
  `SELECT e.name AS endpoint, ${PLACE}, t.from_seq AS "fromSeq", t.through_seq AS "throughSeq", t.count,
     t.first_at AS "firstAt", t.last_at AS "lastAt"
   FROM delivered t ${OF_EVENT} AND ($5::int8 IS NULL OR $5 BETWEEN t.from_seq AND t.through_seq)
   ORDER BY t.last_at DESC, t.from_seq DESC LIMIT $6`,
);
const DEAD_LETTERS = statement(
  `SELECT t.id, e.app, e.name AS endpoint, ${PLACE}, t.log_seq AS "logSeq",
     coalesce((SELECT msg_seq FROM log l WHERE l.stream_id = t.stream_id AND l.log_seq = t.log_seq), 0) AS "msgSeq",
     t.reason, t.detail, t.attempts, t.first_attempt_at AS "firstAttemptAt", t.at,
     CASE WHEN NOT t.dismissed THEN t.replayed_at END AS "replayedAt", CASE WHEN t.dismissed THEN t.replayed_at END AS "dismissedAt"
   FROM dead_letter t JOIN endpoint e ON e.id = t.endpoint_id JOIN chat_group g ON g.stream_id = t.stream_id
   WHERE ($1::int8 IS NULL OR e.app = $1) AND ($2::text IS NULL OR e.name = $2) AND ($3::bool OR t.replayed_at IS NULL)
   ORDER BY t.id DESC LIMIT $4`,
);
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

  async lanes({ app, endpoint, groupId, topicId, limit }: LanesQuery): Promise<LaneStatus[]> {
    const rows = await this.#pool.rows<LaneStatus>(
      LANES,
      app ?? null,
      endpoint ?? null,
      groupId ?? null,
      topicId ?? null,
      limit,
    );
    return rows.map(withoutNulls);
  }

  async attempts({ app, endpoint, groupId, topicId, logSeq, limit }: AttemptsQuery): Promise<AttemptRow[]> {
    const of = [app, endpoint ?? null, groupId ?? null, topicId ?? null, logSeq ?? null, limit] as const;
    return (await this.#pool.rows<AttemptRow>(ATTEMPTS, ...of)).map(withoutNulls);
  }

  async deliveries({
    app,
    endpoint,
    groupId,
    topicId,
    logSeq,
    limit,
  }: AttemptsQuery): Promise<DeliveryRow[]> {
    const of = [app, endpoint ?? null, groupId ?? null, topicId ?? null, logSeq ?? null, limit] as const;
    return (await this.#pool.rows<DeliveryRow>(DELIVERIES, ...of)).map(withoutNulls);
  }

  async deadLetters({ app, endpoint, includeReplayed, limit }: DeadLettersQuery): Promise<DeadLetterRow[]> {
    const of = [app ?? null, endpoint ?? null, includeReplayed, limit] as const;
    return (await this.#pool.rows<DeadLetterRow>(DEAD_LETTERS, ...of)).map(withoutNulls);
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

/** Callers get no empty fields. */
function withoutNulls<Shape extends object>(row: Shape): Shape {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Shape;
}
