import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { startServer } from '../../src/app.ts';
import { createLogger } from '../../src/base/logger.ts';
import { describeConfig } from '../../src/config/describe.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import { parseEndpoint } from '../../src/domain/settings/parse-endpoint.ts';
import { StoreError } from '../../src/store/errors.ts';
import { openFileStore } from '../../src/store/sqlite/open.ts';
import { keyId } from '../../src/store/sqlite/sealer.ts';
import { selfSigned } from '../support/self-signed.ts';

const APP = 1400000001;
const TOKEN = 'owner-token-0123456789';
const newKey = () => randomBytes(32).toString('base64');

const { cert, key } = selfSigned({ name: 'confab' });
const SECRETS = {
  token: 'planted-auth-token',
  header: 'planted-header-value',
  query: 'planted-in-the-url',
  key: key.split('\n')[1] ?? '',
};
const WRITTEN = {
  name: 'a',
  url: `https://127.0.0.1:9/?key=${SECRETS.query}`,
  events: 'all',
  authToken: SECRETS.token,
  headers: { authorization: `Bearer ${SECRETS.header}` },
  tls: { cert, key },
};

function settings(more: object = {}): EndpointSettings {
  const read = parseEndpoint({ ...WRITTEN, ...more });
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'confab-secrets-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Which of the planted secrets stand in a text. */
function found(text: string): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
}

/** Every byte of every file of a folder. */
function filesIn(folder: string): string {
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file)).toString('latin1'))
    .join('\n');
}

async function put(path: string, secretsKeys: string[], ...endpoints: EndpointSettings[]): Promise<void> {
  const store = openFileStore(path, { secretsKeys });
  for (const settings of endpoints)
    await store.commit({ type: 'putEndpoint', app: APP, now: 1, settings, source: 'api' });
  await store.close();
}

async function stored(path: string, secretsKeys: string[]): Promise<EndpointSettings[]> {
  const store = openFileStore(path, { secretsKeys });
  const endpoints = await store.endpoints();
  await store.close();
  return endpoints.map(({ settings }) => settings);
}

function refused(path: string, secretsKeys: string[], code: string, said: RegExp): void {
  assert.throws(
    () => openFileStore(path, { secretsKeys }),
    (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, said);
      assert.deepEqual(found(error.message), []);
      return true;
    },
  );
}

test('a server shows the secrets of its endpoints nowhere: not in its files, answers, log or metrics', async (t) => {
  const folder = newFolder(t);
  const secretsKey = newKey();
  const config = loadConfig({
    text: JSON.stringify({
      listen: '127.0.0.1:0',
      store: `sqlite:${join(folder, 'confab.db')}`,
      secretsKey,
      admin: { tokens: [{ name: 'ops', token: TOKEN, role: 'owner' }] },
      apps: [{ sdkAppId: APP, secretKeys: ['a-secret-key'], endpoints: [{ ...WRITTEN, name: 'file' }] }],
    }),
    env: {},
  });
  const said: string[] = [describeConfig(config)];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => void said.push(line) } });
  const server = await startServer({ config, logger });
  t.after(() => server.abort());
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const sent = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await (await fetch(`${server.url}/${path}`, sent)).text();
    said.push(answer);
    return answer;
  };
  const at = `admin/v1/apps/${APP}/endpoints`;
  assert.match(await call('POST', at, WRITTEN), /"name":"a"/);
  await call('PUT', `${at}/a`, { ...WRITTEN, headers: { authorization: '********' }, concurrency: 3 });
  await call('PUT', `${at}/a`, { ...WRITTEN, tls: { cert, key: key.replace('MIG', 'MIX') } });
  await call('POST', at, {
    ...WRITTEN,
    name: 'b',
    headers: { host: SECRETS.header, 'x-a': `${SECRETS.header}\n` },
  });
  for (const path of [at, `${at}/a`, 'admin/v1/audit', 'admin/v1/status', 'admin/v1/lanes', 'metrics'])
    await call('GET', path);
  // URLs are shown: what they carry is for the eyes of those who may see endpoints, and no further.
  const withoutUrls = said.join('\n').replaceAll(/"url":"[^"]*"/g, '');
  assert.deepEqual(found(withoutUrls), []);
  assert.ok(!said.join('').includes(secretsKey));
  assert.deepEqual(found(filesIn(folder)), [], 'while it runs');
  await server.stop();
  assert.deepEqual(found(filesIn(folder)), [], 'when it has ended');
  assert.ok(!readFileSync(join(folder, 'confab.db')).toString('latin1').includes(secretsKey));
  assert.deepEqual(
    (await stored(join(folder, 'confab.db'), [secretsKey])).map(({ name, authToken }) => [name, authToken]),
    [
      ['file', SECRETS.token],
      ['a', SECRETS.token],
    ],
  );
});

