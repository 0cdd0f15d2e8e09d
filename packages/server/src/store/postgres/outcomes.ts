import type { Checkpoint, CloseDeadLetters } from '../commands.ts';
import type { DeliveredRange, FailedAttempt, LaneKey, LaneRow, PassedRange } from '../lanes.ts';
import { type DeadLetter, RANGE_MS } from '../sqlite/outcomes.ts';
import { streamsOfGroup, streamsOfTopic } from '../sqlite/streams-of-place.ts';
import { int8s, texts } from './arrays.ts';
import { keyOf, keysOf } from './lanes.ts';
import { type Questions, question } from './questions.ts';
import { call, type Row, rowAs, statement, type Value } from './statement.ts';
import type { Write, Writes } from './writes.ts';

type Letter = Checkpoint['deadLetters'][number] & { readonly now: number };

const DEAD_LETTER = question<[number], DeadLetter | null>(
  'SELECT * FROM dead_letter WHERE id = $1',
  null,
  ([row]) => (row === undefined ? null : letterOf(row)),
);
type OpenLetters = readonly [
  after: number,
  through: number,
  app: number,
  endpoint: string | null,
  limit: number,
];
/** `id`: with `d.id + 0` no index by it is of use, and the streams lead. */
const open = <More extends readonly Value[]>(more: string, id = 'd.id') =>
  question<[...OpenLetters, ...More], readonly DeadLetter[]>(
    `SELECT d.* FROM dead_letter d JOIN endpoint e ON e.id = d.endpoint_id
     WHERE d.replayed_at IS NULL AND ${id} > $1 AND ${id} <= $2 AND e.app = $3 AND ($4::text IS NULL OR e.name = $4) ${more}
     ORDER BY ${id} LIMIT $5`,
    [],
    (rows) => rows.map(letterOf),
  );
const PLACE = { inApp: 'app = $3', group: '$6', topic: '$7', groupIsAny: '$6::text IS NULL' };
const inStreams = (streams: string) => `AND d.stream_id = ANY (ARRAY(${streams}))`;
const OPEN = open('');
const OPEN_ONE = open<[id: number]>('AND d.id = $6');
const OPEN_IN_GROUP = open<[groupId: string]>(inStreams(streamsOfGroup(PLACE)), 'd.id + 0');
const OPEN_IN_TOPIC = open<[groupId: string | null, topicId: string]>(
  inStreams(streamsOfTopic(PLACE)),
  'd.id + 0',
);
const LAST = question<[], number>('SELECT max(id) AS id FROM dead_letter', 0, ([row]) =>
  Number(row?.id ?? 0),
);

const RANGE_COLUMNS = 'endpoint_id, stream_id, from_seq, through_seq, count, first_at, last_at';
const ATTEMPTS = statement(
  `INSERT INTO attempt (endpoint_id, stream_id, log_seq, attempt, at, duration_ms, verdict, status, detail, answer, count, last_at)
   SELECT x.*, 1, x.at
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::text[], $8::int8[], $9::text[],
     $10::text[]) AS x (endpoint_id, stream_id, log_seq, attempt, at, duration_ms, verdict, status, detail, answer)`,
);
/** A probe that ends like the one before it only counts. */
const PROBES = statement(
  `WITH x AS (SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::text[], $8::int8[],
       $9::text[], $10::text[]) AS x (endpoint_id, stream_id, log_seq, attempt, at, duration_ms, verdict, status, detail, answer)),
   repeated AS (UPDATE attempt a SET count = a.count + 1, last_at = x.at FROM x
     WHERE a.verdict = x.verdict AND a.status IS NOT DISTINCT FROM x.status AND a.id = (SELECT b.id FROM attempt b
       WHERE b.endpoint_id = x.endpoint_id AND b.stream_id = x.stream_id AND b.log_seq = x.log_seq ORDER BY b.id DESC LIMIT 1)
     RETURNING x.endpoint_id, x.stream_id, x.log_seq)
   INSERT INTO attempt (endpoint_id, stream_id, log_seq, attempt, at, duration_ms, verdict, status, detail, answer, count, last_at)
   SELECT x.*, 1, x.at FROM x WHERE NOT EXISTS (SELECT 1 FROM repeated r
     WHERE r.endpoint_id = x.endpoint_id AND r.stream_id = x.stream_id AND r.log_seq = x.log_seq)`,
);
/** Extends the lane's last range while it is young and this one follows it, or begins a new one. */
const deliveries = (more: { readonly columns: string; readonly params: string; readonly set: string }) =>
  statement(
    `WITH x AS (SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[]${more.params})
       AS x (${RANGE_COLUMNS}${more.columns})),
   extended AS (UPDATE delivered d SET through_seq = x.through_seq, count = d.count + x.count, last_at = x.last_at${more.set}
     FROM x CROSS JOIN LATERAL (SELECT b.from_seq, b.first_at, b.through_seq FROM delivered b
       WHERE b.endpoint_id = x.endpoint_id AND b.stream_id = x.stream_id ORDER BY b.from_seq DESC, b.first_at DESC LIMIT 1) AS b
     WHERE b.through_seq + 1 = x.from_seq AND x.last_at - b.first_at < ${RANGE_MS}
       AND d.endpoint_id = x.endpoint_id AND d.stream_id = x.stream_id AND d.from_seq = b.from_seq AND d.first_at = b.first_at
     RETURNING x.endpoint_id, x.stream_id)
   INSERT INTO delivered AS d (${RANGE_COLUMNS}${more.columns}) SELECT * FROM x WHERE NOT EXISTS (SELECT 1 FROM extended e
     WHERE e.endpoint_id = x.endpoint_id AND e.stream_id = x.stream_id)
   ON CONFLICT (endpoint_id, stream_id, from_seq, first_at) DO UPDATE SET through_seq = greatest(d.through_seq, excluded.through_seq),
     count = d.count + excluded.count, last_at = excluded.last_at${more.set.replaceAll('x.', 'excluded.')}`,
  );
