import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Agenda } from './agenda.ts';
import { Prng } from './prng.ts';

test('things happen in the order of their moments, each once, and time never goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.integer(), (delays, seed) => {
      const agenda = new Agenda(new Prng(seed));
      const happened: number[] = [];
      for (const delay of delays) agenda.after(delay, () => happened.push(delay));
      for (let next = agenda.next(); next !== undefined; next = agenda.next()) {
        assert.equal(agenda.now, next.at);
        next.run();
      }
      assert.deepEqual(
        happened,
        delays.toSorted((a, b) => a - b),
      );
    }),
  );
});

test('what was cancelled, and what the dead waited for, does not happen', () => {
  const agenda = new Agenda(new Prng(1));
  const owner = { alive: true };
  agenda.after(1, () => {}).cancelled = true;
  agenda.after(2, () => {}, owner);
  agenda.after(3, () => {});
  owner.alive = false;
  assert.equal(agenda.next()?.at, 3);
  assert.equal(agenda.next(), undefined);
});

test('what happens to somebody who is paused happens to him afterwards, unless it is cancelled', () => {
  const agenda = new Agenda(new Prng(1));
  const owner = { alive: true, pausedUntil: 10 };
  const happened: string[] = [];
  agenda.after(1, () => happened.push('his'), owner);
  const cancelled = agenda.after(2, () => happened.push('cancelled'), owner);
  agenda.after(3, () => {
    happened.push('others');
    cancelled.cancelled = true;
  });
  for (let next = agenda.next(); next !== undefined; next = agenda.next()) next.run();
  assert.deepEqual(happened, ['others', 'his']);
  assert.equal(agenda.now, 10);
});

test('of things due together each order comes up', () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 100; seed += 1) {
    const agenda = new Agenda(new Prng(seed));
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) agenda.after(0, () => order.push(name));
    for (let next = agenda.next(); next !== undefined; next = agenda.next()) next.run();
    orders.add(order.join(''));
  }
  assert.equal(orders.size, 6);
});
