import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type CounterMode,
  type Counters,
  deleteCounters,
  NO_COUNTERS,
  updateCounters,
} from './group-counters.ts';

const GREATEST = String(2n ** 63n - 1n);
const LEAST = String(-(2n ** 63n));

function updated(now: Counters, mode: CounterMode, values: Record<string, string>): Counters {
  const result = updateCounters(now, mode, pairs(values));
  assert.ok(result.kind === 'written', JSON.stringify(result));
  return result.counters;
}

const pairs = (values: Record<string, string>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));
const valuesOf = ({ entries }: Counters) => Object.fromEntries(entries.map(({ key, value }) => [key, value]));

describe('counters of a group', () => {
  test('a counter that is not there counts from 0', () => {
    const now = updated(NO_COUNTERS, 'Increase', { up: '3' });
    assert.deepEqual(valuesOf(updated(now, 'Decrease', { up: '1', down: '1' })), { up: '2', down: '-1' });
    assert.deepEqual(valuesOf(updated(now, 'Set', { up: '-7' })), { up: '-7' });
  });

  test('64 bits, exactly', () => {
    const most = updated(NO_COUNTERS, 'Set', { most: GREATEST, least: LEAST });
    assert.deepEqual(valuesOf(most), { most: GREATEST, least: LEAST });
    for (const [mode, values] of [
      ['Increase', { most: '1' }],
      ['Decrease', { least: '1' }],
      ['Set', { other: String(2n ** 63n) }],
      ['Increase', { other: '9999999999999999999' }],
    ] as const) {
      const result = updateCounters(most, mode, pairs(values));
      assert.ok(result.kind === 'refused' && result.error === 'INVALID_PARAMETERS');
    }
  });

  test('at most 20', () => {
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, '1']));
    const full = updated(NO_COUNTERS, 'Set', twenty);
    const result = updateCounters(full, 'Set', pairs({ more: '1' }));
    assert.ok(result.kind === 'refused' && result.error === 'TOO_MANY_COUNTERS');
    assert.equal(updated(full, 'Increase', twenty).entries.length, 20);
  });

  test('what is deleted need not be there; nothing deleted is no change', () => {
    const now = updated(NO_COUNTERS, 'Set', { a: '1', b: '2' });
    assert.deepEqual(valuesOf(deleteCounters(now, ['a', 'z'])), { b: '2' });
    assert.deepEqual(valuesOf(deleteCounters(now, undefined)), {});
    assert.equal(deleteCounters(now, ['z']), now);
    assert.equal(deleteCounters(now, []), now);
  });

  test('any order of increases and decreases gives the sum', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n })), (steps) => {
        let now = NO_COUNTERS;
        for (const by of steps) {
          now = updated(now, by < 0n ? 'Decrease' : 'Increase', { sum: String(by < 0n ? -by : by) });
        }
        const sum = steps.reduce((all, by) => all + by, 0n);
        assert.equal(now.entries[0]?.value ?? '0', String(sum));
      }),
    );
  });
});
