import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Places, type Seat } from './places.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Somebody with a backlog: takes whatever it gets, up to its own limit. */
class Busy {
  taken = 0;
  held = 0;
  readonly seat: Seat;
  readonly #places: Places;
  readonly #limit: number;

  constructor(places: Places, app: number, { weight = 1, limit = Number.POSITIVE_INFINITY } = {}) {
    this.#places = places;
    this.#limit = limit;
    this.seat = places.seat(app, weight, () => this.pump());
  }

  pump(): void {
    while (this.held < this.#limit && this.#places.tryTake(this.seat)) {
      this.held += 1;
      this.taken += 1;
    }
  }

  /** One of its attempts ends. */
  end(): void {
    this.held -= 1;
    this.#places.give(this.seat);
    this.pump();
  }
}

test('while there are enough, everybody takes what it wants', () => {
  const places = new Places(100, () => 0);
  const [a, b] = [new Busy(places, 1, { limit: 64 }), new Busy(places, 1, { limit: 30 })];
  for (const one of [a, b]) one.pump();
  assert.deepEqual([a.held, b.held], [64, 30]);
});

test('with all places taken, an endpoint that has none begins one all the same', () => {
  const places = new Places(10, () => 0);
  const [a, b] = [new Busy(places, 1), new Busy(places, 2)];
  for (const one of [a, b]) one.pump();
  assert.deepEqual([a.held, b.held], [10, 1]);
});

for (const [name, weights, apps, expected] of [
  ['endpoints of an app share by weight', [3, 1], [1, 1], [75, 25]],
  ['endpoints of equal weight share alike', [1, 1, 1, 1], [1, 1, 1, 1], [25, 25, 25, 25]],
  [
    'apps share alike, however many endpoints they have',
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 2],
    [12.5, 12.5, 12.5, 12.5, 50],
  ],
] as const) {
  test(name, async () => {
    let at = 0;
    const places = new Places(100, () => at);
    const all = weights.map((weight, index) => new Busy(places, apps[index] ?? 0, { weight }));
    for (const one of all) one.pump();
    const had = all.map(() => 0);
    for (let round = 0; round < 3_000; round += 1) {
      at += 1;
      // Each attempt takes 50 ms: of what is held, one in fifty ends.
      for (const one of all) {
        for (let n = Math.floor(one.held / 50) + (round % 50 < one.held % 50 ? 1 : 0); n > 0; n -= 1)
          one.end();
      }
      await Promise.resolve();
      await Promise.resolve();
      if (round < 500) continue;
      for (const [index, one] of all.entries()) had[index] = (had[index] ?? 0) + one.held;
    }
    for (const [index, share] of expected.entries()) {
      const mean = (had[index] ?? 0) / 2_500;
      assert.ok(
        Math.abs(mean - share) <= 0.15 * share + 2,
        `${index} held ${mean} places in place of ${share}`,
      );
    }
  });
}

test('crowds that hang leave their places to whoever comes, as they end', async () => {
  const places = new Places(64, () => 0);
  const hanging = [1, 2, 3, 4].map((app) => new Busy(places, app));
  for (const one of hanging) one.pump();
  const late = new Busy(places, 5);
  late.pump();
  assert.equal(late.held, 1);
  for (let n = 0; n < 40; n += 1) {
    hanging[0]?.end();
    await turn();
  }
  assert.ok(late.held >= 8, `${late.held} places`);
});

test('an offer that is not taken goes to the next, and who has left gets none', async () => {
  const places = new Places(2, () => 0);
  let offers = 0;
  const shy = places.seat(1, 1, () => {
    offers += 1;
  });
  const [holder, gone, eager] = [new Busy(places, 2), new Busy(places, 3), new Busy(places, 4)];
  assert.equal(places.tryTake(shy), true);
  holder.pump();
  gone.pump();
  eager.pump();
  assert.equal(places.tryTake(shy), false);
  for (const left of [gone, holder]) places.leave(left.seat);
  const before = [gone.taken, eager.taken];
  // Four are held, of two: three have to end before one is offered.
  holder.held -= 1;
  places.give(holder.seat);
  places.give(gone.seat);
  places.give(shy);
  await turn();
  assert.equal(offers, 1);
  assert.deepEqual([gone.taken, eager.taken], [before[0], (before[1] ?? 0) + 1]);
});
