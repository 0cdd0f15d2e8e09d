import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';
import { Unfit } from './problem.ts';

test('durations have a number and a unit, or are 0', () => {
  const cases: readonly (readonly [string | number, number])[] = [
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['0', 0],
    [0, 0],
  ];
  for (const [written, ms] of cases) assert.equal(parseDuration(written), ms, String(written));
});

test('everything else is refused, and a number without a unit is told so', () => {
  for (const written of ['', '7', 7, '7w', '-1s', '1.5h', '1h30m', '7 d', 'ms', '999999999999999d']) {
    assert.throws(() => parseDuration(written), Unfit, String(written));
  }
  assert.throws(() => parseDuration(7), /say the unit/);
  assert.throws(() => parseDuration('40000d'), /hundred years/);
});

test('what is formatted is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) => {
      assert.equal(parseDuration(formatDuration(ms)), ms);
    }),
  );
});
