import type { DatabaseSync } from 'node:sqlite';
import type { OrdinalMember, ReceiptState } from '../../domain/receipts.ts';
import { type Statement, statement } from './statement.ts';

export interface ReceiptRow {
  readonly sender: string;
  readonly before_ordinal: number;
  readonly recipients: number;
  readonly read_num: number;
  readonly targets: string | null;
  readonly departures: number;
}

export const RECEIPT = 'sender, before_ordinal, recipients, read_num, targets, departures';

/** What a report changes of a message. */
export interface ReadBy extends Pick<ReceiptState, 'recipients' | 'readNum' | 'departures'> {
  readonly chunk: number;
  readonly bits: string;
}

/** Messages that asked for receipts, and who has read them. */
export class Receipts {
  readonly #get: Statement<ReceiptRow>;
  readonly #bits: Statement<{ bits: string }>;
  readonly #ordinalOf: Statement<{ ordinal: number }>;
  readonly #members: Statement<OrdinalMember>;
  readonly #open;
  readonly #count;
  readonly #putBits;

  constructor(db: DatabaseSync) {
    this.#get = statement(db, `SELECT ${RECEIPT} FROM receipt WHERE stream_id = ? AND msg_seq = ?`);
    this.#bits = statement(
      db,
      'SELECT bits FROM receipt_bits WHERE stream_id = ? AND msg_seq = ? AND chunk = ?',
    );
    this.#ordinalOf = statement(db, 'SELECT ordinal FROM member WHERE stream_id = ? AND user_id = ?');
    this.#members = statement(
      db,
      'SELECT user_id, ordinal FROM member WHERE stream_id = ? AND ordinal > ? AND ordinal < ? ORDER BY ordinal',
    );
    this.#open = statement(
      db,
      `INSERT INTO receipt (stream_id, msg_seq, ${RECEIPT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#count = statement(
      db,
      'UPDATE receipt SET read_num = ?, recipients = ?, departures = ? WHERE stream_id = ? AND msg_seq = ?',
    );
    this.#putBits = statement(
      db,
      `INSERT INTO receipt_bits VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stream_id, msg_seq, chunk) DO UPDATE SET bits = ?4`,
    );
  }

  get(streamId: number, msgSeq: number): ReceiptState | undefined {
    const row = this.#get.get(streamId, msgSeq);
    return row === undefined ? undefined : receiptOf(row);
  }

  /** Empty when none of these members has read it. */
  bits(streamId: number, msgSeq: number, chunk: number): string {
    return this.#bits.get(streamId, msgSeq, chunk)?.bits ?? '';
  }

  /** In which number a member joined. */
  ordinalOf(streamId: number, userId: string): number | undefined {
    return this.#ordinalOf.get(streamId, userId)?.ordinal;
  }

  /** Members between two numbers of joining, in their order. */
  members(streamId: number, after: number, before: number): readonly OrdinalMember[] {
    return this.#members.all(streamId, after, before);
  }

  open(streamId: number, msgSeq: number, state: ReceiptState): void {
    const { sender, beforeOrdinal, recipients, readNum, departures } = state;
    const targets = targetsText(state);
    this.#open.run(streamId, msgSeq, sender, beforeOrdinal, recipients, readNum, targets, departures);
  }

  read(streamId: number, msgSeq: number, by: ReadBy): void {
    this.#count.run(by.readNum, by.recipients, by.departures, streamId, msgSeq);
    this.#putBits.run(streamId, msgSeq, by.chunk, by.bits);
  }
}

export function targetsText({ targets }: ReceiptState): string | null {
  return targets === undefined ? null : JSON.stringify(targets);
}

export function receiptOf(row: ReceiptRow): ReceiptState {
  return {
    sender: row.sender,
    beforeOrdinal: row.before_ordinal,
    recipients: row.recipients,
    readNum: row.read_num,
    departures: row.departures,
    ...(row.targets === null ? {} : { targets: JSON.parse(row.targets) as string[] }),
  };
}
