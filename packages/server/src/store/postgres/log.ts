import { BoundedMap } from '../../base/bounded-map.ts';
import { messageDigest } from '../../domain/message-digest.ts';
import { LOG_PAGE, type LogEntry, type LogRow, type MessageContent, type Send } from '../sqlite/log.ts';
import { bytes, int8s, texts } from './arrays.ts';
import { type Questions, question } from './questions.ts';
import type { Memory } from './rows.ts';
import { call, type Row, rowAs, statement } from './statement.ts';
import type { Write, Writes } from './writes.ts';

/** Streams of which the last audiences are remembered, and how many of each; about 16 bytes an event. */
const TAILS = 10_000;
const TAIL = 64;

interface Appended extends LogEntry {
  readonly streamId: number;
  readonly logSeq: number;
}

interface NewMessage {
  readonly streamId: number;
  readonly at: {
    readonly msgSeq: number;
    readonly logSeq: number;
    readonly time: number;
    readonly tip: boolean;
  };
  readonly content: MessageContent;
}

interface Audience {
  readonly log_seq: number;
  readonly audience: number;
}

export const WITH_MESSAGE = `FROM log l LEFT JOIN message m
  ON l.payload IS NULL AND m.stream_id = l.stream_id AND m.msg_seq = l.msg_seq`;

const RANGE = question<[number, number, number], readonly LogRow[]>(
  `SELECT l.log_seq, l.kind, l.time, l.audience, l.links, l.msg_seq, l.origin, l.payload,
     m.sender, m.operator, m.random, m.priority, m.body, m.cloud_custom_data, m.extra ${WITH_MESSAGE}
   WHERE l.stream_id = $1 AND l.log_seq > $2 AND l.log_seq <= $3 ORDER BY l.log_seq LIMIT ${LOG_PAGE}`,
  [],
  (rows) => rows.map(rowAs<LogRow>),
);
const AUDIENCES = question<[number, number], readonly Audience[]>(
  `SELECT log_seq, audience FROM log WHERE stream_id = $1 AND log_seq > $2 ORDER BY log_seq LIMIT ${LOG_PAGE}`,
  [],
  (rows) => rows.map(rowAs<Audience>),
);
const sendsOf = (
  streamId: string,
) => `SELECT l.log_seq, l.time, l.msg_seq, l.random, l.payload, m.sender, m.body, m.cloud_custom_data, m.extra
  ${WITH_MESSAGE} WHERE l.stream_id = ${streamId} AND l.random IS NOT NULL`;
const SEND = sendsOf('$1');
const SEND_AT = question<[number, number], Send | null>(`${SEND} AND l.log_seq = $2`, null, ([row]) =>
  row === undefined ? null : sendOf(row),
);
/** Sends after a log sequence and later than a time, in order, up to a head. */
export const SENDS_SINCE = question<[number, number, number, number], readonly Send[]>(
  `${SEND} AND l.log_seq > $2 AND l.log_seq >= log_from_time($1, $3::int8 + 1, $4)
     AND l.log_seq <= $4 ORDER BY l.log_seq`,
  [],
  (rows) => rows.map(sendOf),
);
/** The first sends of each stream after a log sequence, `limit` at most, in order. */
export const sendsAfter = (limit: number) =>
  statement(
    `SELECT x.stream_id, s.* FROM unnest($1::int8[], $2::int8[]) AS x (stream_id, after)
     CROSS JOIN LATERAL (${sendsOf('x.stream_id')} AND l.log_seq > x.after ORDER BY l.log_seq LIMIT ${limit}) AS s
     ORDER BY x.stream_id, s.log_seq`,
  );
