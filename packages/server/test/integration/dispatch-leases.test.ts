import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { PostgresCluster } from '../../src/store/postgres/cluster.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/store.ts';
import { Dispatcher } from '../../src/webhook/dispatcher.ts';
import { LeaseKeeper } from '../../src/webhook/lease-keeper.ts';
import { Notifier } from '../../src/webhook/notifier.ts';
import { APP, createGroup, putEndpoint, sendMessage } from '../conformance/commands.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { type Recording, recordOutcomes } from '../support/recording-observer.ts';
import { type Gate, gate, type Receiver, startReceiver } from '../support/scripted-receiver.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

const PARTITIONS = 64;
/** No lease ends by itself during a test. */
const LEASE_MS = 600_000;
/** So many that each half of the partitions has some. */
const GROUPS = Array.from({ length: 64 }, (_, index) => `g${index}`);
const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };

/** A node as `app.ts` builds one, over a store that they share: a dispatcher with leases of its own. */
class Node {
  readonly recording: Recording = recordOutcomes(() => {});
  readonly keeper: LeaseKeeper;
  readonly dispatcher: Dispatcher;
  readonly cluster: PostgresCluster;
  readonly fatal: string[] = [];
  readonly errors: unknown[] = [];

  constructor(id: string, store: Store, url: string, clock: Clock) {
    this.cluster = new PostgresCluster({ address: { url }, partitions: PARTITIONS, schemaVersion: 99 });
    this.keeper = new LeaseKeeper({
      cluster: this.cluster,
      clock,
      node: { id, name: id, version: '1', role: 'all', startedAt: 0 },
      leaseMs: LEASE_MS,
      onFatal: ({ message }) => this.fatal.push(message),
      onError: (error) => this.errors.push(error),
    });
    this.dispatcher = new Dispatcher({
      store,
      clock,
      random: systemRandom(),
      observer: this.recording.observer,
      holdings: this.keeper,
      hasChores: () => this.keeper.hasChores,
      onLeasesLost: () => void this.keeper.beat(),
      // Nothing is found by polling: what is delivered was hinted at, or leased.
      pollMs: () => 3_600_000,
      onFenced: () => assert.fail('nobody else owns the store'),
    });
  }

  async start(): Promise<void> {
    await this.keeper.join();
    await this.dispatcher.start();
    await this.keeper.start(this.dispatcher);
  }

  async end(): Promise<void> {
    await this.dispatcher.abort();
    this.keeper.end();
    await this.cluster.close();
  }
}

