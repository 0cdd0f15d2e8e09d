import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from '../kills/ledger.ts';
import { Nodes } from '../kills/nodes.ts';
import { Senders } from '../kills/senders.ts';
import { DeadLinkProxy } from '../support/dead-link-proxy.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { startReceiver } from '../support/scripted-receiver.ts';
import { ServerProcess } from '../support/server-process.ts';

const GROUPS = 24;
const REPEAT_WITHIN_MS = 2_000;

interface Webhook {
  readonly GroupId: string;
  readonly MsgSeq: number;
  readonly Random: number;
}

async function until(
  what: string,
  withinMs: number,
  done: () => boolean | Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  while (!(await done())) {
    const waited = performance.now() - began;
    assert.ok(waited < withinMs, `${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
  return performance.now() - began;
}

async function partitions(server: ServerProcess): Promise<number> {
  const answer = await fetch(`${server.url}/healthz`);
  return ((await answer.json()) as { partitions: number }).partitions;
}

test('the connections of one node go dead without a word: others take its groups over, it says so, and when the network is back it has its share again', async () => {
  const ledger = new Ledger(REPEAT_WITHIN_MS);
  const fresh = new Set<string>();
  await using receiver = await startReceiver(({ body }) => {
    const { GroupId: group, MsgSeq: msgSeq, Random: random } = JSON.parse(body) as Webhook;
    if (ledger.arrive({ group, msgSeq, random }, Date.now())) fresh.add(group);
    return {};
  });
  await using database = await PostgresServer.start();
  await using proxy = await new DeadLinkProxy(database.port).listen();
  const config = { cluster: { lease: '2s' } };
  const patienceMs = 1_000;
  await using lonely = new ServerProcess(receiver.url, { store: proxy.url(), config, patienceMs });
  await using other = new ServerProcess(receiver.url, { store: database.url(), config, patienceMs });
  const nodes = new Nodes([lonely, other], ledger, REPEAT_WITHIN_MS);
  await nodes.startAll({});
  const senders = new Senders(nodes, ledger, { groups: GROUPS, count: 8 });
  await senders.createGroups();
  let over = false;
  const sending = senders.until(() => over);
  await until('all groups', 20_000, () => fresh.size === GROUPS);
  const ended = ledger.fault(Date.now());
  proxy.cut();
  await until('take-over', 15_000, async () => (await partitions(other)) === 64);
  assert.equal(await partitions(lonely), 0);
  fresh.clear();
  await until('all groups again', 15_000, () => fresh.size === GROUPS);
  const notReady = async () => (await fetch(`${lonely.url}/readyz`)).status === 503;
  await until('it says that its database is away', 30_000, notReady);
  proxy.heal();
  await until('it has its share again', 20_000, async () => (await partitions(lonely)) > 0);
  await until('it is ready', 20_000, async () => !(await notReady()));
  ended(Date.now() + REPEAT_WITHIN_MS);
  fresh.clear();
  await until('all groups once more', 15_000, () => fresh.size === GROUPS);
  over = true;
  await sending;
  await senders.finish();
  await until('everything acknowledged arrives', 60_000, () => ledger.missing().length === 0);
  ledger.close();
  assert.deepEqual(ledger.broken, []);
  assert.equal(await lonely.stop(), 0);
  assert.equal(await other.stop(), 0);
});
