import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { backupFile, restoreStore } from '../../src/backup-store.ts';
import { parseStore } from '../../src/config/values.ts';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { gate, type RecordedRequest, startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const KEY = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDNE8SOhV5RFQ=';
const ENDPOINT = {
  dialect: 'standard',
  signingKeys: [KEY],
  retry: { baseDelayMs: 1, maxDelayMs: 20 },
  breaker: { probeEveryMs: 20 },
};

const folder = mkdtempSync(join(tmpdir(), 'confab-restore-'));
let database: PostgresServer;
before(async () => {
  database = await PostgresServer.start();
});
after(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Event {
  readonly id: string;
  readonly groupId: string;
  readonly seq: number;
  readonly prev: number;
  readonly msgSeq: number;
  readonly text: string;
}

function eventOf({ body }: RecordedRequest): Event {
  const { id, groupId, seq, prev, msgSeq, data } = JSON.parse(body);
  return { id, groupId, seq, prev, msgSeq, text: data.msgBody[0].MsgContent.Text };
}

/** An app backend that takes every event but those that `refuses` is true for. */
async function openBackend() {
  const receiver = await startReceiver();
  const taken: Event[] = [];
  let refuses = (_: Event): boolean => false;
  let wanted = { count: 0, all: gate() };
  receiver.reply((request) => {
    const event = eventOf(request);
    if (refuses(event)) return { status: 500 };
    taken.push(event);
    if (taken.length >= wanted.count) wanted.all.open();
    return {};
  });
  return {
    receiver,
    taken,
    [Symbol.asyncDispose]: () => receiver.close(),
    refuse: (those: (event: Event) => boolean) => {
      refuses = those;
    },
    async untilTaken(count: number): Promise<void> {
      wanted = { count, all: gate() };
      if (taken.length < count) await wanted.all.opened;
    },
  };
}

async function make(server: ServerProcess, GroupId: string): Promise<void> {
  const made = await server.call('group_open_http_svc/create_group', { Type: 'Public', Name: 'g', GroupId });
  assert.equal(made.ErrorCode, 0, String(made.ErrorInfo));
}

let random = 0;

async function send(server: ServerProcess, GroupId: string, text: string): Promise<void> {
  random += 1;
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }];
  const body = { GroupId, Random: random, From_Account: 'leckie', MsgBody };
  assert.equal((await server.call('group_open_http_svc/send_group_msg', body)).ErrorCode, 0);
}

/** A state that is used, kept, used on, and put back as it was kept. */
interface Kept {
  readonly store: string;
  /** While a server uses it, or between two of them. */
  readonly online: boolean;
  keep(): Promise<void>;
  /** Where it was put back, marked. */
  putBack(): Promise<string>;
}

const KINDS: Readonly<Record<string, () => Kept>> = {
  'a file, by backup and restore': () => {
    const path = join(folder, 'used.db');
    const back = `sqlite:${join(folder, 'back.db')}`;
    return {
      store: `sqlite:${path}`,
      online: true,
      keep: async () => void (await backupFile(path, join(folder, 'backup.db'))),
      async putBack() {
        const file = join(folder, 'backup.db');
        await restoreStore({ file, store: parseStore(back), now: Date.now(), skipMsgSeqs: 0 });
        return back;
      },
    };
  },
  'a database, by its own means': () => ({
    store: database.url('used'),
    online: false,
    keep: async () => void (await database.query('CREATE DATABASE back TEMPLATE used')),
    async putBack() {
      const store = database.url('back');
      await restoreStore({ store: parseStore(store), now: Date.now(), skipMsgSeqs: 0 });
      return store;
    },
  }),
};

