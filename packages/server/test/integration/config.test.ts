import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'confab-config-'));
after(() => rmSync(folder, { recursive: true }));

const APPS = 'apps: [{ sdkAppId: 1, secretKeys: [a-secret-key] }]\n';

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function complaint(path: string): string {
  try {
    loadConfig({ file: path, env: {} });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.ok(error.message.includes(path), 'names the file');
    return error.message;
  }
  return assert.fail('accepted');
}

test('a file is read, and the files it names', () => {
  const cert = file('cert.pem', '-----BEGIN CERTIFICATE-----\n');
  const key = file('key.pem', '-----BEGIN PRIVATE KEY-----\n');
  const path = file('good.yaml', `tls: { cert: "${cert}", key: "${key}" }\n${APPS}`);
  assert.deepEqual(loadConfig({ file: path, env: {} }).tls, {
    cert: '-----BEGIN CERTIFICATE-----\n',
    key: '-----BEGIN PRIVATE KEY-----\n',
  });
});

test('a byte order mark and JSON do no harm', () => {
  assert.equal(loadConfig({ file: file('bom.yaml', `\ufeff${APPS}`), env: {} }).apps.length, 1);
  const json = file('config.json', JSON.stringify({ apps: [{ sdkAppId: 1, secretKeys: ['a-secret-key'] }] }));
  assert.equal(loadConfig({ file: json, env: {} }).apps.length, 1);
});

test('files that cannot be had say why', () => {
  mkdirSync(join(folder, 'directory'));
  assert.match(complaint(join(folder, 'nowhere.yaml')), /does not exist/);
  assert.match(complaint(join(folder, 'directory')), /is a directory/);
  assert.match(complaint(file('large.yaml', '#'.repeat(1_048_577))), /at most 1048576 are read/);
  assert.match(complaint(file('latin1.yaml', Uint8Array.of(0x61, 0x3a, 0xe9, 0x28))), /is not UTF-8/);
  assert.match(complaint(join(file('plain.yaml', APPS), 'below')), /not a directory/);
});

test('a file that a setting names and that cannot be had is a problem of that line', () => {
  const noPem = file('no.pem', 'nothing');
  const message = complaint(
    file('tls.yaml', `tls:\n  cert: ${folder}/missing.pem\n  key: ${noPem}\nlisten: x\n`),
  );
  assert.match(message, /line 2: tls\.cert names the file .*missing\.pem, which does not exist/);
  assert.match(message, /line 3: tls\.key names the file .*no\.pem, which is not a PEM file/);
  assert.match(message, /line 4: listen must be/);
});
