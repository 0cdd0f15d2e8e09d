import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { authority, selfSigned } from '../support/self-signed.ts';

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

describe('the certificates of an endpoint', () => {
  const ca = authority('Callers');
  const client = selfSigned({ name: 'confab', issuer: ca });
  const endpoint = (tls: object) =>
    JSON.stringify({
      apps: [
        {
          sdkAppId: 1,
          secretKeys: ['a-secret-key'],
          endpoints: [{ name: 'a', url: 'https://app.example.com/', events: 'all', tls }],
        },
      ],
    });
  const tlsOf = (written: object) =>
    loadConfig({ file: file('mtls.json', endpoint(written)), env: {} }).apps[0]?.endpoints[0]?.tls;

  test('may be files or PEM text, alike', () => {
    const files = {
      ca: file('ca.pem', ca.cert),
      cert: file('client.pem', client.cert + ca.cert),
      key: file('client.key', client.key),
    };
    assert.deepEqual(tlsOf({ ...files, servername: 'hooks.example.com' }), {
      ca: ca.cert,
      cert: client.cert + ca.cert,
      key: client.key,
      servername: 'hooks.example.com',
    });
    assert.deepEqual(tlsOf({ ...client }), client);
  });

  test('name the file and what is wrong with it', () => {
    const bad = (tls: object) => complaint(file('bad.json', endpoint(tls)));
    const { privateKey } = generateKeyPairSync('ed25519');
    const locked = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
      .toString();
    assert.match(
      bad({ ca: join(folder, 'missing.pem') }),
      /tls\.ca names the file .*missing\.pem, which does not exist/,
    );
    assert.match(bad({ ca: file('plain.txt', 'hello') }), /plain\.txt, which is not a PEM file/);
    assert.match(bad({ ca: file('key.pem', client.key) }), /key\.pem, which holds no certificate/);
    const cut = client.cert.replace('MII', 'MIA');
    assert.match(bad({ ca: file('cut.pem', ca.cert + cut) }), /cut\.pem, which holds .* read: number 2 of 2/);
    const { cert } = client;
    assert.match(bad({ cert, key: file('cert.pem', cert) }), /cert\.pem, which holds no private key/);
    assert.match(
      bad({ cert, key: file('locked.pem', locked) }),
      /locked\.pem, which .* passphrase; take it off/,
    );
    assert.match(
      bad({ cert, key: client.key.replace('MIG', 'MIX') }),
      /tls\.key holds a private key that cannot/,
    );
    assert.match(bad({ cert, key: selfSigned().key }), /tls\.key does not belong to cert/);
    assert.match(bad({ cert }), /tls\.key is missing/);
    assert.match(bad({ key: client.key }), /tls\.cert is missing/);
    assert.match(bad({ servername: 'a b' }), /tls\.servername must be a host name/);
    for (const said of [bad({ cert, key: selfSigned().key }), bad({ key: client.key.replace('MIG', 'MIX') })])
      assert.doesNotMatch(said, /MI[GX]/, 'no error shows a key');
  });
});
