import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime, zoneOffset } from './time-zone.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

test('offsets follow the zone, summer time included', () => {
  const berlin = zoneOffset('Europe/Berlin');
  assert.equal(berlin(seconds('2025-01-01T00:00:00Z')), 3600);
  assert.equal(berlin(seconds('2025-03-30T00:59:59Z')), 3600);
  assert.equal(berlin(seconds('2025-03-30T01:00:00Z')), 7200);
  assert.equal(zoneOffset('Asia/Kathmandu')(0), 5.5 * 3600);
  assert.equal(zoneOffset('Asia/Kathmandu')(seconds('2025-01-01T00:00:00Z')), 5.75 * 3600);
  assert.equal(zoneOffset('America/St_Johns')(seconds('2025-01-01T00:00:00Z')), -3.5 * 3600);
  assert.equal(zoneOffset('UTC')(seconds('2025-01-01T00:00:00Z')), 0);
});

test('a moment beyond the calendar has no offset', () => {
  assert.equal(zoneOffset('Europe/Berlin')(1e15), 0);
});

test('local time is written with the zone’s clock', () => {
  assert.equal(
    localTime(Date.parse('2025-01-01T23:30:05Z'), zoneOffset('Asia/Shanghai')),
    '2025-01-02 07:30:05',
  );
});

test('a zone that does not exist is named', () => {
  assert.throws(() => zoneOffset('Mars/Olympus'), /no time zone "Mars\/Olympus"/);
});
