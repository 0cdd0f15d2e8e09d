import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  afterGiving,
  afterRest,
  afterTaking,
  type Claim,
  claimAt,
  compareClaims,
  newClaim,
} from './fair-share.ts';

interface Worker {
  readonly attemptMs: number;
  claim: Claim;
  ends: number[];
  heldMs: number;
}

/** `places` among workers that always want more, for `ms`; each attempt of a worker takes as long. */
function share(places: number, workers: Worker[], ms: number): void {
  for (let at = 0; at < ms; at += 1) {
    for (const worker of workers) {
      const ended = worker.ends.filter((end) => end <= at).length;
      for (let n = 0; n < ended; n += 1) worker.claim = afterGiving(worker.claim, at);
      worker.ends = worker.ends.filter((end) => end > at);
    }
    for (let held = workers.reduce((sum, { ends }) => sum + ends.length, 0); held < places; held += 1) {
      for (const worker of workers) worker.claim = claimAt(worker.claim, at);
      const [next] = workers.toSorted((a, b) => compareClaims(a.claim, b.claim));
      if (next === undefined) return;
      next.claim = afterTaking(next.claim, at);
      next.ends.push(at + next.attemptMs);
    }
    for (const worker of workers) worker.heldMs += worker.ends.length;
  }
}

const workerOf = (weight: number, attemptMs: number): Worker => ({
  attemptMs,
  claim: newClaim(weight, 0),
  ends: [],
  heldMs: 0,
});

test('each has places for as long as its weight says, however long its attempts take and however few there are', () => {
  const worker = fc.record({
    weight: fc.integer({ min: 1, max: 5 }),
    attemptMs: fc.integer({ min: 10, max: 50 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(worker, { minLength: 2, maxLength: 6 }),
      (places, all) => {
        const workers = all.map(({ weight, attemptMs }) => workerOf(weight, attemptMs));
        const ms = 6_000;
        share(places, workers, ms);
        const weights = workers.reduce((sum, { claim }) => sum + claim.weight, 0);
        for (const { claim, heldMs } of workers) {
          const due = (places * ms * claim.weight) / weights;
          // Attempts are not cut short, so that each may be ahead or behind by some of them; and each start costs a millisecond.
          const slack = 0.15 * due + places * 100;
          assert.ok(Math.abs(heldMs - due) <= slack, `${heldMs} ms in place of ${due}`);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('one that hangs gets no more than its share of the places', () => {
  const [hangs, quick] = [workerOf(1, 2_000), workerOf(1, 1)];
  share(10, [hangs, quick], 20_000);
  const part = hangs.heldMs / (hangs.heldMs + quick.heldMs);
  assert.ok(part > 0.3 && part < 0.7, `it has ${part} of them`);
});

test('who comes back has saved nothing up, and who has had more still has', () => {
  const idle = afterRest(newClaim(1, 0), 500, 1_000);
  assert.equal(idle.used, 500);
  const busy = { weight: 1, used: 800, held: 0, at: 900 };
  assert.equal(afterRest(busy, 500, 1_000).used, 800);
});

test('what is held counts for its weight while it is held', () => {
  const two = afterTaking(afterTaking(newClaim(2, 0), 0), 0);
  assert.equal(claimAt(two, 100).used, (2 * 100) / 2 + 1);
  assert.equal(claimAt(afterGiving(two, 100), 300).used, 101 + 100);
});
