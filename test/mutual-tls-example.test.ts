import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '@confab-im/server';
import { authority, selfSigned } from '../packages/server/test/support/self-signed.ts';

const FOLDER = join(import.meta.dirname, '../examples/mutual-tls');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const readme = read('README.md');

/** Directives, whatever block they stand in: name and arguments. Throws when the blocks do not close. */
function directives(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const open: string[] = [];
  for (const line of text.split('\n').map((raw) => raw.replace(/(^|\s)#.*$/, '').trim())) {
    const [name = '', ...rest] = line.replace(/;$/, '').split(/\s+/);
    if (line === '') continue;
    if (/^<\//.test(line)) assert.equal(open.pop(), line.slice(2, -1), line);
    else if (line === '}') assert.equal(open.pop(), '{', line);
    else if (line.startsWith('<')) open.push(name.slice(1));
    else if (line.endsWith('{')) open.push('{');
    else found.set(name, rest.join(' '));
  }
  assert.deepEqual(open, [], 'every block is closed');
  return found;
}

const PATHS = ['receiver.pem', 'receiver.key', 'callers-ca.pem'].map(
  (name) => `/etc/confab-webhooks/${name}`,
);

test('the nginx example lets in callers with a certificate alone, with TLS 1.2 or later', () => {
  const text = read('nginx.conf');
  for (const line of text.split('\n')) assert.match(line, /^\s*(#.*)?$|[;{}]$/, `unfinished: ${line}`);
  const found = directives(text);
  assert.equal(found.get('ssl_verify_client'), 'on');
  assert.equal(found.get('ssl_protocols'), 'TLSv1.2 TLSv1.3');
  assert.equal(found.get('proxy_pass'), 'http://127.0.0.1:8801');
  const files = ['ssl_certificate', 'ssl_certificate_key', 'ssl_client_certificate'].map((name) =>
    found.get(name),
  );
  assert.deepEqual(files, PATHS);
});

test('the httpd example does the same', () => {
  const found = directives(read('httpd.conf'));
  assert.equal(found.get('SSLVerifyClient'), 'require');
  assert.equal(found.get('SSLProtocol'), '-all +TLSv1.2 +TLSv1.3');
  assert.equal(found.get('ProxyPass'), '/ http://127.0.0.1:8801/');
  const files = ['SSLCertificateFile', 'SSLCertificateKeyFile', 'SSLCACertificateFile'].map((name) =>
    found.get(name),
  );
  assert.deepEqual(files, PATHS);
});

test('the page names every file that they look for, and its configuration is valid', (t) => {
  for (const path of PATHS) assert.ok(readme.includes(`\`${path}\``), path);
  for (const name of ['nginx.conf', 'httpd.conf']) assert.ok(readme.includes(`[${name}](${name})`));
  const folder = mkdtempSync(join(tmpdir(), 'confab-example-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const identity = selfSigned({ name: 'confab', issuer: authority('Callers') });
  writeFileSync(join(folder, 'confab.pem'), identity.cert);
  writeFileSync(join(folder, 'confab.key'), identity.key);
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const inApp = `    ${yaml.replaceAll('\n', '\n    ').replaceAll('/etc/confab/', `${folder}/`)}`;
  const text = `apps:\n  - sdkAppId: 1\n    secretKeys: [a-secret-key]\n${inApp}`;
  const [endpoint] = loadConfig({ text, env: {} }).apps[0]?.endpoints ?? [];
  assert.deepEqual(endpoint?.tls, { cert: identity.cert, key: identity.key });
});
