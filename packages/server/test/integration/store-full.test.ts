import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { StoreError } from '../../src/store/errors.ts';
import { SqliteCore } from '../../src/store/sqlite/core.ts';
import { storeInProcess } from '../../src/store/sqlite/in-process.ts';
import { configure, openFileStore } from '../../src/store/sqlite/open.ts';
import { APP, START, sendMessage } from '../conformance/commands.ts';
import { openScene, type Scene } from '../conformance/scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'confab-full-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const BIG = JSON.stringify('x'.repeat(400_000));
const RULES = { groupMessagesPerSecond: 0, messageBytes: 1_000_000 };

interface Disk extends AsyncDisposable {
  readonly scene: Scene;
  /** Lets the database grow by so many pages from now on; SQLite then answers as on a full disk. */
  room(pages: number): void;
}

/** A store on a file with a group `g` and an endpoint `hook`, over a connection whose room the test decides. */
async function openDisk(name: string): Promise<Disk> {
  const path = join(folder, name);
  await openFileStore(path).close();
  const db = new DatabaseSync(path);
  configure(db);
  const scene = await openScene(
    async ({ rules }) => {
      const core = new SqliteCore(db, rules, { installId: '01234567', generation: 1 });
      return storeInProcess({ core, close: () => core.close() });
    },
    { rules: RULES },
  );
  await scene.group('g', ['a']);
  await scene.endpoint('hook');
  return {
    scene,
    room(pages) {
      const [count] = Object.values(db.prepare('PRAGMA page_count').get() ?? {});
      db.exec(`PRAGMA max_page_count = ${Number(count) + pages}`);
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

const isFull = (error: unknown) =>
  error instanceof StoreError && error.code === 'full' && error.message.includes('free space');

test('on a full disk a message that does not fit fails alone; its neighbours in the batch are stored', async () => {
  await using disk = await openDisk('neighbours.db');
  const { scene } = disk;
  disk.room(20);
  const big = { random: 7, msgBodyJson: BIG };
  const results = await Promise.allSettled([
    scene.send('g', 'a'),
    scene.send('g', 'a', big),
    scene.send('g', 'a'),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value.kind : result.reason.code)),
    ['sent', 'full', 'sent'],
  );
  assert.deepEqual(await scene.history('g'), [2, 1]);
  assert.deepEqual(scene.hints.length, 2);
  disk.room(1_000);
  const again = await scene.send('g', 'a', big);
  assert.equal(again.kind === 'sent' && again.msgSeq, 3);
  const events = await scene.drain((await scene.store.endpoints())[0]?.id ?? 0);
  assert.deepEqual(
    events.map((event) => event.seq),
    [2, 3, 4],
  );
});

test('with no room at all every write fails and changes nothing, reads go on, and space mends it', async () => {
  await using disk = await openDisk('nothing.db');
  const { scene } = disk;
  await scene.sent('g', 'a');
  disk.room(0);
  let stored = 1;
  for (let full = false; !full; ) {
    full = await scene.sent('g', 'a').then(
      () => false,
      (error) => isFull(error) || assert.fail(String(error)),
    );
    if (!full) stored += 1;
    assert.ok(stored < 5_000, 'the disk never filled');
  }
  const users = Array.from({ length: 500 }, (_, n) => ({ userId: `user${n}` }));
  const before = await snapshot(scene);
  const refused = [
    scene.commit(sendMessage('g', 'a', { msgBodyJson: BIG })),
    scene.commit({ type: 'importAccounts', now: START, app: APP, accounts: users }),
    scene.group(
      'h',
      users.map(({ userId }) => userId),
    ),
  ];
  for (const result of refused) await assert.rejects(result, isFull);
  assert.deepEqual(await snapshot(scene), before);
  await assert.rejects(scene.store.ping(), isFull, 'not ready while it cannot write');
  assert.deepEqual(await scene.history('g', 0, 1), [stored]);
  disk.room(1_000);
  assert.equal((await scene.sent('g', 'a')).msgSeq, stored + 1);
  await scene.store.ping();
  assert.equal((await scene.drain((await scene.store.endpoints())[0]?.id ?? 0)).length, stored + 1);
});

async function snapshot(scene: Scene) {
  return {
    groups: await scene.store.groupIds({ app: APP, after: 0, limit: 9 }),
    accounts: (await scene.store.stats()).accounts,
    head: (await scene.store.lanes({ limit: 9 })).map((lane) => [lane.head, lane.lag, lane.cursor]),
    group: await scene.groupNow('g'),
  };
}
