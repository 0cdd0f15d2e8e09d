import type { DatabaseSync } from 'node:sqlite';
import { InboxError } from './inbox-error.ts';

/** "CfIn": tells an inbox from any other SQLite file. */
const APPLICATION_ID = 0x43_66_49_6e;

/**
 * The schema, one step per version; `user_version` counts the steps a file has taken. A step that has been released is never
 * changed.
 *
 * - `message.key` is the exact key of the receiver: a copy meets the unique index and is counted in `copies`.
 * - `message.types` is a JSON array of the element types, each once.
 * - `message.body` is the text as it came. Times: `msg_time` unix seconds, the others unix milliseconds.
 * - `run` holds, per numbered stream, the ranges of `MsgSeq` that have been recorded without a gap: what lies between two
 *   ranges is a hole.
 * - `event` holds what happened to groups besides. Its key is null where the sender gives none: nothing then tells copies apart.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    app INTEGER NOT NULL,
    dialect TEXT NOT NULL,
    group_id TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    group_type TEXT NOT NULL,
    sender TEXT NOT NULL,
    msg_seq INTEGER NOT NULL,
    random INTEGER NOT NULL,
    msg_time INTEGER NOT NULL,
    event_time INTEGER,
    online_only INTEGER NOT NULL,
    types TEXT NOT NULL,
    delivery_id TEXT,
    replay INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    copies INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE run (
    app INTEGER NOT NULL,
    group_id TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (app, group_id, topic_id, first)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,
    app INTEGER NOT NULL,
    dialect TEXT NOT NULL,
    kind TEXT NOT NULL,
    group_id TEXT NOT NULL,
    event_time INTEGER,
    delivery_id TEXT,
    replay INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    copies INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
  ) STRICT;
  `,
];

export const SCHEMA_VERSION = STEPS.length;

/** Checks that the file is ours before anything in it is changed, and brings its schema up to date. */
export function prepareSchema(db: DatabaseSync, file: string, readOnly: boolean): void {
  const version = checkedVersion(db, file);
  if (readOnly) {
    if (version === SCHEMA_VERSION) return;
    throw new InboxError(
      'not-an-inbox',
      `${file} is empty or of an older version. Start the recorder on it once.`,
    );
  }
  // One fsync per commit: what has been answered survives a power cut.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  // A write at every start: a file that is locked or read-only is found now, not at the first webhook.
  db.exec('BEGIN IMMEDIATE');
  const from = checkedVersion(db, file);
  for (const step of STEPS.slice(from)) db.exec(step);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`);
  db.exec('COMMIT');
}

function checkedVersion(db: DatabaseSync, file: string): number {
  const version = pragma(db, 'user_version');
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  const ours = pragma(db, 'application_id') === APPLICATION_ID;
  if (!ours && (version !== 0 || tables !== 0)) {
    throw new InboxError('not-an-inbox', `${file} is a database of another program. Choose another file.`);
  }
  if (version > SCHEMA_VERSION) {
    throw new InboxError(
      'newer-version',
      `${file} has schema ${version}, this program knows ${SCHEMA_VERSION}. Use the newer program that wrote it.`,
    );
  }
  return version;
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
