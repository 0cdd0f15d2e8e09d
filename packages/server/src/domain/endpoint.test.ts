import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EndpointSettings, wants } from './endpoint.ts';

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
  retry: { baseDelayMs: 500, maxDelayMs: 600_000, maxAttempts: null, maxAgeMs: 259_200_000 },
  breaker: { failures: 20, probeEveryMs: 5_000 },
  concurrency: 64,
  allowPrivateNetwork: false,
};

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
