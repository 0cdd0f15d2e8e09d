import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Start } from '../endpoint.ts';
import { Unfit } from './problem.ts';
import { parseStart, parseTime, showStart } from './start.ts';

test('words, times, milliseconds and sequences', () => {
  const time = Date.UTC(2026, 0, 31, 8);
  assert.deepEqual(parseStart('now'), { at: 'now' });
  assert.deepEqual(parseStart('beginning'), { at: 'beginning' });
  assert.deepEqual(parseStart('2026-01-31T08:00:00Z'), { at: 'time', time });
  assert.deepEqual(parseStart('2026-01-31T16:00:00+08:00'), { at: 'time', time });
  assert.deepEqual(parseStart('2026-01-31'), { at: 'time', time: time - 8 * 3_600_000 });
  assert.deepEqual(parseStart(time), { at: 'time', time });
  assert.deepEqual(parseStart(999_999_999), { at: 'sequence', seq: 999_999_999 });
  assert.deepEqual(parseStart({ sequence: 2_000_000_000 }), { at: 'sequence', seq: 2_000_000_000 });
});

test('unix seconds, times without a zone and other words are refused with a hint', () => {
  assert.throws(() => parseStart(1_700_000_000), /three zeros/);
  assert.throws(() => parseTime('2026-01-31T08:00:00'), /add Z or an offset/);
  for (const written of ['yesterday', '2026-13-01', '31.01.2026', ''])
    assert.throws(() => parseStart(written), Unfit);
});

test('a day that its month does not have is no time, and is not moved into the next month', () => {
  for (const written of ['2026-02-30T00:00:00Z', '2025-02-29', '2026-04-31T23:30:00+08:00'])
    assert.throws(() => parseTime(written), /is no time that can be read/, written);
  assert.equal(parseTime('2024-02-29T00:00:00+08:00'), Date.UTC(2024, 1, 28, 16));
  assert.equal(parseTime('2025-12-31T23:30:00-01:00'), Date.UTC(2026, 0, 1, 0, 30));
});

test('what is shown is read back', () => {
  const start = fc.oneof<fc.Arbitrary<Start>[]>(
    fc.constantFrom<Start>({ at: 'now' }, { at: 'beginning' }),
    fc.integer({ min: 0, max: 4e12 }).map((time) => ({ at: 'time', time })),
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map((seq) => ({ at: 'sequence', seq })),
  );
  fc.assert(fc.property(start, (value) => assert.deepEqual(parseStart(showStart(value)), value)));
});
