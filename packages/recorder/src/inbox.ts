import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@confab-im/receiver';
import { type Arrival, checkArrival } from './arrival.ts';
import { type SeqRange, seqWriter } from './holes.ts';
import { InboxError, inboxError } from './inbox-error.ts';
import { checkNote, type Note } from './note.ts';
import { prepareSchema } from './schema.ts';

/** What became of an event, told after the commit that holds it. */
export interface Noted {
  readonly id: number;
  /** A copy of what is recorded: it was dropped, and only counted. */
  readonly duplicate: boolean;
  /** Unix milliseconds. */
  readonly recordedAt: number;
}

/** The same of a message. */
export interface Recorded extends Noted {
  /** A hole in `MsgSeq` that this message has left behind it. */
  readonly opened?: SeqRange;
  /** The message came late and lay in a hole. */
  readonly late: boolean;
}

export interface Inbox {
  readonly file: string;
  /** For reading; everything that is written goes through `record` and `note`. */
  readonly db: DatabaseSync;
  /** Resolves when the message is on disk. Rejects with an `InboxError`, and then nothing of it is kept. */
  record(arrival: Arrival): Promise<Recorded>;
  /** The same for what happened to a group besides. */
  note(note: Note): Promise<Noted>;
  /** Commits what waits, then closes the file. May be called twice. */
  close(): void;
}

export interface OpenInboxOptions {
  /** To look into a file, also while a recorder writes it. */
  readonly readOnly?: boolean;
  readonly clock?: Pick<Clock, 'now'>;
}

/** SQLite waits so long for another program's lock. It holds the event loop meanwhile, and the sender tries again anyway. */
const LOCK_WAIT_MS = 250;
/** Messages and other events per transaction: an fsync each is then no longer what costs. */
const MAX_BATCH = 256;

/** Writes one row; the time is that of its batch. */
type Write<T> = (recordedAt: number) => T;

interface Waiting {
  /** Writes, and says how to tell it once the batch is on disk. */
  readonly write: Write<() => void>;
  readonly reject: (error: InboxError) => void;
}

/**
 * Opens or creates an inbox, `:memory:` for one that is kept nowhere. Throws an `InboxError` whose code says what is wrong
 * with the file: cannot be opened, read-only, locked, full disk, damaged, another program's, of a newer version.
 */
export function openInbox(file: string, options: OpenInboxOptions = {}): Inbox {
  const { readOnly = false, clock = Date } = options;
  const db = openDatabase(file, readOnly);
  if (readOnly) {
    const refuse = () => refuseWrite(file);
    return { file, db, record: refuse, note: refuse, close: () => db.isOpen && db.close() };
  }

  const [writeArrival, writeNote] = [arrivalWriter(db), noteWriter(db)];
  let waiting: Waiting[] = [];
  let scheduled: NodeJS.Immediate | undefined;

  /** All that has arrived in one turn of the event loop shares one commit. */
  function flush(): void {
    scheduled = undefined;
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    if (waiting.length > 0) scheduled = setImmediate(flush);
    settle(file, batch, () => inOneTransaction(db, clock.now(), batch));
  }

  async function enqueue<T>(write: Write<T>): Promise<T> {
    if (!db.isOpen) throw new InboxError('closed', `${file} is closed.`);
    return new Promise((resolve, reject) => {
      const written: Write<() => void> = (recordedAt) => {
        const told = write(recordedAt);
        return () => resolve(told);
      };
      waiting.push({ write: written, reject });
      scheduled ??= setImmediate(flush);
    });
  }

  return {
    file,
    db,
    async record(arrival) {
      checkArrival(arrival);
      return enqueue((recordedAt) => writeArrival(arrival, recordedAt));
    },
    async note(note) {
      checkNote(note);
      return enqueue((recordedAt) => writeNote(note, recordedAt));
    },
    close() {
      clearImmediate(scheduled);
      while (waiting.length > 0) flush();
      clearImmediate(scheduled);
      if (db.isOpen) db.close();
    },
  };
}

function openDatabase(file: string, readOnly: boolean): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    // SQLite would create the file readable by everybody.
    if (file !== ':memory:') closeSync(openSync(file, readOnly ? 'r' : 'a', 0o600));
    db = new DatabaseSync(file, { readOnly, timeout: LOCK_WAIT_MS });
    prepareSchema(db, file, readOnly);
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    if (readOnly && error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      const why = `There is no inbox ${file}. Give the path of one that a recorder has made.`;
      throw new InboxError('cannot-open', why, { cause: error });
    }
    throw inboxError(file, error);
  }
}

async function refuseWrite(file: string): Promise<never> {
  throw new InboxError('read-only', `${file} was opened for reading.`);
}

function settle(file: string, batch: readonly Waiting[], commit: () => readonly (() => void)[]): void {
  try {
    for (const tell of commit()) tell();
  } catch (error) {
    for (const { reject } of batch) reject(inboxError(file, error));
  }
}

/** Writes all of a batch or nothing of it. */
function inOneTransaction(
  db: DatabaseSync,
  recordedAt: number,
  batch: readonly Waiting[],
): readonly (() => void)[] {
  db.exec('BEGIN IMMEDIATE');
  try {
    const told = batch.map(({ write }) => write(recordedAt));
    db.exec('COMMIT');
    return told;
  } finally {
    // A failed statement may have rolled back by itself, on a full disk for one.
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

const INSERT = `
  INSERT INTO message (key, app, dialect, group_id, topic_id, group_type, sender, msg_seq, random, msg_time, event_time,
    online_only, types, delivery_id, replay, recorded_at, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET copies = copies + 1
  RETURNING id, copies, recorded_at`;

function arrivalWriter(db: DatabaseSync): (arrival: Arrival, recordedAt: number) => Recorded {
  const insert = db.prepare(INSERT);
  const addSeq = seqWriter(db);
  return (arrival, now) => {
    const { key, app, dialect, groupId, topicId, groupType, sender, msgSeq, random, msgTime } = arrival;
    const { eventTime = null, onlineOnly, types, deliveryId = null, replay, body } = arrival;
    const row = insert.get(
      ...[key, app, dialect, groupId, topicId, groupType, sender, msgSeq, random, msgTime, eventTime],
      ...[Number(onlineOnly), JSON.stringify(types), deliveryId, Number(replay), now, body],
    );
    const told = { id: Number(row?.id), recordedAt: Number(row?.recorded_at) };
    if (row?.copies !== 0) return { ...told, duplicate: true, late: false };
    if (msgSeq === 0) return { ...told, duplicate: false, late: false };
    const { opened, late } = addSeq({ app, groupId, topicId }, msgSeq);
    return { ...told, duplicate: false, late, ...(opened && { opened }) };
  };
}

const INSERT_EVENT = `
  INSERT INTO event (key, app, dialect, kind, group_id, event_time, delivery_id, replay, recorded_at, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET copies = copies + 1
  RETURNING id, copies, recorded_at`;

function noteWriter(db: DatabaseSync): (note: Note, recordedAt: number) => Noted {
  const insert = db.prepare(INSERT_EVENT);
  return ({ key = null, app, dialect, kind, groupId, eventTime = null, ...note }, now) => {
    const { deliveryId = null, replay, body } = note;
    const row = insert.get(
      ...[key, app, dialect, kind, groupId, eventTime, deliveryId, Number(replay), now, body],
    );
    return { id: Number(row?.id), duplicate: row?.copies !== 0, recordedAt: Number(row?.recorded_at) };
  };
}
