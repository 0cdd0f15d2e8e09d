import {
  ATTEMPTS,
  AUDIT_LINES,
  type EventRow,
  type ExplainRows,
  type FailureRow,
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
const RANGE = one<{ firstAt: number | null; lastAt: number; count: number }>(
  `SELECT min(first_at) AS "firstAt", max(last_at) AS "lastAt", sum(count) AS count FROM (
     SELECT * FROM delivered WHERE endpoint_id = $1 AND stream_id = $2 AND from_seq <= $3
     ORDER BY from_seq DESC, first_at DESC LIMIT ${RANGES}) AS d WHERE through_seq >= $3`,
);
const OPEN_LETTER = one<LetterRow>(
  `${LETTER} dead_letter WHERE replayed_at IS NULL AND stream_id = $2 AND log_seq = $3 AND endpoint_id = $1
   ORDER BY id DESC LIMIT 1`,
);
const REPLAYED_LETTER = one<LetterRow>(
  `${LETTER} dead_letter WHERE id > (SELECT coalesce(max(id), 0) - ${LETTERS} FROM dead_letter)
     AND endpoint_id = $1 AND stream_id = $2 AND log_seq = $3 AND replayed_at IS NOT NULL
   ORDER BY id DESC LIMIT 1`,
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
    openLetter: OPEN_LETTER(questions),
    replayedLetter: REPLAYED_LETTER(questions),
    deletedLetter: DELETED_LETTER(questions),
    replay: REPLAY(questions),
    pausedBy: PAUSED_BY(questions),
  };
}
