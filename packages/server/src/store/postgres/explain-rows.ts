import {
  ATTEMPTS,
  AUDIT_LINES,
  type EventRow,
  type ExplainRows,
  type FailureRow,
  type GoneRow,
  LETTERS,
  type LetterRow,
  RANGES,
} from '../sqlite/explain-rows.ts';
import { type Questions, question } from './questions.ts';
import type { Value } from './statement.ts';

const LETTER = `SELECT id, reason, detail, attempts, log_seq AS "logSeq", at, replayed_at AS "replayedAt", dismissed::int FROM`;
const OF_EVENT = 'attempt WHERE endpoint_id = $1 AND stream_id = $2 AND log_seq = $3 AND at <= $4';

function one<Row>(text: string) {
  const asked = question<readonly Value[], Row | null>(
    text,
    null,
    ([row]) => (row as Row | undefined) ?? null,
  );
  return (questions: Questions) => ({
    get: (...params: readonly (string | number)[]) => questions.ask(asked, ...params) ?? undefined,
  });
}

const EVENT = one<EventRow>(
  `SELECT l.log_seq, l.kind, l.time, l.audience, l.msg_seq, l.payload, m.extra FROM log l
   LEFT JOIN message m ON l.payload IS NULL AND m.stream_id = l.stream_id AND m.msg_seq = l.msg_seq
   WHERE l.stream_id = $1 AND l.log_seq = $2`,
);
const MESSAGE = one<{ log_seq: number; time: number; tip: number; extra: string | null }>(
  'SELECT log_seq, time, tip::int, extra FROM message WHERE stream_id = $1 AND msg_seq = $2',
);
const FAILURES = one<{ n: number | null }>(
  `SELECT sum(count) AS n FROM (SELECT count FROM ${OF_EVENT} LIMIT ${ATTEMPTS}) AS a`,
);
const LAST_FAILURE = one<FailureRow>(
  `SELECT last_at AS at, verdict, status, detail FROM ${OF_EVENT} ORDER BY id DESC LIMIT 1`,
);
const OF_LANE = `(SELECT * FROM delivered WHERE endpoint_id = $1 AND stream_id = $2 AND from_seq <= $3
  ORDER BY from_seq DESC, first_at DESC LIMIT ${RANGES}) AS d`;
const RANGE = one<{ firstAt: number | null; lastAt: number; count: number; begunAt: number }>(
  `SELECT min(first_at) AS "firstAt", max(last_at) AS "lastAt", sum(count) AS count, max(first_at) AS "begunAt"
   FROM ${OF_LANE} WHERE through_seq >= $3`,
);
const PASSED = one<{ at: number; through: number; times: number }>(
  `SELECT passed_at AS at, passed_through AS through, passes AS times FROM ${OF_LANE}
   WHERE passed_from <= $3 AND passed_through >= $3 ORDER BY passed_at DESC LIMIT 1`,
);
const GONE = `SELECT g.stream_id, s.next_msg_seq, s.head, g.destroyed_at FROM chat_group g JOIN stream s ON s.id = g.stream_id
  WHERE g.destroyed_at IS NOT NULL AND`;
const GONE_GROUP = one<GoneRow>(
  `${GONE} g.app = $1 AND g.group_id = $2 AND g.topic_of IS NULL ORDER BY g.stream_id DESC LIMIT 1`,
);
const GONE_TOPIC = one<GoneRow>(
  `${GONE} g.app = $1 AND g.topic_of = $2 AND g.group_id = $3 ORDER BY g.stream_id DESC LIMIT 1`,
);
/** By `id + 0`: in the order of the ids themselves, those of all events would be walked through until one is of this. */
const OPEN_LETTER = one<LetterRow>(
  `${LETTER} dead_letter WHERE replayed_at IS NULL AND stream_id = $2 AND log_seq = $3 AND endpoint_id = $1
   ORDER BY id + 0 DESC LIMIT 1`,
);
const REPLAYED_LETTER = one<LetterRow>(
  `${LETTER} dead_letter WHERE endpoint_id = $1 AND stream_id = $2 AND log_seq = $3 AND replayed_at IS NOT NULL
   ORDER BY id + 0 DESC LIMIT 1`,
);
const DELETED_LETTER = one<LetterRow>(
  `${LETTER} (SELECT * FROM dead_letter WHERE replayed_at IS NULL AND stream_id = $2 AND log_seq <= $3
     ORDER BY log_seq DESC LIMIT ${LETTERS}) AS d
   WHERE endpoint_id = $1 AND reason = 'endpoint-deleted' LIMIT 1`,
);
const REPLAY = one<{ covers: number | null }>(
  `SELECT max((next_seq <= $3 AND through_seq >= $3)::int) AS covers FROM replay WHERE endpoint_id = $1 AND stream_id = $2`,
);
const PAUSED_BY = one<{ actor: string; at: number }>(
  `SELECT actor, at FROM audit WHERE id > (SELECT coalesce(max(id), 0) - ${AUDIT_LINES} FROM audit)
     AND action = 'endpoint.pause' AND target = $1 AND detail NOT LIKE 'refused:%' ORDER BY id DESC LIMIT 1`,
);

/** The rows of an explanation, asked as questions. */
export function explainRows(questions: Questions): ExplainRows {
  return {
    event: EVENT(questions),
    message: MESSAGE(questions),
    failures: FAILURES(questions),
    lastFailure: LAST_FAILURE(questions),
    ranges: RANGE(questions),
    passed: PASSED(questions),
    goneGroup: GONE_GROUP(questions),
    goneTopic: GONE_TOPIC(questions),
    openLetter: OPEN_LETTER(questions),
    replayedLetter: REPLAYED_LETTER(questions),
    deletedLetter: DELETED_LETTER(questions),
    replay: REPLAY(questions),
    pausedBy: PAUSED_BY(questions),
  };
}
