import type { Endpoint } from '../../domain/endpoint.ts';
import { afterKindOf } from '../../domain/event-kinds.ts';
import type {
  DeliveryFacts,
  ExplainedEvent,
  FailureFact,
  HeadFact,
  LetterFact,
} from '../../domain/explain/facts.ts';
import type { ExplainFacts, ExplainQuery } from '../explain.ts';
import type { LaneRow } from '../lanes.ts';
import type { EventRow, ExplainRows } from './explain-rows.ts';
import { LOG_PAGE, type MessageContent, type MessageExtra } from './log.ts';
import { eventId } from './message-event.ts';
import type { Tables } from './tables.ts';

const SENT = 'group.message.sent';
/** Pages of the log that one question looks at for the head of a lane, see `explain-rows.ts`. */
const HEAD_PAGES = 16;

interface Place {
  readonly endpointId: number;
  readonly streamId: number;
  readonly seq: number;
}

interface ExplainedStream {
  readonly streamId: number;
  readonly nextMsgSeq: number;
  readonly head: number;
  /** Unix ms. */
  readonly disbandedAt?: number;
}

/** Gathers what the tables know of one message and its deliveries. */
export class Explainer {
  readonly #rows: ExplainRows;
  readonly #tables: Tables;
  readonly #installId: string;

  constructor(rows: ExplainRows, tables: Tables, installId: string) {
    this.#rows = rows;
    this.#tables = tables;
    this.#installId = installId;
  }

