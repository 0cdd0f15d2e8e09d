import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { exportJsonLines } from '../src/export.ts';
import { collectHoles } from '../src/holes.ts';
import { openInbox } from '../src/inbox.ts';
import { InboxError, type InboxErrorCode } from '../src/inbox-error.ts';
import { arrival, clockAt, NOW_MS } from './support/arrivals.ts';
import { tempFile } from './support/temp-file.ts';

const withCode = (code: InboxErrorCode, file: string) => (error: unknown) => {
  assert.ok(error instanceof InboxError, String(error));
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.includes(file), error.message);
  return true;
};

test('a message is recorded once; its copies are dropped and counted', async () => {
  const inbox = openInbox(':memory:', { clock: clockAt() });
  const message = arrival({ msgSeq: 1 });
  const [first, copy] = await Promise.all([inbox.record(message), inbox.record({ ...message, body: '{}' })]);
  assert.deepEqual(first, { id: 1, duplicate: false, recordedAt: NOW_MS, late: false });
  assert.equal(copy.duplicate, true);
  assert.equal((await inbox.record(message)).duplicate, true);
  assert.deepEqual(
    {
      ...inbox.db
        .prepare('SELECT count(*) AS n, sum(copies) AS copies, max(body) AS body FROM message')
        .get(),
    },
    { n: 1, copies: 2, body: message.body },
  );
  inbox.close();
});

test('requests of one turn share one commit', async () => {
  const file = tempFile();
  const inbox = openInbox(file);
  const before = statSync(`${file}-wal`).size;
  await inbox.record(arrival());
  const one = statSync(`${file}-wal`).size - before;
  await Promise.all(Array.from({ length: 50 }, () => inbox.record(arrival())));
  const fifty = statSync(`${file}-wal`).size - before - one;
  assert.ok(fifty < 10 * one, `${fifty} bytes of log for fifty, ${one} for one`);
  inbox.close();
});

test('what was acknowledged is there when the file is opened again without a proper end', async () => {
  const file = tempFile();
  const inbox = openInbox(file);
  await Promise.all([1, 2, 5].map((msgSeq) => inbox.record(arrival({ msgSeq }))));
  // As a power cut leaves it: the files as they are, the log not yet folded in.
  const copy = join(dirname(file), 'after-crash.db');
  for (const ending of ['', '-wal']) copyFileSync(file + ending, copy + ending);
  const again = openInbox(copy);
  assert.equal(again.db.prepare('SELECT count(*) AS n FROM message').get()?.n, 3);
  assert.deepEqual(
    collectHoles(again.db, 10).list.map(({ first, last }) => [first, last]),
    [[3, 4]],
  );
  again.close();
  inbox.close();
});

test('a second start goes on where the first ended', async () => {
  const file = tempFile();
  const first = openInbox(file);
  const message = arrival({ msgSeq: 1 });
  const pending = first.record(message);
  first.close();
  first.close();
  assert.equal((await pending).duplicate, false);
  await assert.rejects(first.record(message), withCode('closed', file));
  const second = openInbox(file);
  assert.equal((await second.record(message)).duplicate, true);
  second.close();
});

test('a hole is noticed, is unexplained, and closes late', async () => {
  const inbox = openInbox(':memory:');
  const record = (msgSeq: number, over = {}) => inbox.record(arrival({ msgSeq, ...over }));
  await record(5);
  assert.deepEqual((await record(9)).opened, { first: 6, last: 8 });
  assert.deepEqual((await record(2, { topicId: 'news' })).opened, undefined);
  assert.deepEqual((await record(0)).opened, undefined);
  const late = await record(7);
  assert.deepEqual([late.late, late.opened], [true, undefined]);
  assert.deepEqual(collectHoles(inbox.db, 10), {
    count: 2,
    missing: 2,
    list: [6, 8].map((seq) => ({
      ...{ app: 1_400_000_042, groupId: '@TGS#2QW7H5K3M', topicId: '' },
      ...{ first: seq, last: seq, missing: 1 },
    })),
  });
  await record(6);
  await record(8);
  assert.equal(collectHoles(inbox.db, 10).count, 0);
  inbox.close();
});

test('a number that is none fails alone', async () => {
  const inbox = openInbox(':memory:');
  const good = inbox.record(arrival());
  await assert.rejects(inbox.record(arrival({ msgTime: 1e300 })), withCode('bad-value', 'msgTime'));
  assert.equal((await good).duplicate, false);
  inbox.close();
});

