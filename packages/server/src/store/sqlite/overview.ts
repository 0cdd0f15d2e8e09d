import type { DatabaseSync } from 'node:sqlite';
import {
  type AttemptRow,
  type AttemptsQuery,
  type DeadLetterRow,
  type DeadLettersQuery,
  type DeliveryRow,
  LAG_COUNT_LIMIT,
  type LaneStatus,
  type LanesQuery,
} from '../pipeline-reads.ts';
import { type Statement, statement } from './statement.ts';
import { streamsOfGroup, streamsOfTopic } from './streams-of-place.ts';

type LaneOfStream = Omit<LaneStatus, 'lag' | 'oldestAt'> & { streamId: number; endpointId: number };

/** Group and topic of a row of `chat_group`. */
const PLACE =
  'coalesce(g.topic_of, g.group_id) AS groupId, iif(g.topic_of IS NULL, NULL, g.group_id) AS topicId';

/**
 * There are few endpoints, and of everything else there may be millions of rows: each statement goes through the endpoints that are asked
 * for, and from each to its rows. ?1 is the app and ?2 the name of an endpoint; null is any.
 */
const from = (table: string) =>
  `FROM endpoint e CROSS JOIN ${table} t ON t.endpoint_id = e.id JOIN chat_group g ON g.stream_id = t.stream_id`;
const WANTED = '(?1 IS NULL OR e.app = ?1) AND (?2 IS NULL OR e.name = ?2)';

const AMONG = {
  inApp: 'app IN (SELECT DISTINCT app FROM endpoint WHERE ?1 IS NULL OR app = ?1)',
  group: '?3',
};
/** ?3 is a group, with its topics. */
const OF_GROUP = `t.stream_id IN (${streamsOfGroup(AMONG)})`;
/** ?4 is a topic, of the group ?3 if that is not null. */
const OF_TOPIC = `t.stream_id IN (${streamsOfTopic({ ...AMONG, topic: '?4', groupIsAny: '?3 IS NULL' })})`;

/** One statement for each way of asking where. */
interface ByPlace<Row> {
  readonly anywhere: Statement<Row>;
  readonly inGroup: Statement<Row>;
  readonly inTopic: Statement<Row>;
}

/** What is read for the people who operate the pipeline. */
export class Overview {
  readonly #lanes: ByPlace<LaneOfStream>;
  readonly #lag: Statement<{ lag: number; oldestAt: number | null }>;
  readonly #attempts: ByPlace<AttemptRow>;
  readonly #deliveries: ByPlace<DeliveryRow>;
  readonly #deadLetters: Statement<DeadLetterRow>;
  readonly #openLetters: Statement<DeadLetterRow>;