test('what was stored as plain text is encrypted at the first start with a key', async (t) => {
  const folder = newFolder(t);
  const path = join(folder, 'confab.db');
  await put(path, [], settings(), settings({ name: 'b', url: 'https://b.example/' }));
  assert.deepEqual(
    found(filesIn(folder)),
    ['token', 'header', 'query', 'key'],
    'plain without a key, so that this test can fail',
  );
  const secretsKey = newKey();
  assert.deepEqual((await stored(path, [secretsKey]))[0], settings());
  assert.deepEqual(found(filesIn(folder)), []);
  refused(
    path,
    [],
    'secrets-locked',
    /endpoint "a" of app 1400000001 .* secretsKey is not set; add that key/,
  );
});

test('keys are changed without a gap: the new one first, the old one behind it for one start', async (t) => {
  const path = join(newFolder(t), 'confab.db');
  const [old, next] = [newKey(), newKey()];
  await put(path, [old], settings());
  refused(path, [next], 'secrets-locked', new RegExp(`key ${keyId(old)}, and secretsKey has ${keyId(next)}`));
  assert.deepEqual(await stored(path, [next, old]), [settings()]);
  assert.deepEqual(await stored(path, [next]), [settings()], 'the old one is not needed any more');
  refused(path, [old], 'secrets-locked', /add that key to secretsKey/);
  const before = sealed(path);
  assert.deepEqual(await stored(path, [next, old]), [settings()]);
  assert.deepEqual(sealed(path), before, 'and nothing is written again without need');
});

test('settings that were changed, or moved to another endpoint, are refused', async (t) => {
  const path = join(newFolder(t), 'confab.db');
  const secretsKey = newKey();
  await put(path, [secretsKey], settings(), settings({ name: 'b' }));
  const [a = '', b = ''] = sealed(path);
  const write = (text: string) => {
    const db = new DatabaseSync(path);
    db.prepare("UPDATE endpoint SET settings = ? WHERE name = 'a'").run(text);
    db.close();
  };
  const envelope = JSON.parse(a) as Record<string, string>;
  const cut = { ...envelope, tag: envelope.tag?.slice(0, 8) };
  const flipped = {
    ...envelope,
    data: `${envelope.data?.startsWith('A') ? 'B' : 'A'}${envelope.data?.slice(1)}`,
  };
  for (const text of [b, JSON.stringify(flipped), JSON.stringify(cut)]) {
    write(text);
    refused(path, [secretsKey], 'corrupt', /endpoint "a" of app 1400000001 were changed outside Confab/);
  }
  write(a);
  assert.equal((await stored(path, [secretsKey])).length, 2);
});

test('a deleted endpoint leaves none of its secrets, with a key or without', async (t) => {
  for (const keys of [[], [newKey()]]) {
    const folder = newFolder(t);
    const path = join(folder, 'confab.db');
    const store = openFileStore(path, { secretsKeys: keys });
    await store.commit({ type: 'putEndpoint', app: APP, now: 1, settings: settings(), source: 'api' });
    await store.commit({ type: 'setEndpointPaused', app: APP, now: 1, name: 'a', paused: true });
    await store.commit({ type: 'deleteEndpoint', app: APP, now: 1, name: 'a', force: false });
    await store.close();
    assert.deepEqual(found(filesIn(folder)), []);
    const [kept = ''] = sealed(path);
    assert.equal(
      (JSON.parse(kept) as { name: string }).name,
      'a',
      'the rest stays, to explain what it was sent',
    );
  }
});

function sealed(path: string): string[] {
  const db = new DatabaseSync(path);
  const rows = db.prepare('SELECT settings FROM endpoint ORDER BY id').all();
  db.close();
  return rows.map(({ settings }) => String(settings));
}
