import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { StoreError } from '../../src/store/errors.ts';
import { backupFile, restoreFile } from '../../src/store/sqlite/backup.ts';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { APP, createGroup, START, sendMessage } from '../conformance/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'confab-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const RULES = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };
const BODY = JSON.stringify('x'.repeat(8_000));

function messagesIn(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare('SELECT count(*) AS n, max(head) AS head FROM message, stream').get();
  db.close();
  return Number(row?.n);
}

test('a backup is the state of one moment, however much is written while it is made', async () => {
  const path = join(folder, 'busy.db');
  const store = openFileStore(path, { rules: RULES });
  await store.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
  await store.commit(createGroup({ groupId: 'g', members: [{ userId: 'a' }] }));
  const send = () => store.commit(sendMessage('g', 'a', { msgBodyJson: BODY }));
  for (let n = 0; n < 30; n += 1) await Promise.all(Array.from({ length: 50 }, send));
  const before = messagesIn(path);
  assert.equal(before, 1_500);
  const sent: Promise<unknown>[] = [];
  const file = join(folder, 'backup.db');
  const steps: number[] = [];
  await backupFile(path, file, {
    onProgress(done) {
      steps.push(done);
      sent.push(send());
    },
  });
  await Promise.all(sent);
  assert.ok(steps.length > 2, 'it was copied in several steps');
  assert.equal(messagesIn(file), before);
  assert.equal(messagesIn(path), before + steps.length);
  await store.close();
});

test('nothing is left of a backup that failed, and what is there is never written over', async () => {
  const path = join(folder, 'small.db');
  await openFileStore(path).close();
  const refused = (promise: Promise<unknown>, code: string, said: RegExp) =>
    assert.rejects(promise, (error) => {
      assert.ok(error instanceof StoreError && error.code === code, String(error));
      assert.match(error.message, said);
      return true;
    });
  await refused(backupFile(join(folder, 'none.db'), join(folder, 'x.db')), 'unreachable', /no such file/);
  await refused(backupFile(path, path), 'not-empty', /is there already/);
  await refused(
    backupFile(path, join(folder, 'nowhere/x.db')),
    'unreachable',
    /nowhere: there is no such folder/,
  );
  await refused(
    backupFile(path, join(path, 'x.db')),
    'unreachable',
    /small\.db\/x\.db: the file cannot be made/,
  );
  const newer = join(folder, 'newer.db');
  await backupFile(path, newer);
  const db = new DatabaseSync(newer);
  db.exec('PRAGMA user_version = 1000');
  db.close();
  await refused(backupFile(newer, join(folder, 'x.db')), 'newer-version', /run the newer Confab/);
  rmSync(`${newer}.sha256`);
  const note = { now: START, skipMsgSeqs: 0 };
  await refused(
    restoreFile(newer, join(folder, 'y.db'), note),
    'newer-version',
    /newer\.db: .*run the newer Confab/,
  );
  const foreign = join(folder, 'foreign.db');
  const theirs = new DatabaseSync(foreign);
  theirs.exec('CREATE TABLE invoices (id INTEGER)');
  theirs.close();
  await refused(restoreFile(foreign, join(folder, 'y.db'), note), 'not-a-database', /another program/);
});