  explain(query: ExplainQuery): ExplainFacts {
    const stream = this.#streamOf(query);
    if (typeof stream === 'string') return { kind: stream };
    const { streamId, head, disbandedAt } = stream;
    const { logSeq } = query;
    const msgSeq = query.msgSeq ?? 0;
    const newest = logSeq === undefined ? stream.nextMsgSeq - 1 : head;
    const asked = logSeq ?? msgSeq;
    if (asked < 1 || asked > newest) return { kind: 'no-message', newest };
    const seq = logSeq ?? this.#seqOf(streamId, msgSeq, head);
    const row = seq === undefined ? undefined : this.#rows.event.get(streamId, seq);
    const event =
      row === undefined ? this.#trimmed(streamId, msgSeq, seq) : eventOf(row, this.#installId, streamId);
    const deliveries = this.#endpointsFor(query.app, row).map(({ endpoint, deletedAt }) => ({
      ...this.#delivery(endpoint, query, { streamId, endpointId: endpoint.id, seq: seq ?? 0 }, row),
      ...(deletedAt === undefined ? {} : { deletedAt }),
    }));
    const gone = disbandedAt === undefined ? {} : { disbandedAt };
    return { kind: 'found', streamId, ...gone, event, deliveries };
  }

  /** Of the group or topic that is there, else of the last one of that id. */
  #streamOf({ app, groupId, topicId }: ExplainQuery): ExplainedStream | 'no-group' | 'no-topic' {
    const { groups } = this.#tables;
    const group = groups.get(app, groupId);
    const state = topicId === undefined ? group : groups.topic(app, topicId);
    if (state?.group.groupId === groupId) {
      const { streamId, nextMsgSeq } = state.group;
      return { streamId, nextMsgSeq, head: state.head };
    }
    const { goneGroup, goneTopic } = this.#rows;
    const gone = topicId === undefined ? goneGroup.get(app, groupId) : goneTopic.get(app, groupId, topicId);
    if (gone !== undefined) {
      const { stream_id: streamId, next_msg_seq: nextMsgSeq, head, destroyed_at: disbandedAt } = gone;
      return { streamId, nextMsgSeq, head, disbandedAt };
    }
    return topicId !== undefined && (group ?? goneGroup.get(app, groupId)) !== undefined
      ? 'no-topic'
      : 'no-group';
  }

  /** The message row has it; a message without one (AVChatRoom) is searched for in the log. */
  #seqOf(streamId: number, msgSeq: number, head: number): number | undefined {
    const known = this.#rows.message.get(streamId, msgSeq)?.log_seq;
    if (known !== undefined) return known;
    const seq = this.#tables.log.fromMsgSeq(streamId, msgSeq, head);
    return this.#tables.log.get(streamId, seq)?.msg_seq === msgSeq ? seq : undefined;
  }

  /** What the message still tells when its log row has gone. */
  #trimmed(streamId: number, msgSeq: number, logSeq: number | undefined): ExplainedEvent {
    const message = this.#rows.message.get(streamId, msgSeq);
    const known = logSeq === undefined ? {} : { logSeq, id: eventId(this.#installId, streamId, logSeq) };
    return {
      msgSeq,
      ...known,
      ...(message === undefined ? {} : { time: message.time }),
      inLog: false,
      ...(message?.tip === 0 && { kind: SENT, asked: SENT }),
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
    const { firstAt, lastAt, count, begunAt } = this.#rows.ranges.get(endpointId, streamId, seq) ?? {
      firstAt: null,
    };
    const range = settled && firstAt !== null ? { firstAt, lastAt, count } : undefined;
    const position = this.#rows.passed.get(endpointId, streamId, seq);
    // A receiver that lost the event later had it sent after all, and another row begun.
    const passed = settled && position !== undefined && position.at >= (begunAt ?? 0) ? position : undefined;
    // Those of a replay come after the delivery and are not among what it took.
    const until = range?.lastAt ?? Number.MAX_SAFE_INTEGER;
    const pausedBy =
      endpoint.pauseReason === 'operator'
        ? this.#rows.pausedBy.get(`${app}/${endpoint.settings.name}`)
        : undefined;
    const letter = this.#letter(place);
    const covers = this.#rows.replay.get(endpointId, streamId, seq)?.covers ?? null;
    return {
      endpoint,
      groupId,
      ...(pausedBy === undefined ? {} : { pausedBy: { ...pausedBy } }),
      wanted: row === undefined ? undefined : this.#tables.endpoints.audienceHas(row.audience, endpointId),
      ...(lane === undefined
        ? {}
        : { lane: this.#lane(endpoint, lane, place, { settled, replaying: covers !== null }) }),
      failures: {
        count: this.#rows.failures.get(endpointId, streamId, seq, until)?.n ?? 0,
        ...this.#last(place, until),
      },
      ...(range === undefined ? {} : { range }),
      ...(passed === undefined ? {} : { passed: { ...passed } }),
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
    const row = this.#rows.lastFailure.get(endpointId, streamId, seq, until);
    if (row === undefined) return {};
    const { at, verdict, status, detail } = row;
    return { last: { at, verdict, detail, ...(status === null ? {} : { status }) } };
  }

  #letter({ endpointId, streamId, seq }: Place): LetterFact | undefined {
    const row =
      this.#rows.openLetter.get(endpointId, streamId, seq) ??
      this.#rows.replayedLetter.get(endpointId, streamId, seq) ??
      (this.#tables.endpoints.get(endpointId) === undefined
        ? this.#rows.deletedLetter.get(endpointId, streamId, seq)
        : undefined);
    if (row === undefined) return undefined;
    const { replayedAt, dismissed, ...letter } = row;
    return { ...letter, dismissed: dismissed === 1, ...(replayedAt === null ? {} : { replayedAt }) };
  }
}

function eventOf(row: EventRow, installId: string, streamId: number): ExplainedEvent {
  const extra = row.payload === null ? row.extra : extraIn(row);
  const asked = afterKindOf(row.kind, row.kind === SENT ? undefined : JSON.parse(row.payload ?? '{}'));
  return {
    msgSeq: row.msg_seq ?? 0,
    logSeq: row.log_seq,
    id: eventId(installId, streamId, row.log_seq),
    time: row.time,
    inLog: true,
    kind: row.kind,
    ...(asked !== undefined && { asked }),
    suppressed: isSuppressed(extra),
  };
}

/** Facts of other kinds keep something else in their payload. */
function extraIn({ kind, payload }: EventRow): string | null {
  if (kind !== SENT || payload === null) return null;
  return JSON.stringify((JSON.parse(payload) as MessageContent).extra);
}

function isSuppressed(extra: string | null): boolean {
  return extra !== null && (JSON.parse(extra) as MessageExtra | null)?.forbidAfterWebhook === true;
}