const DELIVERIES = deliveries({ columns: '', params: '', set: '' });
/** The same of ranges of which a part was not sent, since the receiver had it. */
const PASSED_DELIVERIES = deliveries({
  columns: ', passed_from, passed_through, passed_at, passes',
  params: ', $8::int8[], $9::int8[], $10::int8[], $11::int8[]',
  set: `, passed_from = least(d.passed_from, x.passed_from), passed_through = greatest(d.passed_through, x.passed_through),
     passed_at = x.passed_at, passes = d.passes + x.passes`,
});
const LETTERS = statement(
  `INSERT INTO dead_letter (endpoint_id, stream_id, log_seq, reason, detail, attempts, first_attempt_at, at)
   SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::text[], $5::text[], $6::int8[], $7::int8[], $8::int8[])`,
);
const RESTS = statement(
  `INSERT INTO dead_letter (endpoint_id, stream_id, log_seq, reason, detail, attempts, first_attempt_at, at)
   SELECT x.endpoint_id, x.stream_id, r.log_seq, 'endpoint-deleted',
     'the endpoint was deleted; this event and all later ones of the group were not delivered to it', 0, x.at, x.at
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) AS x (endpoint_id, stream_id, cursor, at)
   CROSS JOIN LATERAL (SELECT l.log_seq FROM log l JOIN audience a ON a.id = l.audience
     WHERE l.stream_id = x.stream_id AND l.log_seq > x.cursor AND x.endpoint_id = ANY (a.endpoints)
     ORDER BY l.log_seq LIMIT 1) AS r`,
);
const CLOSES = statement(
  `UPDATE dead_letter d SET replayed_at = x.at, dismissed = x.dismissed = 1
   FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS x (id, at, dismissed) WHERE d.id = x.id`,
);

