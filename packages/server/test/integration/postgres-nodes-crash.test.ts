import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { APP, createGroup, putEndpoint, START, sendMessage } from '../conformance/commands.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { StoreCluster } from '../support/store-cluster.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

const SENDER = join(import.meta.dirname, '../support/send-to-postgres.ts');

/** Another process that sends to the group. */
class Sender implements AsyncDisposable {
  readonly acknowledged = new Map<number, number>();
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(url: string, firstRandom: number) {
    const args = ['--conditions=@confab-im/source', SENDER, url, String(firstRandom)];
    this.#process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#exited = once(this.#process, 'exit');
    assert.ok(this.#process.stdout !== null);
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const [msgSeq, random] = line.split(' ');
      // A line that the kill cut short has no second number.
      if (random === undefined || random.length < String(firstRandom).length) return;
      this.acknowledged.set(Number(msgSeq), Number(random));
      if (this.acknowledged.size >= (this.#waiting?.count ?? Number.POSITIVE_INFINITY))
        this.#waiting?.resolve();
    });
  }

  /** Resolves when so many more were acknowledged. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { count: this.acknowledged.size + count, resolve };
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

describe('a node goes away while others write to the same group', () => {
  let server: PostgresServer;
  let proxy: SwitchProxy;
  before(async () => {
    server = await PostgresServer.start();
    proxy = await new SwitchProxy(server.port).listen();
  });
  after(async () => {
    proxy.close();
    await server[Symbol.asyncDispose]();
  });

  async function furnished(nodes: number): Promise<StoreCluster> {
    const cluster = await StoreCluster.open(server, nodes);
    await cluster
      .node(0)
      .commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
    await cluster.node(0).commit(createGroup({ groupId: 'g', members: [{ userId: 'a' }] }));
    await cluster.node(0).commit(putEndpoint('hook'));
    return cluster;
  }

  /** Every message that was acknowledged is there under its number, and no number is missing or given twice. */
  async function isWhole(
    cluster: StoreCluster,
    ...acknowledged: ReadonlyMap<number, number>[]
  ): Promise<void> {
    const page = await cluster.node(0).history({ app: APP, groupId: 'g', fromMsgSeq: 0, limit: 1_000_000 });
    const stored = new Map((page?.messages ?? []).map(({ msgSeq, random }) => [msgSeq, random]));
    assert.deepEqual(
      [...stored.keys()].reverse(),
      Array.from(stored, (_, index) => index + 1),
    );
    for (const [msgSeq, random] of acknowledged.flatMap((one) => [...one]))
      assert.equal(stored.get(msgSeq), random);
    assert.equal(new Set(stored.values()).size, stored.size, 'none was stored twice');
    const [lane] = await cluster.query('SELECT cursor, head FROM lane JOIN stream ON id = stream_id');
    assert.ok(Number(lane?.cursor) < Number(lane?.head));
  }

  test('kill -9, again and again: nothing is lost, given twice or left out, and the others go on', async () => {
    await using cluster = await furnished(1);
    const acknowledged = new Map<number, number>();
    const own = new Map<number, number>();
    let random = 900_000_000;
    let stopped = false;
    const sending = (async () => {
      while (!stopped) {
        random += 1;
        const sent = await cluster.node(0).commit(sendMessage('g', 'a', { random }));
        assert.ok(sent.kind === 'sent');
        own.set(sent.msgSeq, random);
      }
    })();
    for (const first of [1_000_000, 2_000_000, 3_000_000]) {
      await using one = new Sender(cluster.url, first);
      await using two = new Sender(cluster.url, first + 500_000);
      await Promise.all([one.more(120), two.more(120)]);
      await one.kill();
      await two.more(40);
      await two.kill();
      for (const [msgSeq, sent] of [...one.acknowledged, ...two.acknowledged]) {
        assert.equal(acknowledged.has(msgSeq), false, `MsgSeq ${msgSeq} was given twice`);
        acknowledged.set(msgSeq, sent);
      }
    }
    stopped = true;
    await sending;
    await isWhole(cluster, acknowledged, own);
  });

  test('SIGSTOP, wherever it is: the others go on within seconds, and it goes on when it wakes up', async () => {
    await using cluster = await furnished(1);
    await using paused = new Sender(cluster.url, 1_000_000);
    await using other = new Sender(cluster.url, 2_000_000);
    for (let n = 0; n < 5; n += 1) {
      await Promise.all([paused.more(30), other.more(30)]);
      paused.signal('SIGSTOP');
      await other.more(60);
      paused.signal('SIGCONT');
    }
    await Promise.all([paused.more(30), other.more(30)]);
    await Promise.all([paused.kill(), other.kill()]);
    await isWhole(cluster, paused.acknowledged, other.acknowledged);
  });

  test('answers to commits are lost while others write to the same group: each message is stored once', async () => {
    await using cluster = await furnished(2);
    const lossy = await cluster.add({ url: proxy.url(`?options=-csearch_path%3D${cluster.schema}`) });
    let commits = 0;
    let lost = 0;
    proxy.passes = (chunk) => {
      if (!chunk.includes('COMMIT\0')) return true;
      commits += 1;
      if (commits % 7 !== 0) return true;
      lost += 1;
      return false;
    };
    const acknowledged = new Map<number, number>();
    let random = 5_000_000;
    const senders = [lossy, lossy, cluster.node(0), cluster.node(1)].map(async (store) => {
      for (let n = 0; n < 40; n += 1) {
        random += 1;
        const own = random;
        const sent = await store.commit(sendMessage('g', 'a', { random: own }));
        assert.ok(sent.kind === 'sent', JSON.stringify(sent));
        acknowledged.set(sent.msgSeq, own);
      }
    });
    await Promise.all(senders);
    proxy.passes = () => true;
    assert.ok(lost > 0);
    assert.equal(acknowledged.size, 160);
    await isWhole(cluster, acknowledged);
  });
});
