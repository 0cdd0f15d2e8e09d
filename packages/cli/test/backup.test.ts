import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFileStore } from '../../server/src/store/sqlite/open.ts';
import { createGroup, sendMessage } from '../../server/test/conformance/commands.ts';
import { confab, emptyFolder } from './support/confab.ts';

test('a backup is made while the store is in use, and put back where nothing is', async (t) => {
  const cwd = emptyFolder(t);
  const store = openFileStore(join(cwd, 'confab.db'));
  await store.commit(createGroup({ groupId: 'g' }));
  const args = ['backup', 'monday.db', '--store', 'sqlite:./confab.db'];
  const made = await confab(t, args, { cwd });
  assert.equal(made.code, 0, made.stderr);
  const file = readFileSync(join(cwd, 'monday.db'));
  const sha256 = createHash('sha256').update(file).digest('hex');
  assert.match(
    made.stdout,
    /^monday\.db: [\d,]+ bytes of installation [0-9a-f]{8}, integrity checked\.\nsha-256 /,
  );
  assert.ok(made.stdout.includes(sha256));
  assert.equal(readFileSync(join(cwd, 'monday.db.sha256'), 'utf8'), `${sha256}  monday.db\n`);
  if (process.platform !== 'win32') assert.equal(statSync(join(cwd, 'monday.db')).mode & 0o777, 0o600);
  assert.equal(existsSync(join(cwd, 'monday.db.part')), false);
  const again = await confab(t, args, { cwd });
  assert.match(again.stderr, /monday\.db: the file is there already; choose another name/);

  const restore = (...more: string[]) =>
    confab(t, ['restore', ...more, '--store', 'sqlite:./confab.db'], { cwd });
  assert.match((await restore('monday.db')).stderr, /another Confab process has this database open/);
  await store.close();
  assert.match((await restore('monday.db')).stderr, /confab\.db: there is a database; move it away first/);
  assert.match((await restore()).stderr, /Name the backup, or say --in-place/);

  const elsewhere = ['--store', 'sqlite:./back.db'];
  const wrong = await confab(t, ['restore', 'monday.db', '--sha256', 'a'.repeat(64), ...elsewhere], { cwd });
  assert.match(wrong.stderr, /its SHA-256 is [0-9a-f]{64}, and --sha256 says a{64}/);
  const put = await confab(t, ['restore', 'monday.db', ...elsewhere], { cwd });
  assert.equal(put.code, 0, put.stderr);
  assert.match(put.stdout, /^Restored: 1 groups, its last event of 2026-01-01/);
  const restored = openFileStore(join(cwd, 'back.db'));
  const sent = await restored.commit(sendMessage('g', 'administrator', { senderIsAdmin: true }));
  assert.equal(sent.kind === 'sent' && sent.logSeq > 1_000_000_000, true, JSON.stringify(sent));
  await restored.close();
});

test('a backup that is not what was made is refused', async (t) => {
  const cwd = emptyFolder(t);
  const store = openFileStore(join(cwd, 'confab.db'));
  for (let n = 0; n < 50; n += 1) await store.commit(createGroup({ groupId: `g${n}` }));
  await store.close();
  await confab(t, ['backup', 'b.db', '--store', 'sqlite:./confab.db'], { cwd });
  const bytes = readFileSync(join(cwd, 'b.db'));
  bytes.fill(0xff, bytes.length - 20_000, bytes.length - 8_000);
  writeFileSync(join(cwd, 'b.db'), bytes);
  const restore = (file: string) => confab(t, ['restore', file, '--store', 'sqlite:./back.db'], { cwd });
  assert.match((await restore('b.db')).stderr, /b\.db\.sha256 says .* it is not the file that was made/);
  writeFileSync(join(cwd, 'copied.db'), bytes);
  assert.match((await restore('copied.db')).stderr, /copied\.db: the database (?:file )?is damaged/);
  writeFileSync(join(cwd, 'text.db'), 'hello, this is no database but a text that is long enough');
  assert.match((await restore('text.db')).stderr, /text\.db: the file is not a database/);
  assert.match((await restore('none.db')).stderr, /none\.db: there is no such file/);
  assert.equal(existsSync(join(cwd, 'back.db.restoring')), false);
  const foreign = await confab(t, ['backup', 'c.db', '--store', 'postgres://h/d'], { cwd });
  assert.match(foreign.stderr, /use pg_dump/);
});