const attemptColumns = (items: readonly FailedAttempt[]) => [
  ...keysOf(items.map(({ lane }) => lane)),
  int8s(items.map(({ seq }) => seq)),
  int8s(items.map(({ attempt }) => attempt)),
  int8s(items.map(({ at }) => at)),
  int8s(items.map(({ durationMs }) => Math.round(durationMs))),
  texts(items.map(({ verdict }) => verdict)),
  int8s(items.map(({ status }) => status ?? null)),
  texts(items.map(({ detail }) => detail)),
  texts(items.map(({ answer }) => answer ?? null)),
];
const FAIL: Write<FailedAttempt> = {
  table: 'attempt',
  call: (items) => call(ATTEMPTS, ...attemptColumns(items)),
};
const PROBE: Write<FailedAttempt> = {
  table: 'attempt',
  call: (items) => call(PROBES, ...attemptColumns(items)),
};
const rangeColumns = (items: readonly (LaneKey & DeliveredRange)[]) => [
  ...keysOf(items),
  int8s(items.map(({ fromSeq }) => fromSeq)),
  int8s(items.map(({ throughSeq }) => throughSeq)),
  int8s(items.map(({ count }) => count)),
  int8s(items.map(({ firstAt }) => firstAt)),
  int8s(items.map(({ lastAt }) => lastAt)),
];
const DELIVER: Write<LaneKey & DeliveredRange> = {
  table: 'delivered',
  call: (items) => call(DELIVERIES, ...rangeColumns(items)),
};
const DELIVER_PASSED: Write<LaneKey & DeliveredRange & { readonly passed: PassedRange }> = {
  table: 'delivered',
  call: (items) =>
    call(
      PASSED_DELIVERIES,
      ...rangeColumns(items),
      int8s(items.map(({ passed }) => passed.fromSeq)),
      int8s(items.map(({ passed }) => passed.throughSeq)),
      int8s(items.map(({ passed }) => passed.at)),
      int8s(items.map(({ passed }) => passed.times)),
    ),
};
const BURY: Write<Letter> = {
  table: 'dead_letter',
  call: (items) =>
    call(
      LETTERS,
      ...keysOf(items.map(({ lane }) => lane)),
      int8s(items.map(({ seq }) => seq)),
      texts(items.map(({ reason }) => reason)),
      texts(items.map(({ detail }) => detail)),
      int8s(items.map(({ attempts }) => attempts)),
      int8s(items.map(({ firstAttemptAt }) => firstAttemptAt)),
      int8s(items.map(({ now }) => now)),
    ),
};
const BURY_REST: Write<LaneRow & { readonly now: number }> = {
  table: 'dead_letter',
  call: (items) =>
    call(
      RESTS,
      ...keysOf(items),
      int8s(items.map(({ cursor }) => cursor)),
      int8s(items.map(({ now }) => now)),
    ),
};
const CLOSE: Write<{ readonly id: number; readonly now: number; readonly dismissed: boolean }> = {
  table: 'dead_letter',
  call: (items) =>
    call(
      CLOSES,
      int8s(items.map(({ id }) => id)),
      int8s(items.map(({ now }) => now)),
      int8s(items.map(({ dismissed }) => (dismissed ? 1 : 0))),
    ),
};

/** What became of deliveries: failed attempts, ranges of delivered events, dead letters. */
export class Outcomes {
  readonly #questions: Questions;
  readonly #writes: Writes;

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  /** Keeps every attempt; probes of an open breaker that end alike share a row. */
  failed(attempt: FailedAttempt): void {
    const key = `${keyOf(attempt.lane.endpointId, attempt.lane.streamId)}/${attempt.seq}`;
    this.#writes.follow(attempt.probe ? PROBE : FAIL, key, attempt);
  }

  delivered({ endpointId, streamId }: LaneKey, range: DeliveredRange, passed?: PassedRange): void {
    const key = keyOf(endpointId, streamId);
    const item = { endpointId, streamId, ...range };
    if (passed === undefined) this.#writes.put(DELIVER, key, item);
    else this.#writes.put(DELIVER_PASSED, key, { ...item, passed });
  }

  deadLetter(letter: Checkpoint['deadLetters'][number], now: number): void {
    this.#writes.add(BURY, { ...letter, now });
  }

  /** What a lane of a deleted endpoint had not delivered ends as one dead letter, at the first such event. */
  deadLetterRest(lane: LaneRow, now: number): void {
    this.#writes.add(BURY_REST, { ...lane, now });
  }

  getDeadLetter(id: number): DeadLetter | undefined {
    return this.#questions.ask(DEAD_LETTER, id) ?? undefined;
  }

  /** Neither replayed nor dismissed, oldest first. */
  openDeadLetters(
    query: Omit<CloseDeadLetters, 'type' | 'how' | 'now'> & { readonly through: number },
  ): DeadLetter[] {
    const { after, through, app, endpoint, groupId, topicId, id, limit } = query;
    const which = [after, through, app, endpoint ?? null, limit] as const;
    const questions = this.#questions;
    if (id !== undefined) return [...questions.ask(OPEN_ONE, ...which, id)];
    if (topicId !== undefined) return [...questions.ask(OPEN_IN_TOPIC, ...which, groupId ?? null, topicId)];
    if (groupId !== undefined) return [...questions.ask(OPEN_IN_GROUP, ...which, groupId)];
    return [...questions.ask(OPEN, ...which)];
  }

  /** The newest one, open or not; 0 without any. */
  lastDeadLetter(): number {
    return this.#questions.ask(LAST);
  }

  /** It no longer keeps its event. */
  closeDeadLetter(id: number, now: number, dismissed: boolean): void {
    this.#writes.put(CLOSE, String(id), { id, now, dismissed });
  }
}

function letterOf(row: Row): DeadLetter {
  return { ...rowAs<DeadLetter>(row), dismissed: row.dismissed === true ? 1 : 0 };
}
