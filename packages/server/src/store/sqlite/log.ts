import type { DatabaseSync } from 'node:sqlite';
import type { GroupAt, MsgPriority } from '@confab-im/protocol';
import { messageDigest } from '../../domain/message-digest.ts';
import type { StoredMessage } from '../store.ts';
import { type Statement, statement } from './statement.ts';

/** What a message row and a transient event's payload both hold. */
export interface MessageContent {
  readonly sender: string;
  readonly operator: string;
  readonly random: number;
  readonly priority: MsgPriority;
  readonly body: string;
  readonly cloudCustomData: string | null;
  readonly extra: MessageExtra | null;
}

/** Rarer fields of a message, kept as JSON. */
export interface MessageExtra {
  readonly at?: readonly GroupAt[];
  readonly to?: readonly string[];
  readonly noUnread?: true;
  readonly noLastMsg?: true;
  readonly forbidAfterWebhook?: true;
  readonly offlinePushInfo?: string;
  readonly supportMessageExtension?: true;
  readonly needReadReceipt?: true;
  readonly onlineOnly?: true;
  /** `messageDigest` of what the caller sent, when a before-webhook has rewritten it. */
  readonly sentDigest?: string;
}

/**
 * Where an event came from: client address, platform, operation id, account number, nick and face URL of the sender, and the
 * traceparent of the send when it was traced.
 */
export type Origin = readonly [
  clientIp: string,
  platform: string,
  operationId: string,
  account: number,
  nick: string,
  faceUrl: string,
  traceparent?: string,
];

export interface LogEntry {
  readonly kind: string;
  /** Unix ms. */
  readonly time: number;
  readonly audience: number;
  readonly msgSeq: number | null;
  readonly random: number | null;
  readonly origin: Origin | null;
  readonly payload: string | null;
  /** See `writeLinks`. */
  readonly links: string | null;
}

/** A log row with the message it points to. */
export interface LogRow {
  readonly log_seq: number;
  readonly kind: string;
  readonly time: number;
  readonly audience: number;
  readonly links: string | null;
  readonly msg_seq: number | null;
  readonly origin: string | null;
  readonly payload: string | null;
  readonly sender: string | null;
  readonly operator: string | null;
  readonly random: number | null;
  readonly priority: MsgPriority | null;
  readonly body: string | null;
  readonly cloud_custom_data: string | null;
  readonly extra: string | null;
}

/** A send as the search for copies sees it. */
export interface Send {
  readonly log_seq: number;
  readonly time: number;
  readonly msg_seq: number | null;
  readonly random: number;
  /** `messageDigest` of what the caller sent. */
  readonly digest: string;
}

interface SendRow {
  log_seq: number;
  time: number;
  msg_seq: number | null;
  random: number;
  payload: string | null;
  sender: string | null;
  body: string | null;
  cloud_custom_data: string | null;
  extra: string | null;
}

interface MessageRow {
  msg_seq: number;
  time: number;
  sender: string;
  random: number;
  priority: MsgPriority;
  state: StoredMessage['state'];
  tip: number;
  body: string;
  cloud_custom_data: string | null;
}

/**
 * Rows that one page of the log has. A literal in the SQL: SQLite prepares a statement anew each time a parameter in its LIMIT
 * is bound, which took a fifth of the store's time.
 */
export const LOG_PAGE = 32;

const WITH_MESSAGE = `FROM log l LEFT JOIN message m
  ON l.payload IS NULL AND m.stream_id = l.stream_id AND m.msg_seq = l.msg_seq`;

/** The log and the message table. Bodies are stored once: in the message row while there is one, else in the log row. */
export class Log {
  readonly #append;
  readonly #insertMessage;
  readonly #range: Statement<LogRow>;
  readonly #audiences: Statement<{ log_seq: number; audience: number }>;
  readonly #sendAt: Statement<SendRow>;
  readonly #sendsSince: Statement<SendRow>;
  readonly #history: Statement<MessageRow>;
  readonly #atOrAfter: Statement<{ log_seq: number; time: number }>;
  readonly #numbered: Statement<{ log_seq: number; msg_seq: number }>;
  readonly #numberedBefore: Statement<{ log_seq: number }>;
  readonly #one: Statement<{ msg_seq: number | null; time: number }>;

