import type { DatabaseSync } from 'node:sqlite';
import type { Endpoint } from '../../domain/endpoint.ts';
import type {
  DeliveryFacts,
  ExplainedEvent,
  FailureFact,
  HeadFact,
  LetterFact,
} from '../../domain/explain/facts.ts';
import type { ExplainFacts, ExplainQuery } from '../explain.ts';
import type { LaneRow } from '../lanes.ts';
import { LOG_PAGE, type MessageContent, type MessageExtra } from './log.ts';
import { eventId } from './message-event.ts';
import { type Statement, statement } from './statement.ts';
import type { Tables } from './tables.ts';

/**
 * Rows that one question looks at, of each kind: it is asked while messages are sent, on the same thread. What lies further back
 * makes an answer less exact, never wrong: an attempt is not counted, a replayed dead letter shows as settled.
 */
const HEAD_PAGES = 16;
const ATTEMPTS = 10_000;
const RANGES = 256;
const LETTERS = 10_000;
const AUDIT_LINES = 10_000;

interface EventRow {
  log_seq: number;
  kind: string;
  time: number;
  audience: number;
  msg_seq: number | null;
  payload: string | null;
  extra: string | null;
}

interface LetterRow {
  id: number;
  reason: string;
  detail: string;
  attempts: number;
  logSeq: number;
  at: number;
  replayedAt: number | null;
  dismissed: 0 | 1;
}

interface FailureRow {
  at: number;
  verdict: string;
  status: number | null;
  detail: string;
}

interface Place {
  readonly endpointId: number;
  readonly streamId: number;
  readonly seq: number;
}

const LETTER = `SELECT id, reason, detail, attempts, log_seq AS logSeq, at, replayed_at AS replayedAt, dismissed FROM`;

/** Gathers what the tables know of one message and its deliveries. */
export class Explainer {
  readonly #tables: Tables;
  readonly #installId: string;
  readonly #event: Statement<EventRow>;
  readonly #message: Statement<{ log_seq: number; time: number; tip: number; extra: string | null }>;
  readonly #failures: Statement<{ n: number | null }>;
  readonly #lastFailure: Statement<FailureRow>;
  readonly #ranges: Statement<{ firstAt: number | null; lastAt: number; count: number }>;
  readonly #openLetter: Statement<LetterRow>;
  readonly #replayedLetter: Statement<LetterRow>;
  readonly #deletedLetter: Statement<LetterRow>;
  readonly #replay: Statement<{ covers: number | null }>;
  readonly #pausedBy: Statement<{ actor: string; at: number }>;

