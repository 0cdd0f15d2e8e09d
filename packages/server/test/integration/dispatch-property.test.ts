import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startWorld, type World, type WrittenEndpoint } from '../support/dispatch-harness.ts';
import type { Reply } from '../support/scripted-receiver.ts';

const RUNS = 60;
/** So old may the last checkpoint be (design, invariant 6). */
const CHECKPOINT_MS = 50;
const REPLIES = ['ok', 'ok', 'ok', 'fail', 'slow-down', 'hang', 'reset', 'half'] as const;

function replyOf(name: (typeof REPLIES)[number]): Reply {
  switch (name) {
    case 'ok':
      return {};
    case 'fail':
      return { status: 500 };
    case 'slow-down':
      return { status: 429, headers: { 'retry-after': '2' } };
    case 'hang':
      return 'hang';
    case 'reset':
      return 'reset';
    case 'half':
      return { half: '{"ActionStatus":', ending: 'reset' };
  }
}

type Step =
  | { readonly do: 'send'; readonly group: number; readonly count: number }
  | { readonly do: 'elapse'; readonly ms: number }
  | { readonly do: 'crash' | 'stop' | 'change' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send'),
      group: fc.nat(3),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('elapse'),
      ms: fc.constantFrom(0, 1, 49, 50, 500, 3_000, 20_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('crash', 'stop', 'change') }) },
) as fc.Arbitrary<Step>;

const plan = fc.record({
  order: fc.constantFrom('group', 'group', 'none'),
  concurrency: fc.integer({ min: 1, max: 4 }),
  failures: fc.integer({ min: 1, max: 6 }),
  hints: fc.boolean(),
  /** Give an event up after two attempts. */
  giveUp: fc.boolean(),
  /** How the nth request of each group is answered; from then on all are fine. */
  replies: fc.array(fc.array(fc.constantFrom(...REPLIES), { maxLength: 12 }), { minLength: 4, maxLength: 4 }),
  steps: fc.array(step, { minLength: 3, maxLength: 14 }),
});

type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

/** An arrival with the run of the dispatcher that it belongs to, and the clock's time. */
interface Timed {
  readonly run: number;
  readonly at: number;
  readonly msgSeq: number;
}

interface History {
  readonly sent: readonly number[];
  /** By group. */
  readonly arrivals: readonly Timed[][];
  /** When each run ended, in unix ms. */
  readonly ends: readonly number[];
}

async function carryOut(world: World, { steps, replies, ...endpoint }: Plan): Promise<History> {
  const sent = [0, 0, 0, 0];
  const arrivals: Timed[][] = [[], [], [], []];
  const ends: number[] = [];
  world.script(({ group, msgSeq }) => {
    const number = Number(group.slice(1));
    const count = arrivals[number]?.push({ run: ends.length, at: world.clock.now(), msgSeq }) ?? 0;
    return replyOf(replies[number]?.[count - 1] ?? 'ok');
  });
  await world.start();
  for (const [index, what] of steps.entries()) {
    if (what.do === 'send') {
      await world.send(`g${what.group}`, what.count);
      sent[what.group] = (sent[what.group] ?? 0) + what.count;
    } else if (what.do === 'elapse') await world.elapse(what.ms);
    else if (what.do === 'change') {
      await world.put(written(endpoint, 1_001 + index));
      void world.dispatcher.reload();
    } else {
      if (what.do === 'stop') await world.stop();
      await world.crash();
      ends.push(world.clock.now());
      await world.start();
    }
  }
  await world.quiet();
  return { sent, arrivals, ends };
}

function written(
  { order, concurrency, failures, giveUp }: Omit<Plan, 'steps' | 'replies'>,
  probeEveryMs: number,
): WrittenEndpoint {
  const retry = { baseDelayMs: 400, maxDelayMs: 5_000, maxAttempts: giveUp ? 2 : null };
  return { name: 'a', order, concurrency, breaker: { failures, probeEveryMs }, retry };
}

/** First deliveries come in order, and within one run so does every attempt: those at one event stand together. */
function assertInOrder(world: World, { sent, arrivals, ends }: History): void {
  for (const [group, messages] of sent.entries()) {
    const arrived = arrivals[group] ?? [];
    const first = new Set(arrived.map(({ msgSeq }) => msgSeq));
    assert.deepEqual(
      [...first],
      Array.from({ length: messages }, (_, index) => index + 1),
    );
    const delivered = new Set(
      world.recording.seen
        .filter((seen) => seen.verdict === 'delivered' && seen.group === `g${group}`)
        .map(({ msgSeq }) => msgSeq),
    );
    assert.deepEqual(
      [...delivered],
      [...delivered].toSorted((a, b) => a - b),
    );
    for (let run = 0; run <= ends.length; run += 1) {
      const seqs = arrived.filter((arrival) => arrival.run === run).map(({ msgSeq }) => msgSeq);
      assert.deepEqual(
        seqs,
        seqs.toSorted((a, b) => a - b),
      );
    }
  }
}

/** What was delivered once does not come again, unless a crash followed before a checkpoint could be written. */
function assertFewRepeats(world: World, { arrivals, ends }: History): void {
  for (const { group, msgSeq, at, verdict } of world.recording.seen) {
    if (verdict !== 'delivered') continue;
    for (const again of arrivals[Number(group.slice(1))] ?? []) {
      if (again.msgSeq !== msgSeq || again.at <= at) continue;
      const crash = ends.find((end) => end >= at && end - at < CHECKPOINT_MS);
      assert.ok(
        crash !== undefined && again.at >= crash,
        `${group} ${msgSeq}: delivered at ${at}, again at ${again.at}`,
      );
    }
  }
}

test('whatever the receiver does and whenever the process dies, each event is delivered, or given up when that was asked for, in order', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (given) => {
      await using world = await startWorld({
        endpoints: [written(given, 1_000)],
        ...(given.hints ? {} : { wrap: (store) => ({ ...store, onLanes: () => {} }) }),
      });
      const history = await carryOut(world, given);
      const delivered = world.recording.seen.filter(({ verdict }) => verdict === 'delivered');
      const total = history.sent.reduce((sum, count) => sum + count, 0);
      const letters = await world.store.deadLetters({ includeReplayed: true, limit: 1_000 });
      const ended = [...delivered, ...letters.map((letter) => ({ ...letter, group: letter.groupId }))];
      assert.equal(new Set(ended.map(({ group, msgSeq }) => `${group} ${msgSeq}`)).size, total);
      if (history.ends.length === 0) assert.equal(ended.length, total);
      if (!given.giveUp) assert.deepEqual(letters, []);
      if (given.order === 'group') assertInOrder(world, history);
      assertFewRepeats(world, history);
      assert.deepEqual(world.recording.storeErrors, []);
    }),
    { numRuns: RUNS },
  );
});