  constructor(db: DatabaseSync) {
    this.#append = statement(db, 'INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertMessage = statement(
      db,
      "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'normal', ?, ?, ?, ?)",
    );
    this.#range = statement(
      db,
      `SELECT l.log_seq, l.kind, l.time, l.audience, l.links, l.msg_seq, l.origin, l.payload,
              m.sender, m.operator, m.random, m.priority, m.body, m.cloud_custom_data, m.extra ${WITH_MESSAGE}
       WHERE l.stream_id = ? AND l.log_seq > ? AND l.log_seq <= ? ORDER BY l.log_seq LIMIT ${LOG_PAGE}`,
    );
    this.#audiences = statement(
      db,
      `SELECT log_seq, audience FROM log WHERE stream_id = ? AND log_seq > ? ORDER BY log_seq LIMIT ${LOG_PAGE}`,
    );
    const send = `SELECT l.log_seq, l.time, l.msg_seq, l.random, l.payload,
        m.sender, m.body, m.cloud_custom_data, m.extra ${WITH_MESSAGE} WHERE l.stream_id = ?`;
    this.#sendAt = statement(db, `${send} AND l.log_seq = ? AND l.random IS NOT NULL`);
    this.#sendsSince = statement(
      db,
      `${send} AND l.log_seq > ? AND l.time > ? AND l.random IS NOT NULL ORDER BY l.log_seq`,
    );
    this.#history = statement(
      db,
      `SELECT msg_seq, time, sender, random, priority, state, tip, body, cloud_custom_data FROM message
       WHERE stream_id = ? AND msg_seq <= ? AND msg_seq > ? ORDER BY msg_seq DESC`,
    );
    this.#atOrAfter = statement(
      db,
      'SELECT log_seq, time FROM log WHERE stream_id = ? AND log_seq >= ? ORDER BY log_seq LIMIT 1',
    );
    this.#numbered = statement(
      db,
      `SELECT log_seq, msg_seq FROM log WHERE stream_id = ? AND log_seq >= ? AND msg_seq > 0
       ORDER BY log_seq LIMIT 1`,
    );
    this.#numberedBefore = statement(
      db,
      `SELECT log_seq FROM log WHERE stream_id = ? AND log_seq < ? AND msg_seq > 0
       ORDER BY log_seq DESC LIMIT 1`,
    );
    this.#one = statement(db, 'SELECT msg_seq, time FROM log WHERE stream_id = ? AND log_seq = ?');
  }

  append(streamId: number, logSeq: number, entry: LogEntry): void {
    const { kind, time, audience, msgSeq, random, origin, payload, links } = entry;
    const from = origin === null ? null : JSON.stringify(origin);
    this.#append.run(streamId, logSeq, kind, time, audience, msgSeq, random, from, payload, links);
  }

  insertMessage(
    streamId: number,
    at: { msgSeq: number; logSeq: number; time: number; tip: boolean },
    content: MessageContent,
  ): void {
    this.#insertMessage.run(
      streamId,
      at.msgSeq,
      at.logSeq,
      at.time,
      content.sender,
      content.operator,
      content.random,
      content.priority,
      at.tip ? 1 : 0,
      content.body,
      content.cloudCustomData,
      content.extra === null ? null : JSON.stringify(content.extra),
    );
  }

  /** Rows with `after` < log sequence <= `through`, in order, a page of LOG_PAGE at most. */
  range(streamId: number, after: number, through: number): LogRow[] {
    return this.#range.all(streamId, after, through);
  }

  /** Who wanted the rows after a log sequence, in order, a page of LOG_PAGE at most. */
  audiences(streamId: number, after: number): { log_seq: number; audience: number }[] {
    return this.#audiences.all(streamId, after);
  }

  /** The same, as far as it is known without much ado; another store may know less than all. */
  latest(streamId: number, after: number): { log_seq: number; audience: number }[] {
    return this.audiences(streamId, after);
  }

  send(streamId: number, logSeq: number): Send | undefined {
    const row = this.#sendAt.get(streamId, logSeq);
    return row === undefined ? undefined : sendOf(row);
  }

  /** Sends with a log sequence above `after` and later than `since` (unix ms), in order. */
  *sendsSince(streamId: number, after: number, since: number): Iterable<Send> {
    for (const row of this.#sendsSince.iterate(streamId, after, since)) yield sendOf(row);
  }

  /** Messages with `below` < MsgSeq <= `from`, newest first. */
  history(streamId: number, from: number, below: number): StoredMessage[] {
    return this.#history.all(streamId, from, below).map((row) => ({
      msgSeq: row.msg_seq,
      msgTime: Math.floor(row.time / 1000),
      sender: row.sender,
      random: row.random,
      priority: row.priority,
      state: row.state,
      tip: row.tip === 1,
      msgBodyJson: row.body,
      ...(row.cloud_custom_data === null ? {} : { cloudCustomData: row.cloud_custom_data }),
    }));
  }

  /** The first row at or after a log sequence. */
  firstAt(streamId: number, logSeq: number): { log_seq: number; time: number } | undefined {
    return this.#atOrAfter.get(streamId, logSeq);
  }

  /** Log sequence of the first message whose `MsgSeq` is at least this; `head + 1` when there is none. */
  fromMsgSeq(streamId: number, msgSeq: number, head: number): number {
    const from = bisect(head, (logSeq) => {
      const row = this.#numbered.get(streamId, logSeq);
      return row === undefined ? undefined : { logSeq: row.log_seq, reached: row.msg_seq >= msgSeq };
    });
    return this.#numbered.get(streamId, from)?.log_seq ?? head + 1;
  }

  /** Log sequence of the last message whose `MsgSeq` is at most this; 0 when there is none. */
  toMsgSeq(streamId: number, msgSeq: number, head: number): number {
    return this.#numberedBefore.get(streamId, this.fromMsgSeq(streamId, msgSeq + 1, head))?.log_seq ?? 0;
  }

  get(streamId: number, logSeq: number): { msg_seq: number | null; time: number } | undefined {
    return this.#one.get(streamId, logSeq);
  }

  /** First log sequence whose time is at least `time`: time never goes back within a stream. */
  fromTime(streamId: number, time: number, head: number): number {
    return bisect(head, (logSeq) => {
      const row = this.firstAt(streamId, logSeq);
      return row === undefined ? undefined : { logSeq: row.log_seq, reached: row.time >= time };
    });
  }
}

/**
 * Lowest log sequence from which on `firstAt` finds only rows that have reached what is looked for, or nothing: `firstAt`
 * tells of the first row at or after a sequence. `head + 1` when no row has reached it.
 */
function bisect(
  head: number,
  firstAt: (logSeq: number) => { readonly logSeq: number; readonly reached: boolean } | undefined,
): number {
  let low = 1;
  let high = head + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = firstAt(middle);
    if (row === undefined || row.reached) high = middle;
    else low = row.logSeq + 1;
  }
  return low;
}

function sendOf(row: SendRow): Send {
  const { log_seq, time, msg_seq, random } = row;
  const content = row.payload === null ? undefined : (JSON.parse(row.payload) as MessageContent);
  const extra = content?.extra ?? (row.extra === null ? null : (JSON.parse(row.extra) as MessageExtra));
  const { sender, body, cloudCustomData } = content ?? {
    sender: row.sender ?? '',
    body: row.body ?? '',
    cloudCustomData: row.cloud_custom_data,
  };
  const digest = extra?.sentDigest ?? messageDigest(sender, body, cloudCustomData);
  return { log_seq, time, msg_seq, random, digest };
}
