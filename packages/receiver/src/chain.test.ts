import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ChainState,
  type ChainVerdict,
  chainAt,
  followLink,
  judgeLink,
  type Link,
  memoryChains,
} from './chain.ts';

/** What one sender sends on a lane: log sequences that rise by any steps, each naming the one before it. */
function chainOf(steps: readonly number[]): Link[] {
  let seq = 0;
  return steps.map((step) => {
    const prev = seq;
    seq += step;
    return { seq, prev, replay: false };
  });
}

const chain = (maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength }).map(chainOf);

/** A sender's lane, and its events in any order, some of them several times, some never, some as replays. */
const arrivals = chain(30).chain((links) =>
  fc.record({
    links: fc.constant(links),
    arriving: fc.array(
      fc.record({ at: fc.nat(links.length - 1), replay: fc.constantFrom(false, false, false, true) }),
      { maxLength: 60 },
    ),
  }),
);

/** The verdict by looking at all that was ever handled: what the state must come to without remembering it. */
function truth(links: readonly Link[], handled: ReadonlySet<number>, link: Link): ChainVerdict {
  const last = Math.max(0, ...handled);
  if (handled.has(link.seq)) return { kind: 'repeat' };
  if (link.seq < last) return { kind: 'reorder' };
  const missed = links.some(({ seq }) => seq > last && seq < link.seq);
  if (!missed) return { kind: 'next' };
  return { kind: handled.size === 0 ? 'joined' : 'gap', missing: { after: last, through: link.prev } };
}

test('property: whatever the order, the copies and the losses, each arrival is judged by what was handled', () => {
  fc.assert(
    fc.property(arrivals, ({ links, arriving }) => {
      let state: ChainState | undefined;
      const handled = new Set<number>();
      for (const { at, replay } of arriving) {
        const link = { ...(links[at] ?? assert.fail()), replay };
        assert.deepEqual(judgeLink(state, link), replay ? { kind: 'replay' } : truth(links, handled, link));
        if (state === undefined && replay) continue;
        state = followLink(state, link);
        if (!replay || link.seq <= state.last) handled.add(link.seq);
      }
    }),
    { numRuns: 500 },
  );
});

test('property: the holes are what has not come, and nothing else', () => {
  fc.assert(
    fc.property(arrivals, ({ links, arriving }) => {
      let state: ChainState = { last: 0, holes: [] };
      const handled = new Set<number>();
      for (const { at } of arriving) {
        const link = links[at] ?? assert.fail();
        state = followLink(state, link);
        handled.add(link.seq);
        const { last, holes } = state;
        for (const { seq } of links.filter((other) => other.seq <= last)) {
          const missing = holes.some(({ after, through }) => seq > after && seq <= through);
          assert.equal(missing, !handled.has(seq), `${seq}`);
        }
        for (const [index, hole] of holes.entries()) {
          assert.ok(hole.after < hole.through && hole.after >= (holes[index - 1]?.through ?? 0));
        }
      }
      if (handled.size === links.length) assert.deepEqual(state.holes, []);
    }),
    { numRuns: 500 },
  );
});

test('property: however many the holes, few are kept, and what never came is never a repeat', () => {
  const sparse = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 100, maxLength: 200 });
  fc.assert(
    fc.property(sparse, (indexes) => {
      const links = chainOf(Array<number>(401).fill(1));
      const handled = new Set<number>();
      let state: ChainState | undefined;
      for (const at of indexes) {
        const link = links[at] ?? assert.fail();
        const { kind } = judgeLink(state, link);
        assert.notEqual(kind, 'repeat');
        state = followLink(state, link);
        handled.add(link.seq);
        assert.ok(state.holes.length <= 64);
      }
      for (const link of links.filter(({ seq }) => !handled.has(seq))) {
        assert.notEqual(judgeLink(state, link).kind, 'repeat');
      }
    }),
    { numRuns: 50 },
  );
});

test('what the sender left out on purpose is no gap', () => {
  const state = followLink(undefined, { seq: 1000, prev: 0, replay: false });
  assert.deepEqual(judgeLink(state, { seq: 5000, prev: 1000, replay: false }), { kind: 'next' });
  assert.deepEqual(judgeLink(state, { seq: 5000, prev: 1001, replay: false }), {
    kind: 'gap',
    missing: { after: 1000, through: 1001 },
  });
});

test('a replay does not run ahead of its lane', () => {
  const state = chainAt(10);
  assert.deepEqual(followLink(state, { seq: 20, prev: 15, replay: true }), state);
  assert.deepEqual(judgeLink(state, { seq: 11, prev: 10, replay: false }), { kind: 'next' });
});

test('a receiver that says where it stands stands there', () => {
  assert.deepEqual(judgeLink(chainAt(7), { seq: 9, prev: 7, replay: false }), { kind: 'next' });
  assert.deepEqual(judgeLink(chainAt(12), { seq: 9, prev: 7, replay: false }), { kind: 'repeat' });
  for (const wrong of [-1, 0.5, Number.NaN]) assert.throws(() => chainAt(wrong), RangeError);
});

test('the memory is bounded: the chain longest unused is forgotten', () => {
  const store = memoryChains({ maxChains: 2 });
  for (const key of ['a', 'b', 'a', 'c']) store.update(key, () => chainAt(1));
  assert.equal(store.read('b'), undefined);
  assert.deepEqual(store.read('a'), chainAt(1));
  assert.deepEqual(store.read('c'), chainAt(1));
});