  constructor(db: DatabaseSync, tables: Tables, installId: string) {
    this.#tables = tables;
    this.#installId = installId;
    this.#event = statement(
      db,
      `SELECT l.log_seq, l.kind, l.time, l.audience, l.msg_seq, l.payload, m.extra FROM log l
       LEFT JOIN message m ON l.payload IS NULL AND m.stream_id = l.stream_id AND m.msg_seq = l.msg_seq
       WHERE l.stream_id = ? AND l.log_seq = ?`,
    );
    this.#message = statement(
      db,
      'SELECT log_seq, time, tip, extra FROM message WHERE stream_id = ? AND msg_seq = ?',
    );
    const ofEvent = 'attempt WHERE endpoint_id = ? AND stream_id = ? AND log_seq = ? AND at <= ?';
    this.#failures = statement(
      db,
      `SELECT sum(count) AS n FROM (SELECT count FROM ${ofEvent} LIMIT ${ATTEMPTS})`,
    );
    this.#lastFailure = statement(
      db,
      `SELECT last_at AS at, verdict, status, detail FROM ${ofEvent} ORDER BY id DESC LIMIT 1`,
    );
    this.#ranges = statement(
      db,
      `SELECT min(first_at) AS firstAt, max(last_at) AS lastAt, sum(count) AS count FROM (
         SELECT * FROM delivered WHERE endpoint_id = ?1 AND stream_id = ?2 AND from_seq <= ?3
         ORDER BY from_seq DESC, first_at DESC LIMIT ${RANGES}) WHERE through_seq >= ?3`,
    );
    this.#openLetter = statement(
      db,
      `${LETTER} dead_letter WHERE replayed_at IS NULL AND stream_id = ?2 AND log_seq = ?3 AND endpoint_id = ?1
       ORDER BY id DESC LIMIT 1`,
    );
    this.#replayedLetter = statement(
      db,
      `${LETTER} dead_letter WHERE id > (SELECT coalesce(max(id), 0) - ${LETTERS} FROM dead_letter)
         AND endpoint_id = ?1 AND stream_id = ?2 AND log_seq = ?3 AND replayed_at IS NOT NULL
       ORDER BY id DESC LIMIT 1`,
    );
    this.#deletedLetter = statement(
      db,
      `${LETTER} (SELECT * FROM dead_letter WHERE replayed_at IS NULL AND stream_id = ?2 AND log_seq <= ?3
         ORDER BY log_seq DESC LIMIT ${LETTERS})
       WHERE endpoint_id = ?1 AND reason = 'endpoint-deleted' LIMIT 1`,
    );
    this.#replay = statement(
      db,
      `SELECT max(next_seq <= ?3 AND through_seq >= ?3) AS covers FROM replay
       WHERE endpoint_id = ?1 AND stream_id = ?2`,
    );
    this.#pausedBy = statement(
      db,
      `SELECT actor, at FROM audit WHERE id > (SELECT coalesce(max(id), 0) - ${AUDIT_LINES} FROM audit)
         AND action = 'endpoint.pause' AND target = ? AND detail NOT LIKE 'refused:%' ORDER BY id DESC LIMIT 1`,
    );
  }

  explain(query: ExplainQuery): ExplainFacts {
    const state = this.#tables.groups.get(query.app, query.groupId);
    if (state === undefined) return { kind: 'no-group' };
    const { streamId, nextMsgSeq } = state.group;
    const { logSeq } = query;
    const msgSeq = query.msgSeq ?? 0;
    const newest = logSeq === undefined ? nextMsgSeq - 1 : state.head;
    const asked = logSeq ?? msgSeq;
    if (asked < 1 || asked > newest) return { kind: 'no-message', newest };
    const seq = logSeq ?? this.#seqOf(streamId, msgSeq, state.head);
    const row = seq === undefined ? undefined : this.#event.get(streamId, seq);
    const event =
      row === undefined ? this.#trimmed(streamId, msgSeq, seq) : eventOf(row, this.#installId, streamId);
    const deliveries = this.#endpointsFor(query.app, row).map(({ endpoint, deletedAt }) => ({
      ...this.#delivery(endpoint, query, { streamId, endpointId: endpoint.id, seq: seq ?? 0 }, row),
      ...(deletedAt === undefined ? {} : { deletedAt }),
    }));
    return { kind: 'found', streamId, event, deliveries };
  }

  /** The message row has it; a message without one (AVChatRoom) is searched for in the log. */
  #seqOf(streamId: number, msgSeq: number, head: number): number | undefined {
    const known = this.#message.get(streamId, msgSeq)?.log_seq;
    if (known !== undefined) return known;
    const seq = this.#tables.log.fromMsgSeq(streamId, msgSeq, head);
    return this.#tables.log.get(streamId, seq)?.msg_seq === msgSeq ? seq : undefined;
  }

  /** What the message still tells when its log row has gone. */
  #trimmed(streamId: number, msgSeq: number, logSeq: number | undefined): ExplainedEvent {
    const message = this.#message.get(streamId, msgSeq);
    const known = logSeq === undefined ? {} : { logSeq, id: eventId(this.#installId, streamId, logSeq) };
    return {
      msgSeq,
      ...known,
      ...(message === undefined ? {} : { time: message.time }),
      inLog: false,
      tip: message?.tip === 1,
      suppressed: isSuppressed(message?.extra ?? null),
    };
  }

  #endpointsFor(
    app: number,
    row: EventRow | undefined,
  ): readonly { readonly endpoint: Endpoint; readonly deletedAt?: number }[] {
    const { endpoints } = this.#tables;
    const live = endpoints.ofApp(app).map((endpoint) => ({ endpoint }));
    if (row === undefined) return live;
    const deleted = endpoints
      .deletedOf(app)
      .filter(({ endpoint }) => endpoints.audienceHas(row.audience, endpoint.id));
    return [...live, ...deleted];
  }

  #delivery(
    endpoint: Endpoint,
    { app, groupId }: ExplainQuery,
    place: Place,
    row: EventRow | undefined,
  ): DeliveryFacts {
    const { endpointId, streamId, seq } = place;
    const lane = this.#tables.lanes.get({ endpointId, streamId });
    const settled = lane === undefined || seq <= lane.cursor || lane.acked.includes(seq);
    const { firstAt, lastAt, count } = this.#ranges.get(endpointId, streamId, seq) ?? { firstAt: null };
    const range = settled && firstAt !== null ? { firstAt, lastAt, count } : undefined;
    // Those of a replay come after the delivery and are not among what it took.
    const until = range?.lastAt ?? Number.MAX_SAFE_INTEGER;
    const pausedBy =
      endpoint.pauseReason === 'operator'
        ? this.#pausedBy.get(`${app}/${endpoint.settings.name}`)
        : undefined;
    const letter = this.#letter(place);
    const covers = this.#replay.get(endpointId, streamId, seq)?.covers ?? null;
    return {
      endpoint,
      groupId,
      ...(pausedBy === undefined ? {} : { pausedBy: { ...pausedBy } }),
      wanted: row === undefined ? undefined : this.#tables.endpoints.audienceHas(row.audience, endpointId),
      ...(lane === undefined
        ? {}
        : { lane: this.#lane(endpoint, lane, place, { settled, replaying: covers !== null }) }),
      failures: {
        count: this.#failures.get(endpointId, streamId, seq, until)?.n ?? 0,
        ...this.#last(place, until),
      },
      ...(range === undefined ? {} : { range }),
      ...(letter === undefined ? {} : { letter }),
      replayPending: covers === 1,
    };
  }

  #lane(
    endpoint: Endpoint,
    lane: LaneRow,
    place: Place,
    known: { readonly settled: boolean; readonly replaying: boolean },
  ): NonNullable<DeliveryFacts['lane']> {
    const retry = lane.retries.find(({ seq }) => seq === place.seq);
    const head = endpoint.settings.order === 'group' && !known.settled ? this.#head(lane, place) : undefined;
    return {
      ...known,
      ...(retry === undefined ? {} : { retry: { attempts: retry.attempts, dueAt: retry.dueAt } }),
      ...(head === undefined ? {} : { head }),
    };
  }

  /** The first event after the cursor that the endpoint wants, when it is another one. */
  #head(lane: LaneRow, { endpointId, streamId, seq }: Place): HeadFact | undefined {
    let after = lane.cursor;
    for (let page = 0; page < HEAD_PAGES; page += 1) {
      const rows = this.#tables.log.audiences(streamId, after);
      const first = rows.find(({ audience }) => this.#tables.endpoints.audienceHas(audience, endpointId));
      if (first !== undefined) return first.log_seq >= seq ? undefined : this.#headAt(lane, first.log_seq);
      after = rows.at(-1)?.log_seq ?? after;
      if (rows.length < LOG_PAGE || after >= seq) return undefined;
    }
    return undefined;
  }

  #headAt(lane: LaneRow, logSeq: number): HeadFact {
    const retry = lane.retries.find(({ seq }) => seq === logSeq);
    const { last } = this.#last({ ...lane, seq: logSeq }, Number.MAX_SAFE_INTEGER);
    return {
      logSeq,
      msgSeq: this.#tables.log.get(lane.streamId, logSeq)?.msg_seq ?? 0,
      attempts: retry?.attempts ?? 0,
      ...(retry === undefined ? {} : { dueAt: retry.dueAt }),
      ...(last === undefined ? {} : { lastFailure: last }),
    };
  }

  #last({ endpointId, streamId, seq }: Place, until: number): { readonly last?: FailureFact } {
    const row = this.#lastFailure.get(endpointId, streamId, seq, until);
    if (row === undefined) return {};
    const { at, verdict, status, detail } = row;
    return { last: { at, verdict, detail, ...(status === null ? {} : { status }) } };
  }

  #letter({ endpointId, streamId, seq }: Place): LetterFact | undefined {
    const row =
      this.#openLetter.get(endpointId, streamId, seq) ??
      this.#replayedLetter.get(endpointId, streamId, seq) ??
      (this.#tables.endpoints.get(endpointId) === undefined
        ? this.#deletedLetter.get(endpointId, streamId, seq)
        : undefined);
    if (row === undefined) return undefined;
    const { replayedAt, dismissed, ...letter } = row;
    return { ...letter, dismissed: dismissed === 1, ...(replayedAt === null ? {} : { replayedAt }) };
  }
}

function eventOf(row: EventRow, installId: string, streamId: number): ExplainedEvent {
  const extra = row.payload === null ? row.extra : extraIn(row);
  return {
    msgSeq: row.msg_seq ?? 0,
    logSeq: row.log_seq,
    id: eventId(installId, streamId, row.log_seq),
    time: row.time,
    inLog: true,
    tip: row.kind !== 'group.message.sent',
    suppressed: isSuppressed(extra),
  };
}

/** Facts of other kinds keep something else in their payload. */
function extraIn({ kind, payload }: EventRow): string | null {
  if (kind !== 'group.message.sent' || payload === null) return null;
  return JSON.stringify((JSON.parse(payload) as MessageContent).extra);
}

function isSuppressed(extra: string | null): boolean {
  return extra !== null && (JSON.parse(extra) as MessageExtra | null)?.forbidAfterWebhook === true;
}
