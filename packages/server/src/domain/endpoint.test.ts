import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EndpointSettings, wants, withLaterSettings } from './endpoint.ts';

const KIND = 'group.message.sent';
const SETTINGS: EndpointSettings = {
  name: 'hook',
  url: 'https://hook.example/',
  dialect: 'tencent',
  revision: 'G5',
  events: [KIND],
  start: { at: 'now' },
  headers: {},
  timeoutMs: 2_000,
  order: 'group',
  onHeadFailure: 'block',
  retry: {
    baseDelayMs: 500,
    maxDelayMs: 600_000,
    maxRetryAfterMs: 3_600_000,
    maxAttempts: null,
    maxAgeMs: 259_200_000,
    permanentStatuses: [410],
  },
  breaker: { failures: 20, probeEveryMs: 5_000 },
  concurrency: 64,
  weight: 1,
  allowPrivateNetwork: false,
};

test('an endpoint that an earlier version stored gets the settings that came later', () => {
  const { permanentStatuses: _, maxRetryAfterMs: __, ...retry } = SETTINGS.retry;
  const { weight: ___, ...settings } = SETTINGS;
  const stored = JSON.parse(JSON.stringify({ ...settings, retry })) as EndpointSettings;
  assert.deepEqual(withLaterSettings(stored), SETTINGS);
  assert.equal(
    JSON.stringify(withLaterSettings(SETTINGS)),
    JSON.stringify(SETTINGS),
    'as JSON, for comparison',
  );
});

test('without a list of groups all are wanted, with one only those in it', () => {
  assert.equal(wants(SETTINGS, KIND, 'g'), true);
  assert.equal(wants({ ...SETTINGS, groups: ['h', 'g'] }, KIND, 'g'), true);
  assert.equal(wants({ ...SETTINGS, groups: ['h'] }, KIND, 'g'), false);
  assert.equal(wants({ ...SETTINGS, groups: [] }, KIND, 'g'), false);
});

test('only events that are switched on are wanted', () => {
  assert.equal(wants({ ...SETTINGS, events: [] }, KIND, 'g'), false);
  assert.equal(wants({ ...SETTINGS, events: [], groups: ['g'] }, KIND, 'g'), false);
});
