import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from './load.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER = Buffer.alloc(32, 2).toString('base64');
const APPS = { apps: [{ sdkAppId: 1, secretKeys: ['a-secret-key'] }] };

function keys(secretsKey: unknown, env: Record<string, string> = {}): readonly string[] {
  return loadConfig({ text: JSON.stringify({ ...APPS, secretsKey }), env }).secretsKeys;
}

test('one key, several, from the environment or from a file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'confab-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = `file:${join(folder, 'key')}`;
  writeFileSync(join(folder, 'key'), `${OTHER}\n`);
  assert.deepEqual(keys(undefined), []);
  assert.deepEqual(keys(KEY), [KEY]);
  assert.deepEqual(keys([KEY, file]), [KEY, OTHER]);
  assert.deepEqual(keys(undefined, { CONFAB_SECRETS_KEY: KEY }), [KEY]);
  assert.deepEqual(keys(KEY, { CONFAB_SECRETS_KEY: JSON.stringify([OTHER, KEY]) }), [OTHER, KEY]);
  assert.deepEqual(keys(undefined, { CONFAB_SECRETS_KEY: file }), [OTHER]);

  writeFileSync(join(folder, 'key'), 'hunter2');
  assert.throws(() => keys(file), /secretsKey names the file .*key, which does not hold 32 bytes in base64/);
  assert.throws(
    () => keys('file:/nowhere/key'),
    /secretsKey names the file \/nowhere\/key, which does not exist/,
  );
});

test('what is no key is refused and not shown', () => {
  const short = Buffer.alloc(31, 3).toString('base64');
  for (const bad of [
    'hunter2',
    short,
    `${KEY}=`,
    KEY.slice(0, 43),
    Buffer.alloc(32, 3).toString('hex'),
    [KEY, KEY],
    7,
    {},
  ]) {
    assert.throws(
      () => keys(bad),
      ({ message }: Error) => {
        assert.match(message, /secretsKey (must be|has)/);
        for (const secret of ['hunter2', short, KEY]) assert.ok(!message.includes(secret));
        return true;
      },
    );
  }
});