  constructor(db: DatabaseSync) {
    const lanes = `SELECT e.app, e.name AS endpoint, ${PLACE}, t.cursor, s.head, t.due_at AS dueAt,
         coalesce(json_extract(t.retries, '$[0].attempts'), 0) AS attempts, t.stream_id AS streamId, e.id AS endpointId
       ${from('lane')} JOIN stream s ON s.id = t.stream_id WHERE ${WANTED}`;
    this.#lanes = byPlace(
      (where) => statement(db, `${lanes} AND ${where} ORDER BY +t.due_at LIMIT ?5`),
      't.stream_id IN (SELECT l.stream_id FROM lane l WHERE l.endpoint_id = e.id ORDER BY l.due_at LIMIT ?5)',
    );
    this.#lag = statement(
      db,
      `SELECT count(*) AS lag, min(time) AS oldestAt FROM (
         SELECT l.time FROM log l JOIN audience a ON a.id = l.audience
         WHERE l.stream_id = ?1 AND l.log_seq > ?2 AND EXISTS (SELECT 1 FROM json_each(a.endpoints) WHERE value = ?3)
         ORDER BY l.log_seq LIMIT ${LAG_COUNT_LIMIT})`,
    );
    const attempts = `SELECT e.name AS endpoint, ${PLACE}, t.log_seq AS logSeq, t.attempt, t.at,
         t.duration_ms AS durationMs, t.verdict, t.status, t.detail, t.answer, t.count, t.last_at AS lastAt
       ${from('attempt')} WHERE ${WANTED} AND (?5 IS NULL OR t.log_seq = ?5)`;
    this.#attempts = byPlace(
      (where) => statement(db, `${attempts} AND ${where} ORDER BY +t.id DESC LIMIT ?6`),
      `t.id IN (SELECT a.id FROM attempt a WHERE a.endpoint_id = e.id AND (?5 IS NULL OR a.log_seq = ?5)
         ORDER BY a.id DESC LIMIT ?6)`,
    );
    const ranges = `SELECT e.name AS endpoint, ${PLACE}, t.from_seq AS fromSeq, t.through_seq AS throughSeq, t.count,
         t.first_at AS firstAt, t.last_at AS lastAt, t.passed_from AS passedFrom, t.passed_through AS passedThrough,
         t.passed_at AS passedAt`;
    const wanted = `${WANTED} AND (?5 IS NULL OR ?5 BETWEEN t.from_seq AND t.through_seq)`;
    this.#deliveries = {
      ...byPlace(
        (where) =>
          statement(
            db,
            `${ranges} ${from('delivered')} WHERE ${wanted} AND ${where} ORDER BY +t.first_at DESC LIMIT ?6`,
          ),
        'true',
      ),
      // From the newest on, whoever's they are: an index by endpoint would cost every delivery.
      anywhere: statement(
        db,
        `${ranges} FROM delivered t INDEXED BY delivered_by_begin CROSS JOIN endpoint e ON e.id = t.endpoint_id
         JOIN chat_group g ON g.stream_id = t.stream_id WHERE ${wanted} ORDER BY t.first_at DESC LIMIT ?6`,
      ),
    };
    const letters = (open: string) =>
      `SELECT t.id, e.app, e.name AS endpoint, ${PLACE}, t.log_seq AS logSeq,
         coalesce((SELECT msg_seq FROM log l WHERE l.stream_id = t.stream_id AND l.log_seq = t.log_seq), 0) AS msgSeq,
         t.reason, t.detail, t.attempts, t.first_attempt_at AS firstAttemptAt, t.at,
         iif(t.dismissed = 0, t.replayed_at, NULL) AS replayedAt, iif(t.dismissed = 1, t.replayed_at, NULL) AS dismissedAt
       ${from('dead_letter')} WHERE ${WANTED}
         AND t.id IN (SELECT d.id FROM dead_letter d WHERE d.endpoint_id = e.id ${open} ORDER BY d.id DESC LIMIT ?3)
       ORDER BY +t.id DESC LIMIT ?3`;
    this.#deadLetters = statement(db, letters(''));
    this.#openLetters = statement(db, letters('AND d.replayed_at IS NULL'));
  }

  lanes(query: LanesQuery): LaneStatus[] {
    const rows = at(this.#lanes, query).all(...placeOf(query), query.limit);
    return rows.map(withoutNulls).map(({ streamId, endpointId, ...row }) => {
      const lag = this.#lag.get(streamId, row.cursor, endpointId);
      const oldest = lag?.oldestAt ?? null;
      return { ...row, lag: lag?.lag ?? 0, ...(oldest === null ? {} : { oldestAt: oldest }) };
    });
  }

  attempts(query: AttemptsQuery): AttemptRow[] {
    const { logSeq = null, limit } = query;
    return at(this.#attempts, query)
      .all(...placeOf(query), logSeq, limit)
      .map(withoutNulls);
  }

  deliveries(query: AttemptsQuery): DeliveryRow[] {
    const { logSeq = null, limit } = query;
    return at(this.#deliveries, query)
      .all(...placeOf(query), logSeq, limit)
      .map(withoutNulls);
  }

  deadLetters({ app, endpoint, includeReplayed, limit }: DeadLettersQuery): DeadLetterRow[] {
    const letters = includeReplayed ? this.#deadLetters : this.#openLetters;
    return letters.all(app ?? null, endpoint ?? null, limit).map(withoutNulls);
  }
}

function byPlace<Row>(make: (where: string) => Statement<Row>, anywhere: string): ByPlace<Row> {
  return { anywhere: make(anywhere), inGroup: make(OF_GROUP), inTopic: make(OF_TOPIC) };
}

type Place = Pick<AttemptsQuery, 'endpoint' | 'groupId' | 'topicId'> & { readonly app?: number };

function at<Row>({ anywhere, inGroup, inTopic }: ByPlace<Row>, { groupId, topicId }: Place): Statement<Row> {
  if (topicId !== undefined) return inTopic;
  return groupId === undefined ? anywhere : inGroup;
}

function placeOf({ app, endpoint, groupId, topicId }: Place) {
  return [app ?? null, endpoint ?? null, groupId ?? null, topicId ?? null] as const;
}

/** Rows come with a null prototype and nulls; callers get plain objects without the empty fields. */
export function withoutNulls<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Row;
}