const ONE = question<[number, number], { msg_seq: number | null; time: number } | null>(
  'SELECT msg_seq, time FROM log WHERE stream_id = $1 AND log_seq = $2',
  null,
  ([row]) => (row as { msg_seq: number | null; time: number } | undefined) ?? null,
);
const seq = ([row]: readonly Row[]) => Number(row?.seq ?? 1);
const FROM_TIME = question<[number, number, number], number>(
  'SELECT log_from_time($1, $2, $3) AS seq',
  1,
  seq,
);
const FROM_MSG = question<[number, number, number], number>(
  'SELECT log_from_msg_seq($1, $2, $3) AS seq',
  1,
  seq,
);
const TO_MSG = question<[number, number, number], number>(
  `SELECT coalesce((SELECT l.log_seq FROM log l WHERE l.stream_id = $1 AND l.log_seq < log_from_msg_seq($1, $2::int8 + 1, $3)
     AND l.msg_seq > 0 ORDER BY l.log_seq DESC LIMIT 1), 0) AS seq`,
  0,
  seq,
);

const NEW_ENTRIES = statement(
  `INSERT INTO log SELECT * FROM unnest($1::int8[], $2::int8[], $3::text[], $4::int8[], $5::int8[], $6::int8[], $7::int8[],
     $8::bytea[], $9::bytea[], $10::text[])`,
);
const NEW_MESSAGES = statement(
  `INSERT INTO message SELECT x.stream_id, x.msg_seq, x.log_seq, x.time, x.sender, x.operator, x.random, x.priority, 'normal',
     x.tip = 1, x.body, x.cloud_custom_data, x.extra
   FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::text[], $6::text[], $7::int8[], $8::text[], $9::int8[],
     $10::bytea[], $11::bytea[], $12::bytea[])
     AS x (stream_id, msg_seq, log_seq, time, sender, operator, random, priority, tip, body, cloud_custom_data, extra)`,
);

const APPEND: Write<Appended> = {
  table: 'log',
  call: (items) =>
    call(
      NEW_ENTRIES,
      int8s(items.map(({ streamId }) => streamId)),
      int8s(items.map(({ logSeq }) => logSeq)),
      texts(items.map(({ kind }) => kind)),
      int8s(items.map(({ time }) => time)),
      int8s(items.map(({ audience }) => audience)),
      int8s(items.map(({ msgSeq }) => msgSeq)),
      int8s(items.map(({ random }) => random)),
      bytes(items.map(({ origin }) => (origin === null ? null : JSON.stringify(origin)))),
      bytes(items.map(({ payload }) => payload)),
      texts(items.map(({ links }) => links)),
    ),
};
const INSERT_MESSAGE: Write<NewMessage> = {
  table: 'message',
  call: (items) =>
    call(
      NEW_MESSAGES,
      int8s(items.map(({ streamId }) => streamId)),
      int8s(items.map(({ at }) => at.msgSeq)),
      int8s(items.map(({ at }) => at.logSeq)),
      int8s(items.map(({ at }) => at.time)),
      texts(items.map(({ content }) => content.sender)),
      texts(items.map(({ content }) => content.operator)),
      int8s(items.map(({ content }) => content.random)),
      texts(items.map(({ content }) => content.priority)),
      int8s(items.map(({ at }) => (at.tip ? 1 : 0))),
      bytes(items.map(({ content }) => content.body)),
      bytes(items.map(({ content }) => content.cloudCustomData)),
      bytes(items.map(({ content: { extra } }) => (extra === null ? null : JSON.stringify(extra)))),
    ),
};

/** The log and the message table. Bodies are stored once: in the message row while there is one, else in the log row. */
export class Log implements Memory {
  readonly #questions: Questions;
  readonly #writes: Writes;
  /** Of streams that were lately written to: so the checkpoint of a lane that has caught up with the log need not read it. */
  readonly #tails = new BoundedMap<number, Audience[]>(TAILS);
  readonly #appended = new Map<number, Appended[]>();
  readonly #contents = new Map<string, MessageContent>();

  constructor(questions: Questions, writes: Writes) {
    this.#questions = questions;
    this.#writes = writes;
  }

  append(streamId: number, logSeq: number, entry: LogEntry): void {
    const appended = { ...entry, streamId, logSeq };
    const others = this.#appended.get(streamId);
    if (others === undefined) this.#appended.set(streamId, [appended]);
    else others.push(appended);
    this.#writes.add(APPEND, appended);
  }

  insertMessage(streamId: number, at: NewMessage['at'], content: MessageContent): void {
    this.#contents.set(`${streamId}/${at.logSeq}`, content);
    this.#writes.add(INSERT_MESSAGE, { streamId, at, content });
  }