describe('lanes are leased', () => {
  let server: PostgresServer;
  let store: Store;
  let receiver: Receiver;
  let databases = 0;
  let url = '';
  const nodes: Node[] = [];
  let arrivals: string[] = [];
  before(async () => {
    server = await PostgresServer.start();
  });
  after(async () => {
    await end();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await end();
    databases += 1;
    await server.query(`CREATE DATABASE d${databases}`);
    url = server.url(`d${databases}`);
    store = await openPostgresStore({ url, rules });
    receiver = await startReceiver(({ body }) => {
      hear(body);
      return {};
    });
    await store.commit({ type: 'importAccounts', now: 1, app: APP, accounts: [{ userId: 'a' }] });
    await Promise.all(
      GROUPS.map((groupId) => store.commit(createGroup({ groupId, members: [{ userId: 'a' }] }))),
    );
    await store.commit(putEndpoint('hook', { url: receiver.url, allowPrivateNetwork: true }));
  });

  function hear(body: string): void {
    const { GroupId, MsgSeq } = JSON.parse(body) as { GroupId: string; MsgSeq: number };
    arrivals.push(`${GroupId}/${MsgSeq}`);
  }

  /** The first webhook of each group is answered when that opens, all others at once. */
  function holdFirst(hold: Gate): void {
    let held = 0;
    receiver.reply(({ body }) => {
      hear(body);
      held += 1;
      return held <= GROUPS.length ? { until: hold.opened } : {};
    });
  }

  async function end(): Promise<void> {
    for (const node of nodes.splice(0)) await node.end();
    arrivals = [];
    await (receiver as Receiver | undefined)?.close();
    await (store as Store | undefined)?.close();
  }

  async function start(id: string, clock = systemClock(), through = url): Promise<Node> {
    const node = new Node(id, store, through, clock);
    nodes.push(node);
    await node.start();
    return node;
  }

  async function sendToAll(): Promise<void> {
    const sent = GROUPS.map((groupId) =>
      store.commit(sendMessage(groupId, 'a', { now: Date.now(), senderIsAdmin: true })),
    );
    for (const result of await Promise.all(sent)) assert.equal(result.kind, 'sent');
  }

  /** Waits for what the store and the sockets do; no clock is waited for but the one of the checkpoints. */
  async function until(done: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await done())) await new Promise((resolve) => void setImmediate(resolve));
  }

  const caughtUp = async () => (await store.lanes({ limit: 1 })).length === 0;
  const expected = (count: number) =>
    GROUPS.flatMap((group) =>
      Array.from({ length: count }, (_, index) => `${group}/${index + 1}`),
    ).toSorted();
  const ofGroup = (group: string) =>
    arrivals
      .filter((arrival) => arrival.startsWith(`${group}/`))
      .map((arrival) => Number(arrival.split('/')[1]));

  test('two nodes share them: what one takes over the other has written down, and nothing is sent twice', async () => {
    const a = await start('a');
    assert.equal(a.keeper.count, PARTITIONS);
    await sendToAll();
    await until(() => arrivals.length === GROUPS.length);
    const b = await start('b');
    assert.equal(b.keeper.count, 0);
    await sendToAll();
    await a.keeper.beat();
    await until(() => a.keeper.count === PARTITIONS / 2);
    await until(async () => {
      await b.keeper.beat();
      return b.keeper.count === PARTITIONS / 2;
    });
    await sendToAll();
    await until(() => arrivals.length >= GROUPS.length * 3);
    await until(caughtUp);
    assert.deepEqual(arrivals.toSorted(), expected(3));
    for (const group of GROUPS) assert.deepEqual(ofGroup(group), [1, 2, 3]);
    assert.ok(a.recording.seen.length > GROUPS.length && b.recording.seen.length > 0);
    assert.ok(a.keeper.hasChores && !b.keeper.hasChores);
    assert.deepEqual([a.errors, b.errors], [[], []]);
  });

  test('a partition is handed back when its attempts have ended, and not before', async () => {
    const hold = gate();
    const a = await start('a');
    holdFirst(hold);
    await sendToAll();
    await until(() => arrivals.length === GROUPS.length);
    await sendToAll();
    const b = await start('b');
    await a.keeper.beat();
    await b.keeper.beat();
    const streams = PARTITIONS / 2 - b.keeper.count;
    assert.ok(streams > 0, 'what is under way is not handed back');
    hold.open();
    await until(async () => {
      await b.keeper.beat();
      return b.keeper.count === PARTITIONS / 2;
    });
    await until(() => arrivals.length >= GROUPS.length * 2);
    await until(caughtUp);
    assert.deepEqual(arrivals.toSorted(), expected(2));
    assert.ok(b.recording.seen.length > 0);
  });

  test('a node that has lost its leases without knowing it changes nothing: what it sends others send, too', async () => {
    const hold = gate();
    const clock = new ManualClock(Date.now());
    const a = await start('a', clock);
    holdFirst(hold);
    await sendToAll();
    await until(() => arrivals.length === GROUPS.length);
    await silence('a');
    const b = await start('b');
    assert.equal(b.keeper.count, PARTITIONS);
    await until(() => arrivals.length === GROUPS.length * 2);
    await until(caughtUp);
    await sendToAll();
    await until(() => arrivals.length >= GROUPS.length * 3);
    // It wakes up: its time is over, and the answers that it waited for are there.
    clock.advance(LEASE_MS);
    hold.open();
    await until(() => a.dispatcher.states()[0]?.inFlight === 0);
    await until(caughtUp);
    await a.keeper.beat();
    assert.equal(a.dispatcher.states()[0]?.lanesInMemory, 0);
    for (const group of GROUPS) assert.deepEqual(ofGroup(group), [1, 1, 2]);
    const attempts = await store.attempts({ app: APP, limit: 1 });
    assert.deepEqual(attempts, []);
  });

  test('what an attempt came to that began before its lease was lost, and won again, is of no account', async () => {
    const hold = gate();
    const a = await start('a');
    holdFirst(hold);
    await sendToAll();
    await until(() => arrivals.length === GROUPS.length);
    await silence('a');
    const b = await start('b');
    await until(() => arrivals.length === GROUPS.length * 2);
    await until(caughtUp);
    await a.keeper.beat();
    assert.equal(a.keeper.count, 0);
    await b.end();
    await silence('b');
    await a.keeper.beat();
    assert.equal(a.keeper.count, PARTITIONS);
    hold.open();
    await until(() => a.dispatcher.states()[0]?.inFlight === 0);
    await sendToAll();
    await until(() => arrivals.length >= GROUPS.length * 3);
    await until(caughtUp);
    for (const group of GROUPS) assert.deepEqual(ofGroup(group), [1, 1, 2]);
    assert.equal(a.recording.seen.length, GROUPS.length);
  });

  test('without a renewal nothing begins any more, on the node’s own clock; with one it goes on', async () => {
    const clock = new ManualClock(Date.now());
    const proxy = await new SwitchProxy(server.port).listen();
    const a = await start('a', clock, proxy.url().replace(/postgres$/, `d${databases}`));
    await sendToAll();
    await until(() => arrivals.length === GROUPS.length);
    await until(() => a.dispatcher.states()[0]?.inFlight === 0);
    clock.jump(10 * LEASE_MS);
    assert.equal(a.keeper.count, PARTITIONS, 'the wall clock does not matter');
    proxy.passes = () => false;
    proxy.cut();
    clock.advance(LEASE_MS);
    assert.equal(a.keeper.count, 0);
    await until(() => a.errors.length > 0);
    await sendToAll();
    clock.advance(50);
    await until(() => a.dispatcher.checkpointAge === 0);
    assert.equal(arrivals.length, GROUPS.length);
    assert.equal(a.dispatcher.states()[0]?.inFlight, 0);
    proxy.passes = () => true;
    await until(async () => {
      await a.keeper.beat();
      return a.keeper.count > 0;
    });
    await until(() => arrivals.length >= GROUPS.length * 2);
    assert.deepEqual(arrivals.toSorted(), expected(2));
    proxy.close();
  });

  test('a second process of a node’s name: the first one, when it wakes up, gives up and ends', async () => {
    const a = await start('a');
    await silence('a');
    const again = await start('a');
    assert.equal(again.keeper.count, PARTITIONS);
    await a.keeper.beat();
    assert.match(a.fatal.join(), /another process works as node "a"/);
    assert.equal(a.keeper.count, 0);
  });

  test('what one node commits is told to the other whose lanes it is', async () => {
    const [a, b] = [await start('a'), await start('b')];
    await a.keeper.beat();
    await until(async () => {
      await b.keeper.beat();
      return b.keeper.count === PARTITIONS / 2;
    });
    await a.keeper.beat();
    // As if every commit were another node's: only notices bring work to b.
    const other = new Node('c', store, url, systemClock());
    nodes.push(other);
    await other.keeper.join();
    const notifier = new Notifier({
      clock: systemClock(),
      holdings: { owns: () => false },
      hasOthers: () => true,
      tell: (notice) => other.cluster.tell(notice),
    });
    const told = b.dispatcher;
    b.cluster.onNotice((notice) => {
      if (notice.kind === 'lanes') told.look(notice.lanes);
    });
    store.onLanes((hints) => notifier.committed(hints));
    await sendToAll();
    await until(() => arrivals.length === GROUPS.length);
    await until(caughtUp);
    assert.deepEqual(arrivals.toSorted(), expected(1));
  });

  async function silence(id: string): Promise<void> {
    await query(`UPDATE node SET until = now() - interval '1 s' WHERE id = '${id}';
      UPDATE lease SET until = now() - interval '1 s' WHERE node_id = '${id}'`);
  }

  async function query(text: string): Promise<void> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(text);
    await client.end();
  }
});
