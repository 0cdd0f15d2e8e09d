import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '@confab-im/server';
import { firstConfig } from './first-start.ts';

test('the first configuration is valid, with a key and a token of its own', () => {
  const config = loadConfig({ text: firstConfig((bytes) => Buffer.alloc(bytes, 7)), env: {} });
  const [app] = config.apps;
  assert.equal(app?.sdkAppId, 1400000001);
  assert.deepEqual(app?.secretKeys, ['07'.repeat(32)]);
  assert.deepEqual(app?.admins, ['administrator']);
  assert.deepEqual(config.secretsKeys, [Buffer.alloc(32, 7).toString('base64')]);
  assert.equal(config.admin.tokens[0]?.role, 'owner');
  assert.equal(config.admin.tokens[0]?.token.length, 32);
});
