import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizeTencentPlatform } from './platform.ts';

test('each platform has one spelling', () => {
  for (const [given, spelling] of [
    ['macOS', 'Mac'],
    ['mac', 'Mac'],
    ['IPad', 'iPad'],
    ['IOS', 'iOS'],
    ['Unkown', 'Unknown'],
    ['restapi', 'RESTAPI'],
    ['HarmonyOS', 'HarmonyOS'],
  ] as const) {
    assert.equal(normalizeTencentPlatform(given), spelling);
  }
});