  /** Rows with `after` < log sequence <= `through`, in order, a page of LOG_PAGE at most; those of this pass are left out. */
  range(streamId: number, after: number, through: number): LogRow[] {
    return [...this.#questions.ask(RANGE, streamId, after, through)];
  }

  /** Who wanted the rows after a log sequence, in order, a page of LOG_PAGE at most; those of this pass are left out. */
  audiences(streamId: number, after: number): Audience[] {
    return [...this.#questions.ask(AUDIENCES, streamId, after)];
  }

  /**
   * The same, a page, as far as it is remembered: what others have appended meanwhile is found where the lane's row is to go, see
   * `Lanes.catchUp`.
   */
  latest(streamId: number, after: number): Audience[] {
    const tail = this.#tails.get(streamId) ?? [];
    const appended = (this.#appended.get(streamId) ?? []).map(audienceOf);
    return [...tail, ...appended].filter(({ log_seq }) => log_seq > after).slice(0, LOG_PAGE);
  }

  send(streamId: number, logSeq: number): Send | undefined {
    const appended = this.#appended.get(streamId)?.find((entry) => entry.logSeq === logSeq);
    if (appended === undefined) return this.#questions.ask(SEND_AT, streamId, logSeq) ?? undefined;
    const { time, msgSeq, random, payload } = appended;
    if (random === null) return undefined;
    const content =
      this.#contents.get(`${streamId}/${logSeq}`) ?? (JSON.parse(payload ?? '{}') as MessageContent);
    return { log_seq: logSeq, time, msg_seq: msgSeq, random, digest: digestOf(content) };
  }

  get(streamId: number, logSeq: number): { msg_seq: number | null; time: number } | undefined {
    return this.#questions.ask(ONE, streamId, logSeq) ?? undefined;
  }

  /** Log sequence of the first message whose `MsgSeq` is at least this; `head + 1` when there is none. */
  fromMsgSeq(streamId: number, msgSeq: number, head: number): number {
    return this.#questions.ask(FROM_MSG, streamId, msgSeq, head);
  }

  /** Log sequence of the last message whose `MsgSeq` is at most this; 0 when there is none. */
  toMsgSeq(streamId: number, msgSeq: number, head: number): number {
    return this.#questions.ask(TO_MSG, streamId, msgSeq, head);
  }

  /** First log sequence whose time is at least `time`. */
  fromTime(streamId: number, time: number, head: number): number {
    return this.#questions.ask(FROM_TIME, streamId, time, head);
  }

  discard(): void {
    this.#appended.clear();
    this.#contents.clear();
  }

  keep(): void {
    for (const [streamId, entries] of this.#appended) {
      const known = this.#tails.get(streamId);
      const added = entries.map(audienceOf);
      const follows = known !== undefined && known.at(-1)?.log_seq === (added[0]?.log_seq ?? 0) - 1;
      const tail = follows ? [...known, ...added] : added;
      this.#tails.set(streamId, tail.length > 2 * TAIL ? tail.slice(-TAIL) : tail);
    }
    this.discard();
  }

  forget(): void {
    this.discard();
    this.#tails.clear();
  }
}

function audienceOf({ logSeq, audience }: Appended): Audience {
  return { log_seq: logSeq, audience };
}

function digestOf({ sender, body, cloudCustomData, extra }: MessageContent): string {
  return extra?.sentDigest ?? messageDigest(sender, body, cloudCustomData);
}

export function sendOf(row: Row): Send {
  const payload = row.payload as string | null;
  const extra = row.extra as string | null;
  const content =
    payload === null
      ? ({
          sender: row.sender ?? '',
          body: row.body ?? '',
          cloudCustomData: row.cloud_custom_data ?? null,
          extra: extra === null ? null : JSON.parse(extra),
        } as MessageContent)
      : (JSON.parse(payload) as MessageContent);
  return {
    log_seq: row.log_seq as number,
    time: row.time as number,
    msg_seq: row.msg_seq as number | null,
    random: row.random as number,
    digest: digestOf(content),
  };
}
