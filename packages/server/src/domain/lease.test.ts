import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fairShare, type LeaseView, nextBeatIn, planLeases, shareOf, trustedUntil } from './lease.ts';

const P = 64;
const all = Array.from({ length: P }, (_, partition) => partition);
const leases = (partitions: readonly number[]) =>
  partitions.map((partition) => ({ partition, generation: 1 }));
const view = (
  own: readonly number[],
  free: readonly number[],
  dispatching: readonly string[],
): LeaseView => ({
  own: leases(own),
  free,
  dispatching,
});

test('the only node takes everything; one that does not dispatch takes nothing and gives all back', () => {
  assert.deepEqual(planLeases(view([], all, ['a']), 'a', P), { take: all, handBack: [] });
  assert.deepEqual(planLeases(view([1, 2], all, ['b']), 'a', P), { take: [], handBack: [1, 2] });
});

test('above its share a node hands back, and partition 0 last', () => {
  const { take, handBack } = planLeases(view(all, [], ['a', 'b', 'c']), 'a', P);
  assert.deepEqual(take, []);
  assert.equal(handBack.length, P - 22);
  assert.ok(!handBack.includes(0));
});

test('nodes that start together want different partitions', () => {
  const nodes = ['c', 'a', 'b'];
  const wanted = nodes.flatMap((self) => planLeases(view([], all, nodes), self, P).take);
  assert.ok(new Set(wanted).size === P, 'each one is wanted by somebody');
  assert.equal(wanted.length, 66);
});

/** Nodes beat in any order, come and go; what is handed back is free at the next beat. */
test('whoever comes and goes: soon each partition has one holder, and nobody has more than its share', () => {
  const step = fc.record({ node: fc.constantFrom('a', 'b', 'c', 'd', 'e'), up: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: P }), (steps, partitions) => {
      const holder = new Map<number, string>();
      const live = new Set(['a']);
      const beat = (self: string) => {
        const every = Array.from({ length: partitions }, (_, partition) => partition);
        const own = every.filter((partition) => holder.get(partition) === self);
        const free = every.filter((partition) => !live.has(holder.get(partition) ?? ''));
        const { take, handBack } = planLeases(view(own, free, [...live]), self, partitions);
        for (const partition of take) assert.ok(free.includes(partition));
        for (const partition of take) holder.set(partition, self);
        for (const partition of handBack) holder.delete(partition);
      };
      for (const { node, up } of steps) {
        if (up) live.add(node);
        else if (live.size > 1) live.delete(node);
        for (const self of live) beat(self);
      }
      for (const self of [...live, ...live]) beat(self);
      const counts = new Map<string, number>();
      for (const self of holder.values()) counts.set(self, (counts.get(self) ?? 0) + 1);
      assert.equal(holder.size, partitions);
      for (const [self, count] of counts) {
        assert.ok(live.has(self));
        assert.ok(count <= fairShare(partitions, live.size));
      }
    }),
  );
});

test('a lease is trusted for less than it lasts, and renewed well before that', () => {
  assert.equal(trustedUntil(1_000, 6_000), 6_000);
  assert.equal(nextBeatIn({}, 6_000), 2_000);
  assert.equal(nextBeatIn({ nextEndMs: 5_000 }, 6_000), 2_000);
  assert.equal(nextBeatIn({ nextEndMs: 900 }, 6_000), 920);
  assert.equal(nextBeatIn({ nextEndMs: -40 }, 6_000), 50);
});

test('shares of a limit are rounded up: together they exceed it by at most one for each node', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: P }), (limit, nodes) => {
      const held = all.reduce<number[]>((counts, partition) => {
        counts[partition % nodes] = (counts[partition % nodes] ?? 0) + 1;
        return counts;
      }, []);
      const sum = held.reduce((total, count) => total + shareOf(limit, count / P), 0);
      assert.ok(sum >= limit && sum <= limit + nodes);
    }),
  );
});
