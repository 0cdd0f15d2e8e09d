import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Lease } from '../../src/domain/lease.ts';
import type { Cluster } from '../../src/store/cluster.ts';
import { LeaseKeeper } from '../../src/webhook/lease-keeper.ts';
import { identity, type LeaseKind, leaseSuite } from '../conformance/leases.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { LeaseTable, type Member } from './leases.ts';

const PARTITIONS = 6;
const LEASE_MS = 60_000;

/** A node of the table without a network between them. */
function connect(table: LeaseTable): Awaited<ReturnType<LeaseKind['open']>> {
  let self: Member = { id: '', generation: 0, leaseMs: 0 };
  return {
    async join(node, leaseMs) {
      const { member, ...joined } = table.join(node, leaseMs);
      self = member ?? self;
      return joined;
    },
    beat: async (dispatches) => table.beat(self, dispatches),
    take: async (partitions) => table.take(self, partitions),
    release: async (leases) => table.release(self, leases),
    leave: async () => table.leave(self),
  };
}

describe('leases in the simulation are those of PostgreSQL', () => {
  let table = new LeaseTable(PARTITIONS, () => 0);
  beforeEach(() => {
    table = new LeaseTable(PARTITIONS, () => 1_000_000);
  });
  leaseSuite({
    partitions: PARTITIONS,
    leaseMs: LEASE_MS,
    open: async () => connect(table),
    silence: async (id) => table.silence(id),
  });
});

function keeperOf(cluster: Partial<Cluster> & ReturnType<typeof connect>, clock: ManualClock): LeaseKeeper {
  return new LeaseKeeper({
    cluster: {
      partitions: PARTITIONS,
      nodes: async () => [],
      tell: async () => {},
      onNotice() {},
      close: async () => {},
      ...cluster,
    },
    clock,
    node: identity('a'),
    leaseMs: LEASE_MS,
    onFatal: ({ message }) => assert.fail(message),
    onError() {},
  });
}

const HOLDER = { gained() {}, drop() {}, settle: async () => {} };
const turn = () => new Promise((resolve) => void setImmediate(resolve));

test('a node whose leases another one took a moment before looks again at once, not at its next renewal', async () => {
  const clock = new ManualClock(1_000_000);
  const table = new LeaseTable(PARTITIONS, () => clock.now());
  const [own, rival] = [connect(table), connect(table)];
  await rival.join(identity('rival'), LEASE_MS);
  await rival.beat(true);
  let races = 0;
  const take: Cluster['take'] = async (partitions) => {
    races += 1;
    if (races === 1) await rival.take(partitions.slice(0, 1));
    return own.take(partitions);
  };
  const keeper = keeperOf({ ...own, take }, clock);
  await keeper.join();
  await keeper.start(HOLDER);
  assert.equal(keeper.count, PARTITIONS / 2 - 1);
  assert.equal(clock.nextIn, 200);
  clock.advance(200);
  await turn();
  assert.equal(keeper.count, PARTITIONS / 2);
  assert.equal(races, 2);
  keeper.end();
});

test('a lease whose way back was lost is not gone on with, for it may still come back: it is given back again, and taken anew', async () => {
  const clock = new ManualClock(1_000_000);
  const table = new LeaseTable(PARTITIONS, () => clock.now());
  const [own, rival] = [connect(table), connect(table)];
  const lost: (readonly Lease[])[] = [];
  const release: Cluster['release'] = async (leases) => {
    if (lost.length > 0) return own.release(leases);
    lost.push(leases);
    throw new Error('the connection was lost');
  };
  const keeper = keeperOf({ ...own, release }, clock);
  await keeper.join();
  await keeper.start(HOLDER);
  assert.equal(keeper.count, PARTITIONS);
  await rival.join(identity('rival'), LEASE_MS);
  await rival.beat(true);
  await keeper.beat();
  await turn();
  assert.deepEqual([keeper.count, lost.length], [PARTITIONS / 2, 1]);
  await rival.leave();
  await keeper.beat();
  await turn();
  await keeper.beat();
  assert.equal(keeper.count, PARTITIONS);
  // What had been on its way comes to its end after all.
  await own.release(lost.flat());
  const free = lost.flat().filter(({ partition }) => table.freeSince(partition) !== undefined);
  assert.deepEqual(free, []);
  keeper.end();
});
