import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Lease } from '../../src/domain/lease.ts';
import type { Beat, Notice } from '../../src/store/cluster.ts';
import type { FailedAttempt, LaneKey } from '../../src/store/lanes.ts';
import { PostgresCluster } from '../../src/store/postgres/cluster.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { APP, checkpoint, progress, START } from '../conformance/commands.ts';
import { identity, leaseSuite } from '../conformance/leases.ts';
import { openScene } from '../conformance/scene.ts';
import { PostgresServer } from '../support/postgres-server.ts';

const PARTITIONS = 64;
/** No test waits for a lease to end: time that passes is written into the tables. */
const LEASE_MS = 60_000;

function failedAttempt(lane: LaneKey, seq: number): FailedAttempt {
  const rest = { attempt: 1, at: START, durationMs: 5, verdict: 'timeout', detail: 'slow', probe: false };
  return { lane, seq, ...rest };
}

describe('leases over PostgreSQL', () => {
  let server: PostgresServer;
  const open: PostgresCluster[] = [];
  before(async () => {
    server = await PostgresServer.start();
    await (await openPostgresStore({ url: server.url() })).close();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const cluster of open.splice(0)) await cluster.close();
    await server.query('UPDATE lease SET node_id = NULL, until = NULL; DELETE FROM node');
  });
  after(async () => {
    for (const cluster of open) await cluster.close();
  });

  function cluster(schemaVersion = 1): PostgresCluster {
    const made = new PostgresCluster({
      address: { url: server.url() },
      partitions: PARTITIONS,
      schemaVersion,
    });
    open.push(made);
    return made;
  }

  async function node(id: string, schemaVersion?: number): Promise<PostgresCluster> {
    const made = cluster(schemaVersion);
    assert.deepEqual(await made.join(identity(id), LEASE_MS), { kind: 'joined' });
    return made;
  }

  async function view(of: PostgresCluster): Promise<Extract<Beat, { kind: 'beat' }>> {
    const beat = await of.beat(true);
    if (beat.kind !== 'beat') assert.fail(`the node is ${beat.kind}`);
    return beat;
  }

  /** As if nobody had heard of this node for so long that its leases have run out. */
  const silence = async (id: string) => {
    await server.query(`UPDATE node SET until = now() - interval '1 s', seen_at = now() - interval '1 min' WHERE id = '${id}';
      UPDATE lease SET until = now() - interval '1 s' WHERE node_id = '${id}'`);
  };
  const partitions = (leases: readonly Lease[]) =>
    leases.map(({ partition }) => partition).sort((a, b) => a - b);

  leaseSuite({ partitions: PARTITIONS, leaseMs: LEASE_MS, open: async () => cluster(), silence });

  test('who left is not among the nodes', async () => {
    const [a, b] = [await node('a'), await node('b')];
    await b.take([2, 3]);
    await a.leave();
    const nodes = await b.nodes();
    assert.deepEqual(
      nodes.map(({ id, alive, partitions: held }) => [id, alive, held]),
      [['b', true, 2]],
    );
  });

  test('a lease row written by hand: its holder loses it, and it is leased anew', async () => {
    const [a, b] = [await node('a'), await node('b')];
    await a.take([1, 2, 3, 4, 5]);
    await server.query(`UPDATE lease SET node_id = 'nobody' WHERE partition = 1;
      UPDATE lease SET generation = 3 WHERE partition = 2; DELETE FROM lease WHERE partition = 3;
      UPDATE lease SET until = 'infinity', node_id = 'nobody' WHERE partition = 4; UPDATE lease SET until = NULL WHERE partition = 5`);
    const own = await view(a);
    assert.deepEqual(partitions(own.own), [2, 5]);
    assert.equal(own.own.find(({ partition }) => partition === 2)?.generation, 3);
    assert.ok(own.free.includes(3) && own.free.includes(4) && !own.free.includes(1));
    await server.query("UPDATE lease SET until = now() - interval '1 s' WHERE partition = 1");
    assert.deepEqual(partitions(await b.take([1, 3, 4])), [1, 3, 4]);
  });

  test('a checkpoint writes nothing of lanes that are leased otherwise by now, and all of the others', async () => {
    await using scene = await openScene(() => openPostgresStore({ url: server.url() }));
    const [a, b] = [await node('a'), await node('b')];
    const groups = [await scene.group('g1', ['a']), await scene.group('g2', ['a'])];
    const endpointId = await scene.endpoint('hook');
    for (const groupId of ['g1', 'g2', 'g1', 'g2']) await scene.sent(groupId, 'a');
    const lanes = groups.map(({ streamId }) => ({ endpointId, streamId }));
    const taken = await a.take(lanes.map(({ streamId }) => streamId % PARTITIONS));
    const generations = new Map(taken.map(({ partition, generation }) => [partition, generation]));
    const leases = { of: PARTITIONS, generations };
    const cursors = async () => (await scene.dueLanes(endpointId)).map(({ cursor }) => cursor).toSorted();
    const save = (cursor: number) =>
      scene.store.commit({
        ...checkpoint(scene.store.generation),
        lanes: lanes.map((lane) => progress(lane, { cursor })),
        leases,
        attempts: lanes.map((lane) => failedAttempt(lane, cursor + 1)),
      });
    const before = await cursors();
    assert.deepEqual(await save(2), { kind: 'done', kept: [] });
    assert.deepEqual(await cursors(), [2, 2]);
    assert.notDeepEqual(before, [2, 2]);
    const [lost, kept] = lanes;
    await silence('a');
    await b.take([(lost?.streamId ?? 0) % PARTITIONS]);
    const send = scene.sent('g1', 'a');
    assert.deepEqual(await save(3), { kind: 'done', kept: [], lost: [lost] });
    await send;
    assert.deepEqual(await cursors(), [2, 3]);
    const attempts = await scene.store.attempts({ app: APP, limit: 10 });
    assert.deepEqual(attempts.map(({ groupId, logSeq }) => [groupId, logSeq]).toSorted(), [
      ['g1', 3],
      ['g2', 3],
      ['g2', 4],
    ]);
    assert.ok(kept !== undefined);
    await a.release(taken);
    assert.deepEqual(await save(4), { kind: 'done', kept: [], lost: lanes });
  });

  test('a database that was brought up beyond this version is not worked on', async () => {
    const [older, newer] = [await node('a', 2), await node('b', 9)];
    await server.query("INSERT INTO confab_meta VALUES ('compatible_with', '9')");
    assert.deepEqual(await older.beat(true), { kind: 'outdated' });
    assert.equal((await newer.beat(true)).kind, 'beat');
    await server.query("DELETE FROM confab_meta WHERE key = 'compatible_with'");
  });

  test('notices reach the others, also after a lost connection', async () => {
    const [a, b] = [await node('a'), await node('b')];
    const heard: Notice[] = [];
    let next = Promise.withResolvers<void>();
    b.onNotice((notice) => {
      heard.push(notice);
      next.resolve();
    });
    a.onNotice(() => assert.fail('nobody hears himself'));
    await b.beat(true);
    await a.tell({ kind: 'lanes', lanes: [{ streamId: 7, endpoints: [1] }] });
    await next.promise;
    next = Promise.withResolvers();
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'confab'",
    );
    while ((await b.beat(true).catch(() => undefined)) === undefined);
    while ((await a.tell({ kind: 'leases' }).catch(() => 'lost')) === 'lost');
    await next.promise;
    assert.deepEqual(heard.at(0), { kind: 'lanes', lanes: [{ streamId: 7, endpoints: [1] }] });
    assert.deepEqual(heard.at(-1), { kind: 'leases' });
  });
});
