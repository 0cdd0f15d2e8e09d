import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openFileStore } from '../../server/src/store/sqlite/open.ts';
import { createGroup } from '../../server/test/conformance/commands.ts';
import { PostgresServer } from '../../server/test/support/postgres-server.ts';
import { confab, emptyFolder } from './support/confab.ts';

let database: PostgresServer;
before(async () => {
  database = await PostgresServer.start();
});
after(() => database[Symbol.asyncDispose]());

test('a file is moved, what was moved is told, and the two can be compared later', async (t) => {
  const cwd = emptyFolder(t);
  const store = openFileStore(join(cwd, 'confab.db'));
  await store.commit(createGroup({ groupId: 'g' }));
  const args = ['migrate', '--from', 'sqlite:./confab.db', '--to', database.url()];
  const busy = await confab(t, args, { cwd });
  assert.equal(busy.code, 1);
  assert.match(
    busy.stderr,
    /^confab: \.\/confab\.db: another Confab process has this database open; stop it first\n$/,
  );
  await store.close();

  const moved = await confab(t, args, { cwd });
  assert.equal(moved.code, 0, moved.stderr);
  assert.match(moved.stderr, /100 % copy stream: .*\n\[#+\] 100 % compare stream: .* rows/s);
  assert.match(moved.stdout, /^chat_group +1 +1 +[0-9a-f]{16}$/m);
  assert.match(moved.stdout, /Moved, and the two are the same: \d rows of installation [0-9a-f]{8}/);

  const again = await confab(t, args, { cwd });
  assert.equal(again.code, 1);
  assert.match(again.stderr, /the database is in use: its table chat_group has rows/);

  const compared = await confab(t, [...args, '--compare', '--json'], { cwd });
  assert.equal(compared.code, 0, compared.stderr);
  const { tables } = JSON.parse(compared.stdout) as {
    tables: { table: string; rows: number; copied: number }[];
  };
  const group = tables.find(({ table }) => table === 'chat_group');
  assert.deepEqual([group?.rows, group?.copied], [1, 0]);
});
