import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { openPostgresStore } from '../../server/src/store/postgres/open.ts';
import { openFileStore } from '../../server/src/store/sqlite/open.ts';
import { createGroup } from '../../server/test/conformance/commands.ts';
import { PostgresServer } from '../../server/test/support/postgres-server.ts';
import { SwitchProxy } from '../../server/test/support/switch-proxy.ts';
import { confab, emptyFolder, startConfab } from './support/confab.ts';

/** Nothing listens there. */
const NOWHERE = 1;
const APP = {
  sdkAppId: 1_400_000_001,
  secretKeys: ['5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e'],
  admins: ['administrator'],
};
const FULL = /the database's disk is full; free space/;

let database: PostgresServer;
before(async () => {
  database = await PostgresServer.start();
});
after(() => database[Symbol.asyncDispose]());

/** A folder with the configuration of a server on this database. */
function folderFor(t: TestContext, store: string): string {
  const cwd = emptyFolder(t);
  writeFileSync(join(cwd, 'c.yaml'), JSON.stringify({ listen: '127.0.0.1:0', store, apps: [APP] }));
  return cwd;
}

/** From now on there is no room in the database for rows of this table. */
async function fill(name: string, table: string): Promise<void> {
  await database.query(
    `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
     CREATE TRIGGER full_disk BEFORE INSERT ON ${table} EXECUTE FUNCTION disk_full()`,
    name,
  );
}

test('serve: a database that vanishes in the middle of the start is said, with exit code 1', async (t) => {
  const proxy = await new SwitchProxy(database.port).listen();
  t.after(() => proxy.close());
  // It has made its tables and entered itself, and is about to make its configuration true.
  let answers = 0;
  proxy.passes = () => {
    answers += 1;
    if (answers > 38) proxy.target = NOWHERE;
    return answers <= 38;
  };
  const { code, stderr } = await confab(t, ['serve', '--config', 'c.yaml'], {
    cwd: folderFor(t, proxy.url()),
  });
  assert.match(stderr, /^confab: .*(nothing listens at the address of the database|was cut|was lost)/m);
  assert.equal(code, 1);
});

test('serve: a database whose disk is full is said; with room again it starts', async (t) => {
  await database.query('CREATE DATABASE full_serve');
  const store = database.url('full_serve');
  const cwd = folderFor(t, store);
  const first = startConfab(t, ['serve', '--config', 'c.yaml'], { cwd });
  await first.said(/ready at/);
  first.process.kill('SIGTERM');
  assert.equal((await first.finished).code, 0);
  await fill('full_serve', 'process');
  const { code, stderr } = await confab(t, ['serve', '--config', 'c.yaml'], { cwd });
  assert.match(stderr, new RegExp(`^confab: ${store.replace('postgres@', '')}: ${FULL.source}`, 'm'));
  assert.equal(code, 1);
  await database.query('DROP TRIGGER full_disk ON process', 'full_serve');
  const again = startConfab(t, ['serve', '--config', 'c.yaml'], { cwd });
  await again.said(/ready at/);
});

test('while the database is away commands say the reason, and a refused one is one short line of the log', async (t) => {
  await database.query('CREATE DATABASE away');
  const proxy = await new SwitchProxy(database.port).listen();
  t.after(() => proxy.close());
  const cwd = emptyFolder(t);
  const token = 'not-a-real-token-but-long-enough';
  const store = proxy.url().replace(/postgres$/, 'away');
  const admin = { tokens: [{ name: 'ops', token, role: 'operator' }] };
  writeFileSync(join(cwd, 'c.yaml'), JSON.stringify({ listen: '127.0.0.1:0', store, admin, apps: [APP] }));
  const server = startConfab(t, ['serve', '--config', 'c.yaml'], { cwd });
  const [, url = ''] = await server.said(/ready at (\S+);/);
  proxy.target = NOWHERE;
  proxy.cut();
  for (const command of [['nodes'], ['lag'], ['deadletters', 'list']]) {
    const { code, stderr } = await confab(t, [...command, '--config', 'c.yaml', '--url', url], { cwd });
    assert.match(stderr, /refused \(HTTP 503\): .*(nothing listens at the address|was cut|was lost)/);
    assert.equal(code, 1);
  }
  const sent = await confab(t, ['send', 'Hello', '--group', 'g', '--config', 'c.yaml', '--url', url], {
    cwd,
  });
  assert.equal(sent.code, 1);
  const [, line = ''] = await server.said(/^(.*"a command failed".*)$/m);
  assert.match(JSON.parse(line).reason, /nothing listens at the address|was cut|was lost/);
  assert.ok(line.length < 500, line);
});

test('migrate: a target whose disk is full is said, and what is missing goes there when there is room', async (t) => {
  const cwd = emptyFolder(t);
  const store = openFileStore(join(cwd, 'confab.db'));
  await store.commit(createGroup({ groupId: 'g' }));
  await store.close();
  await database.query('CREATE DATABASE full_move');
  const to = database.url('full_move');
  // Its tables are there, and nothing in them.
  await (await openPostgresStore({ url: to })).close();
  await database.query('DELETE FROM process', 'full_move');
  await fill('full_move', 'chat_group');
  const args = ['migrate', '--from', 'sqlite:./confab.db', '--to', to];
  const { code, stderr } = await confab(t, args, { cwd });
  assert.match(stderr, new RegExp(`^confab: ${to.replace('postgres@', '')}: ${FULL.source}`, 'm'));
  assert.equal(code, 1);
  await database.query('DROP TRIGGER full_disk ON chat_group', 'full_move');
  const moved = await confab(t, args, { cwd });
  assert.match(moved.stdout, /Moved, and the two are the same/, moved.stderr);
});