for (const [kind, open] of Object.entries(KINDS)) {
  test(`restored, no id stands for two events, and what was behind comes again under the ids it had: ${kind}`, async () => {
    const kept = open();
    if (!kept.online) await database.query('CREATE DATABASE used');
    await using backend = await openBackend();
    await using server = new ServerProcess(backend.receiver.url, { store: kept.store, endpoint: ENDPOINT });
    assert.ok(await server.start());
    await server.call('im_open_login_svc/account_import', { UserID: 'leckie' });
    await make(server, 'old');
    backend.refuse(({ msgSeq }) => msgSeq > 3);
    for (let n = 1; n <= 5; n += 1) await send(server, 'old', `kept ${n}`);
    await backend.untilTaken(3);
    if (!kept.online) await server.stop();
    await kept.keep();
    if (!kept.online) assert.ok(await server.start());
    backend.refuse(() => false);
    for (let n = 6; n <= 9; n += 1) await send(server, 'old', `lost ${n}`);
    await make(server, 'lost');
    await send(server, 'lost', 'lost 10');
    await backend.untilTaken(10);
    assert.equal(await server.stop(), 0);
    const before = backend.taken.splice(0);

    const store = await kept.putBack();
    await using again = new ServerProcess(backend.receiver.url, { store, endpoint: ENDPOINT });
    assert.ok(await again.start());
    await backend.untilTaken(2);
    await make(again, 'new');
    await send(again, 'new', 'new 1');
    for (let n = 2; n <= 4; n += 1) await send(again, 'old', `new ${n}`);
    while (backend.taken.filter(({ text }) => text.startsWith('new')).length < 4)
      await backend.untilTaken(backend.taken.length + 1);
    assert.equal(await again.stop(), 0);

    const texts = new Map([...before, ...backend.taken].map(({ id, text }) => [id, text]));
    for (const { id, text } of [...before, ...backend.taken])
      assert.equal(texts.get(id), text, `${id} stands for "${text}" and for "${texts.get(id)}"`);
    // What was delivered in the moments before the backup, its checkpoint does not know yet.
    const old = backend.taken.filter(({ groupId }) => groupId === 'old').slice(-5);
    assert.deepEqual(
      old.map(({ text, msgSeq }) => [text, msgSeq]),
      [
        ['kept 4', 4],
        ['kept 5', 5],
        ['new 2', 6],
        ['new 3', 7],
        ['new 4', 8],
      ],
    );
    const links = old.map(({ seq, prev }) => ({ seq, prev }));
    for (const [index, { prev }] of links.entries()) {
      if (index > 0)
        assert.equal(prev, links[index - 1]?.seq, 'no receiver sees a hole where nothing is missing');
    }
  });
}

test('a lane that is behind over the gap is behind by its events, and a second restore leaves another gap', async () => {
  const path = join(folder, 'lag.db');
  const store = { kind: 'sqlite', path } as const;
  await using receiver = await startReceiver(() => ({ status: 500 }));
  await using server = new ServerProcess(receiver.url, { store: `sqlite:${path}`, endpoint: ENDPOINT });
  const session = async (...texts: string[]) => {
    assert.ok(await server.start());
    for (const text of texts) await send(server, 'g', text);
    assert.equal(await server.stop(), 0);
  };
  assert.ok(await server.start());
  await server.call('im_open_login_svc/account_import', { UserID: 'leckie' });
  await make(server, 'g');
  assert.equal(await server.stop(), 0);
  const gap = 1_000_000_000;
  await session('1', '2');
  await restoreStore({ store, now: 1, skipMsgSeqs: 100 });
  await session('3');
  await restoreStore({ store, now: 2, skipMsgSeqs: 0 });
  await session('4');
  const opened = openFileStore(path);
  const [endpoint] = await opened.endpoints();
  const { events, lanes } = await opened.lag({ endpointId: endpoint?.id ?? 0, after: 0 });
  assert.equal(lanes, 1);
  assert.ok(events >= 4 && events <= 8, `${events} events, tips and marks among them`);
  await opened.close();
  const db = new DatabaseSync(path);
  const sent = db
    .prepare("SELECT log_seq, msg_seq FROM log WHERE kind = 'group.message.sent' ORDER BY 1")
    .all();
  const numbers = sent.map(({ log_seq, msg_seq }) => [Math.floor(Number(log_seq) / gap), msg_seq]);
  assert.deepEqual(numbers, [
    [0, 1],
    [0, 2],
    [2, 103],
    [4, 104],
  ]);
  const audit = db.prepare("SELECT detail FROM audit WHERE action = 'restore'").all();
  assert.equal(audit.length, 2);
  db.close();
});
