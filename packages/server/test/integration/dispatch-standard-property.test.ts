import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startWorld, type World } from '../support/dispatch-harness.ts';
import type { RecordedRequest, Reply } from '../support/scripted-receiver.ts';
import { eventsOf, KEY } from '../support/standard-requests.ts';

const RUNS = 25;
const PROBE_EVERY_MS = 5_000;

/**
 * - `applied`: applies and says how far it is. `half`: applies the first half of what came. `silent`: says nothing of its position
 * - `lost`: applies, and the answer is lost. `refused`: applies nothing
 * - `restored`: has just lost its last three events. `nonsense`: applies, and gives a position that cannot be read
 */
const MOODS = ['applied', 'applied', 'half', 'silent', 'lost', 'refused', 'restored', 'nonsense'] as const;
type Mood = (typeof MOODS)[number];

/** What a receiver that minds its chain has applied of one group: everything through `last`, each once, in order. */
class Ledger {
  applied: number[] = [];

  get last(): number {
    return this.applied.at(-1) ?? 0;
  }

  /** Applies what follows, up to the first gap. */
  take(request: RecordedRequest, part = 1): void {
    const events = eventsOf(request);
    for (const { lane } of events.slice(0, Math.ceil(events.length * part))) {
      if (lane.seq <= this.last) continue;
      if (lane.prev > this.last) return;
      this.applied.push(lane.seq);
    }
  }

  answer(request: RecordedRequest, mood: Mood): Reply {
    if (mood === 'refused') return { status: 500 };
    if (mood === 'restored') this.applied = this.applied.slice(0, -3);
    this.take(request, mood === 'half' ? 0.5 : 1);
    if (mood === 'lost') return 'reset';
    const through = eventsOf(request).at(-1)?.lane.seq ?? 0;
    if (mood === 'silent' && this.last >= through) return {};
    // A single event with an unreadable position counts as delivered: only who has applied it may say such a thing.
    if (mood === 'nonsense' && this.last >= through) return at('soon');
    return at(String(this.last));
  }
}

function at(position: string): Reply {
  return { body: '{}', headers: { 'confab-applied-through': position } };
}

const plan = fc.record({
  batch: fc.constantFrom(undefined, { maxEvents: 2 }, { maxEvents: 10 }, { maxBytes: 2_000 }),
  moods: fc.array(fc.constantFrom(...MOODS), { maxLength: 25 }),
  bursts: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }),
  crashAfter: fc.array(fc.nat(4), { maxLength: 2 }),
});

function endpoint(batch: object | undefined) {
  const retry = { baseDelayMs: 400, maxDelayMs: 5_000 };
  const breaker = { failures: 5, probeEveryMs: PROBE_EVERY_MS };
  return {
    ...{ name: 'a', dialect: 'standard', signingKeys: [KEY], retry, breaker },
    ...(batch && { batch }),
  };
}

async function carryOut(
  world: World,
  bursts: readonly number[],
  crashAfter: readonly number[],
): Promise<void> {
  await world.start();
  for (const [index, count] of bursts.entries()) {
    await world.send('g1', count);
    await world.elapse(30);
    if (!crashAfter.includes(index)) continue;
    await world.crash();
    await world.start();
  }
  await world.quiet();
  // Who was restored last of all hears of it with the next event.
  await world.send('g1');
  await world.quiet();
}

test('a receiver that minds its chain ends with every event applied once and in order, whatever befell it', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ batch, moods, bursts, crashAfter }) => {
      const ledger = new Ledger();
      let requests = 0;
      await using world = await startWorld({
        endpoints: [endpoint(batch)],
        file: true,
        script: ({ request }) => ledger.answer(request, moods[requests++] ?? 'applied'),
      });
      await carryOut(world, bursts, crashAfter);
      // A receiver that lost nothing has never to ask for anything: going back heals much, and must not have to.
      const back = world.recording.moves.filter((move) => move.startsWith('a back'));
      if (!moods.includes('restored')) assert.deepEqual(back, []);
      const sent = bursts.reduce((sum, count) => sum + count, 1);
      assert.deepEqual(
        ledger.applied,
        Array.from({ length: sent }, (_, index) => index + 2),
      );
    }),
    { numRuns: RUNS },
  );
});

test('a receiver that lies about its position brings every event to an end, and no storm upon itself', async () => {
  const lies = fc.array(fc.oneof(fc.nat(60), fc.constantFrom('soon', '-1', '1e9')), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(plan, lies, async ({ batch, bursts, crashAfter }, positions) => {
      let requests = 0;
      const { retry, ...rest } = endpoint(batch);
      await using world = await startWorld({
        endpoints: [{ ...rest, retry: { ...retry, maxAttempts: 5, maxAgeMs: 600_000 } }],
        file: true,
        script: () => at(String(positions[requests++ % positions.length])),
      });
      await carryOut(world, bursts, crashAfter);
      const sent = bursts.reduce((sum, count) => sum + count, 1);
      const lanes = await world.store.lanes({ limit: 1 });
      assert.deepEqual(lanes, [], 'every event has come to an end');
      // Five attempts, each of which may set the lane back, three times for one event, and each time all of it is sent again. While the
      // breaker is open a probe goes out every so often, which uses up none of them.
      const probes = world.clock.monotonic() / PROBE_EVERY_MS;
      assert.ok(requests <= sent * 5 * (1 + 3 * sent) + probes, `${requests} requests for ${sent} events`);
    }),
    { numRuns: RUNS },
  );
});
