import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTime, parseTime } from './time.ts';

/** 2023-11-14T22:13:20.000Z */
const MOMENT = 1_700_000_000_000;

test('a time is printed in UTC, or with the offset that its zone had then', () => {
  assert.equal(formatTime(MOMENT), '2023-11-14T22:13:20.000Z');
  assert.equal(formatTime(MOMENT, 'Asia/Shanghai'), '2023-11-15T06:13:20.000+08:00');
  assert.equal(formatTime(MOMENT, 'America/St_Johns'), '2023-11-14T18:43:20.000-03:30');
  assert.equal(formatTime(Date.UTC(2023, 6, 1), 'Europe/Berlin'), '2023-07-01T02:00:00.000+02:00');
});

test('an unknown zone is named', () => {
  assert.throws(() => formatTime(MOMENT, 'Mars/Base'), { name: 'CliError', message: /Mars\/Base/ });
});

test('what a person writes', () => {
  for (const text of [
    '2023-11-14T22:13:20Z',
    '2023-11-15T06:13:20.000+08:00',
    '1700000000',
    '1700000000000',
  ]) {
    assert.equal(parseTime(text), MOMENT, text);
  }
  assert.equal(parseTime('2023-11-14'), Date.UTC(2023, 10, 14));
});

test('what is no moment, or one of an unknown zone', () => {
  for (const text of [
    '',
    'now',
    '2023-11-14T22:13:20',
    '2023-13-40',
    '2023-11-14T25:00Z',
    '-5',
    '1e9',
    ' 1',
  ]) {
    assert.equal(parseTime(text), undefined, text);
  }
});

test('a day that its month does not have is no moment, and is not moved into the next month', () => {
  for (const text of ['2026-02-30T00:00:00Z', '2025-02-29', '2026-04-31T23:30:00+08:00']) {
    assert.equal(parseTime(text), undefined, text);
  }
  assert.equal(parseTime('2024-02-29T00:00:00+08:00'), Date.UTC(2024, 1, 28, 16));
  assert.equal(parseTime('2025-12-31T23:30:00-01:00'), Date.UTC(2026, 0, 1, 0, 30));
});

test('what is printed can be pasted back, in any zone', () => {
  const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia');
  const moments = fc.integer({ min: Date.UTC(1974, 0), max: Date.UTC(2100, 0) });
  fc.assert(fc.property(moments, zones, (ms, zone) => parseTime(formatTime(ms, zone)) === ms));
});