test('the export is one line of JSON per message, whatever the form of the body', async () => {
  const inbox = openInbox(':memory:', { clock: clockAt() });
  const pretty = '{\r\n  "CallbackCommand": "x",\n  "Text": "a\\nb \u2028"\n}\n';
  await inbox.record(arrival({ key: 'k1', msgSeq: 1, body: pretty, deliveryId: 'msg_1' }));
  for (let i = 0; i < 1200; i++) void inbox.record(arrival({ topicId: 't' }));
  await inbox.record(arrival());
  const lines = [...exportJsonLines(inbox)];
  assert.equal(lines.length, 1202);
  for (const line of lines) assert.match(line, /^\{[^\n]*\}\n$/);
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    id: 1,
    recordedAt: '2025-01-01T00:00:00.000Z',
    key: 'k1',
    app: 1_400_000_042,
    dialect: 'tencent',
    groupId: '@TGS#2QW7H5K3M',
    sender: 'alice',
    msgSeq: 1,
    deliveryId: 'msg_1',
    duplicates: 0,
    body: { CallbackCommand: 'x', Text: 'a\nb \u2028' },
  });
  assert.equal(JSON.parse(lines[1] ?? '').topicId, 't');
  inbox.close();
});

test('the file is private, and can be read while it is written', async () => {
  const file = tempFile();
  const writer = openInbox(file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await writer.record(arrival());
  const reader = openInbox(file, { readOnly: true });
  assert.equal([...exportJsonLines(reader)].length, 1);
  await assert.rejects(reader.record(arrival()), withCode('read-only', file));
  reader.close();
  writer.close();
});

test('a locked file is named at opening and at writing', async () => {
  const file = tempFile();
  const inbox = openInbox(file);
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  assert.throws(() => openInbox(file), withCode('locked', file));
  const message = arrival();
  await assert.rejects(inbox.record(message), withCode('locked', file));
  other.exec('COMMIT');
  assert.equal((await inbox.record(message)).duplicate, false);
  other.close();
  inbox.close();
});

test('a full disk keeps nothing of the batch, and the next try succeeds', async () => {
  const file = tempFile();
  const inbox = openInbox(file);
  const pages = Number(inbox.db.prepare('PRAGMA page_count').get()?.page_count);
  inbox.db.exec(`PRAGMA max_page_count = ${pages}`);
  const batch = [arrival({ body: 'x' }), arrival({ body: 'x'.repeat(100_000) })];
  const results = await Promise.allSettled(batch.map((message) => inbox.record(message)));
  for (const result of results) {
    assert.equal(result.status, 'rejected');
    if (result.status === 'rejected') withCode('disk-full', file)(result.reason);
  }
  assert.equal(inbox.db.prepare('SELECT count(*) AS n FROM message').get()?.n, 0);
  inbox.db.exec('PRAGMA max_page_count = 100000');
  for (const message of batch) assert.equal((await inbox.record(message)).duplicate, false);
  inbox.close();
});

test('a read-only file is named', () => {
  const file = tempFile();
  openInbox(file).close();
  // Byte 18 is the write version: SQLite only reads a file that a later format wrote. Works for root as well.
  const bytes = readFileSync(file);
  bytes[18] = 3;
  writeFileSync(file, bytes);
  chmodSync(file, 0o444);
  assert.throws(() => openInbox(file), withCode('read-only', file));
});

test('a damaged file is named', () => {
  const file = tempFile();
  openInbox(file).close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 100, 4096);
  writeFileSync(file, bytes);
  assert.throws(() => openInbox(file), withCode('corrupt', file));
});

test('files of others are left alone', () => {
  const text = tempFile('notes.txt');
  writeFileSync(text, 'this is no database, but long enough to be one at first sight\n'.repeat(100));
  assert.throws(() => openInbox(text), withCode('not-an-inbox', text));

  const foreign = tempFile();
  const other = new DatabaseSync(foreign);
  other.exec('CREATE TABLE mine (a)');
  other.close();
  const before = readFileSync(foreign);
  assert.throws(() => openInbox(foreign), withCode('not-an-inbox', foreign));
  assert.deepEqual(readFileSync(foreign), before);
});

test('a file of a newer version is left alone', () => {
  const file = tempFile();
  openInbox(file).close();
  const newer = new DatabaseSync(file);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  assert.throws(() => openInbox(file), withCode('newer-version', file));
});

test('a path that cannot be one is named', () => {
  const folder = join(dirname(tempFile()), 'folder');
  mkdirSync(folder);
  for (const file of [folder, join(folder, 'no', 'inbox.db')]) {
    assert.throws(() => openInbox(file), withCode('cannot-open', file));
  }
  const absent = join(folder, 'absent.db');
  assert.throws(() => openInbox(absent, { readOnly: true }), withCode('cannot-open', absent));
  assert.throws(() => openInbox(absent, { readOnly: true }), /^InboxError: There is no inbox /);
});
