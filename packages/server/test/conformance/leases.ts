import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease } from '../../src/domain/lease.ts';
import type { Beat, Cluster, NodeIdentity } from '../../src/store/cluster.ts';

/** What keeps leases: nodes join by a connection of their own. Nobody has any when a test begins. */
export interface LeaseKind {
  readonly partitions: number;
  readonly leaseMs: number;
  /** A connection of a process that has not joined yet. */
  open(): Promise<Pick<Cluster, 'join' | 'beat' | 'take' | 'release' | 'leave'>>;
  /** As if nobody had heard of this node for so long that its leases have run out. */
  silence(id: string): Promise<void>;
}

type Node = Awaited<ReturnType<LeaseKind['open']>>;

/** Time that a test may take of a lease. */
const SLACK_MS = 20_000;

export function identity(id: string): NodeIdentity {
  return { id, name: `host:${id}`, version: '1', role: 'all', startedAt: 1_000 };
}

/** What nodes may rely on, whatever keeps their leases. Registers its tests with the runner. */
export function leaseSuite({ partitions: count, leaseMs, open, silence }: LeaseKind): void {
  async function node(id: string): Promise<Node> {
    const made = await open();
    assert.deepEqual(await made.join(identity(id), leaseMs), { kind: 'joined' });
    return made;
  }

  async function view(of: Node): Promise<Extract<Beat, { kind: 'beat' }>> {
    const beat = await of.beat(true);
    if (beat.kind !== 'beat') assert.fail(`the node is ${beat.kind}`);
    return beat;
  }

  const partitions = (leases: readonly Lease[]) =>
    leases.map(({ partition }) => partition).sort((a, b) => a - b);

  test('what is free is taken once; a renewal tells what is held, by whom, and for how long', async () => {
    const [a, b] = [await node('a'), await node('b')];
    const taken = await a.take([0, 1, 2]);
    assert.deepEqual(partitions(taken), [0, 1, 2]);
    assert.equal(new Set(taken.map(({ generation }) => generation)).size, 3);
    assert.deepEqual(partitions(await b.take([2, 3])), [3]);
    const own = await view(a);
    assert.deepEqual([partitions(own.own), own.free.length, own.live], [[0, 1, 2], count - 4, 2]);
    assert.ok(own.nextEndMs !== undefined && own.nextEndMs > leaseMs - SLACK_MS && own.nextEndMs <= leaseMs);
    assert.deepEqual((await view(b)).dispatching, ['a', 'b']);
    await a.beat(false);
    assert.deepEqual((await view(b)).dispatching, ['b']);
  });

  test('a silent node’s leases go to others, with new generations, and are not its own when it wakes up', async () => {
    const [a, b] = [await node('a'), await node('b')];
    const [before] = await a.take([4]);
    await silence('a');
    assert.ok((await view(b)).free.includes(4));
    const [now] = await b.take([4]);
    assert.ok(now !== undefined && before !== undefined && now.generation > before.generation);
    assert.deepEqual((await view(a)).own, []);
    await a.release([{ partition: 4, generation: now.generation }]);
    await a.release([before]);
    assert.deepEqual(partitions((await view(b)).own), [4]);
  });

  test('leases that nobody wanted meanwhile are still its own', async () => {
    const a = await node('a');
    const taken = await a.take([4, 5]);
    await silence('a');
    assert.deepEqual((await view(a)).own, taken);
  });

  test('what is handed back, or left by a node that stops, is free at once', async () => {
    const [a, b] = [await node('a'), await node('b')];
    const taken = await a.take([1, 2, 3]);
    await a.release(taken.slice(0, 1));
    assert.deepEqual(partitions(await b.take([1, 2])), [1]);
    await a.leave();
    assert.deepEqual(partitions(await b.take([1, 2, 3])), [2, 3]);
    assert.equal((await view(b)).live, 1);
  });

  test('a second node of the same id is told that the first one lives; when that is dead it takes over and fences it', async () => {
    const first = await node('a');
    await first.take([1]);
    const second = await open();
    const refused = await second.join(identity('a'), leaseMs);
    assert.ok(refused.kind === 'alive' && refused.remainingMs > leaseMs - SLACK_MS);
    await silence('a');
    assert.deepEqual(await second.join(identity('a'), leaseMs), { kind: 'joined' });
    assert.deepEqual(await first.beat(true), { kind: 'superseded' });
    assert.deepEqual(await first.take([5]), []);
    assert.deepEqual((await view(second)).own, []);
    assert.deepEqual(partitions(await second.take([1, 5])), [1, 5]);
  });
}
