import type { DatabaseSync } from 'node:sqlite';
import type { MsgPriority } from '@confab-im/protocol';
import type { StoredMessage } from '../store.ts';
import type { MessageContent, MessageExtra } from './log.ts';
import { type Statement, statement } from './statement.ts';

/** A message as it stands in the history. */
export interface MessageState {
  readonly logSeq: number;
  /** Unix seconds. */
  readonly sendTime: number;
  readonly state: StoredMessage['state'];
  readonly tip: boolean;
  readonly content: MessageContent;
}

export interface MessageStateRow {
  readonly log_seq: number;
  readonly time: number;
  readonly state: StoredMessage['state'];
  readonly tip: number | boolean;
  readonly sender: string;
  readonly operator: string;
  readonly random: number;
  readonly priority: MsgPriority;
  readonly body: string;
  readonly cloud_custom_data: string | null;
  readonly extra: string | null;
}

export const MESSAGE_STATE =
  'log_seq, time, state, tip, sender, operator, random, priority, body, cloud_custom_data, extra';

/** What the history shows from now on. */
export interface Rewritten {
  readonly state: StoredMessage['state'];
  readonly body: string;
  readonly cloudCustomData: string | null;
}

/** Messages that are in the history already: looked at one by one, and rewritten. */
export class Messages {
  readonly #get: Statement<MessageStateRow>;
  readonly #normalOf: Statement<{ msg_seq: number }>;
  readonly #keep;
  readonly #rewrite;

  constructor(db: DatabaseSync) {
    this.#get = statement(db, `SELECT ${MESSAGE_STATE} FROM message WHERE stream_id = ? AND msg_seq = ?`);
    this.#normalOf = statement(
      db,
      `SELECT msg_seq FROM message WHERE stream_id = ? AND msg_seq >= ? AND sender = ? AND state = 'normal' AND tip = 0
       ORDER BY msg_seq`,
    );
    this.#keep = statement(
      db,
      'UPDATE log SET payload = ? WHERE stream_id = ? AND log_seq = ? AND payload IS NULL',
    );
    this.#rewrite = statement(
      db,
      'UPDATE message SET state = ?, body = ?, cloud_custom_data = ? WHERE stream_id = ? AND msg_seq = ?',
    );
  }

  get(streamId: number, msgSeq: number): MessageState | undefined {
    const row = this.#get.get(streamId, msgSeq);
    return row === undefined ? undefined : messageStateOf(row);
  }

  /** Numbers, from `from` on, of what a user has sent and has not been recalled. */
  normalOf(streamId: number, sender: string, from: number): number[] {
    return this.#normalOf.all(streamId, from, sender).map((row) => row.msg_seq);
  }

  /**
   * Changes what the history shows. What was sent goes on being told as it was: before the first change it moves from here into its
   * log row, for as long as there is one (docs/decisions/0026).
   */
  rewrite(streamId: number, msgSeq: number, before: MessageState, now: Rewritten): void {
    this.#keep.run(JSON.stringify(before.content), streamId, before.logSeq);
    this.#rewrite.run(now.state, now.body, now.cloudCustomData, streamId, msgSeq);
  }
}

export function messageStateOf(row: MessageStateRow): MessageState {
  return {
    logSeq: row.log_seq,
    sendTime: Math.floor(row.time / 1000),
    state: row.state,
    tip: row.tip === 1 || row.tip === true,
    content: {
      sender: row.sender,
      operator: row.operator,
      random: row.random,
      priority: row.priority,
      body: row.body,
      cloudCustomData: row.cloud_custom_data,
      extra: row.extra === null ? null : (JSON.parse(row.extra) as MessageExtra),
    },
  };
}
