import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseStore } from '../../src/config/values.ts';
import { moveStore } from '../../src/move-store.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { columnsOf, dumpTables, fillTables } from '../support/filled-tables.ts';
import { webhookOf } from '../support/kill-under-load.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { gate, type Receiver, startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const MAIN = fileURLToPath(new URL('../support/move-main.ts', import.meta.url));
const GROUPS = ['a', 'b', 'c', 'd', 'e'];
const MESSAGES = 12;
/** Rows of each table in the moves that are killed: many pages. */
const ROWS = 2_100;

const folder = mkdtempSync(join(tmpdir(), 'confab-move-e2e-'));
let database: PostgresServer;
before(async () => {
  database = await PostgresServer.start();
});
after(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function emptyDatabase(name: string): Promise<string> {
  await database.query(`CREATE DATABASE ${name}`);
  return database.url(name);
}

interface Arrival {
  readonly group: string;
  readonly msgSeq: number;
}

/** Takes what has a number up to `limit` in its group and refuses the rest; resolves when each group has come to its limit. */
function takeUpTo(receiver: Receiver, limit: number, taken: Arrival[]): Promise<void> {
  const all = gate();
  receiver.reply(({ body }) => {
    const { GroupId: group, MsgSeq: msgSeq } = webhookOf(body);
    if (msgSeq > limit) return { status: 503 };
    taken.push({ group, msgSeq });
    if (taken.length >= GROUPS.length * limit) all.open();
    return {};
  });
  return all.opened;
}

test('lanes that are behind go on where they stood, with the same ids: file, PostgreSQL, another file', async () => {
  await using receiver = await startReceiver();
  const files = [1, 2].map((n) => `sqlite:${join(folder, `lanes-${n}.db`)}`);
  const url = await emptyDatabase('lanes');
  const stores = [files[0] ?? '', url, files[1] ?? ''];
  const endpoint = { retry: { baseDelayMs: 1, maxDelayMs: 20 }, breaker: { probeEveryMs: 20 } };
  const taken: Arrival[] = [];
  let before: string | undefined;
  for (const [stage, store] of stores.entries()) {
    if (before !== undefined) await moveStore({ from: parseStore(before), to: parseStore(store) });
    const limit = 4 * (stage + 1);
    const allTaken = takeUpTo(receiver, limit, taken);
    await using server = new ServerProcess(receiver.url, { store, endpoint });
    assert.ok(await server.start());
    if (before === undefined) await sendAll(server);
    await allTaken;
    assert.equal(await server.stop(), 0);
    before = store;
  }
  for (const group of GROUPS) {
    const numbers = taken.filter((one) => one.group === group).map(({ msgSeq }) => msgSeq);
    assert.deepEqual(
      numbers,
      Array.from({ length: MESSAGES }, (_, n) => n + 1),
      `in group ${group}`,
    );
  }
  const ids = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
  assert.equal(ids.size, GROUPS.length * MESSAGES, 'an event that was refused here came there under its id');
});

async function sendAll(server: ServerProcess): Promise<void> {
  await server.call('im_open_login_svc/account_import', { UserID: 'leckie' });
  for (const GroupId of GROUPS) {
    await server.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId });
    for (let Random = 1; Random <= MESSAGES; Random += 1) {
      const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: `message ${Random}` } }];
      const body = { GroupId, Random, From_Account: 'leckie', MsgBody };
      assert.equal((await server.call('group_open_http_svc/send_group_msg', body)).ErrorCode, 0);
    }
  }
}

interface MoveEnd {
  readonly pages: number;
  /** Undefined when it was killed. */
  readonly tables?: readonly { readonly rows: number; readonly copied: number }[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** A move in a process of its own, killed when it has told so many pages; with a limit in KB for each file that it writes. */
function moveProcess(
  from: string,
  to: string,
  how: { killAfter?: number; fileKb?: number } = {},
): Promise<MoveEnd> {
  const limit = how.fileKb === undefined ? '' : `trap '' XFSZ; ulimit -f ${how.fileKb}; `;
  const args = [
    '-c',
    `${limit}exec "$0" "$@"`,
    process.execPath,
    '--conditions=@confab-im/source',
    MAIN,
    from,
    to,
  ];
  const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let pages = 0;
  let said = '';
  let end: Omit<MoveEnd, 'pages'> = {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (said + text).split('\n');
    said = lines.pop() ?? '';
    for (const line of lines) {
      const told = JSON.parse(line) as MoveEnd & { readonly step?: string };
      if (told.step === undefined) end = told;
      else pages += 1;
      if (pages === how.killAfter) child.kill('SIGKILL');
    }
  });
  return new Promise((resolve) => child.once('close', () => resolve({ pages, ...end })));
}

describe('a move that is killed again and again', () => {
  const full = join(folder, 'full.db');
  before(async () => {
    const url = await emptyDatabase('columns');
    await (await openPostgresStore({ url })).close();
    await fillTables(full, await columnsOf(database, 'columns'), ROWS);
  });

  for (const direction of ['into PostgreSQL', 'into a file'] as const) {
    test(`ends with every row, and copies none twice: ${direction}`, async () => {
      const url = await emptyDatabase(direction === 'into a file' ? 'killed_from' : 'killed_to');
      const path = join(folder, `${direction}.db`);
      const back = join(folder, 'back.db');
      if (direction === 'into a file')
        await moveStore({ from: parseStore(`sqlite:${full}`), to: parseStore(url) });
      const [from, to] = direction === 'into a file' ? [url, `sqlite:${path}`] : [`sqlite:${full}`, url];
      for (const killAfter of [2, 11, 30]) {
        const { pages, tables, error } = await moveProcess(from, to, { killAfter });
        assert.deepEqual({ tables, error }, { tables: undefined, error: undefined }, 'it was killed');
        assert.ok(pages >= killAfter);
      }
      const { tables = [], error } = await moveProcess(from, to);
      assert.equal(error, undefined);
      assert.ok(tables.length > 15 && tables.every(({ rows }) => rows === ROWS));
      assert.ok(
        tables.some(({ copied }) => copied === 0),
        'it went on where it was killed',
      );
      if (direction === 'into PostgreSQL')
        await moveStore({ from: parseStore(url), to: parseStore(`sqlite:${back}`) });
      assert.deepEqual(dumpTables(direction === 'into a file' ? path : back), dumpTables(full));
    });
  }

  test('a disk that is full is told, and the move goes on when there is room', async () => {
    const url = await emptyDatabase('from_full');
    await moveStore({ from: parseStore(`sqlite:${full}`), to: parseStore(url) });
    const path = join(folder, 'small.db');
    const { error } = await moveProcess(url, `sqlite:${path}`, { fileKb: 2_000 });
    assert.equal(error?.code, 'full');
    assert.match(error?.message ?? '', /small\.db: the disk .*free space/);
    const { tables = [] } = await moveProcess(url, `sqlite:${path}`);
    assert.ok(tables.some(({ copied }) => copied === 0));
    assert.deepEqual(dumpTables(path), dumpTables(full));
  });
});
