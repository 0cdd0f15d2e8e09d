import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generateSigningKey } from '@confab-im/protocol';
import { confab, emptyFolder, type Running, startConfab } from './support/confab.ts';

const APP = 1400000001;
const TOKEN = 'not-a-real-token-but-long-enough';
const CONFIG = JSON.stringify({
  listen: '127.0.0.1:0',
  store: 'sqlite:./my.db',
  admin: { tokens: [{ name: 'ops', token: TOKEN, role: 'owner' }] },
  apps: [{ sdkAppId: APP, secretKeys: ['k'.repeat(64)], admins: ['administrator'] }],
});

/** Calls the admin API for the endpoint `inbox`. */
async function admin(url: string, method: string, path: string, settings: object): Promise<void> {
  const response = await fetch(`${url}/admin/v1/apps/${APP}/endpoints${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(settings),
  });
  assert.ok(response.ok, await response.text());
}

async function makeGroup(t: TestContext, url: string, cwd: string): Promise<void> {
  const args = ['usersig', 'make', '--user', 'administrator', '--config', 'my.yaml'];
  const sig = (await confab(t, args, { cwd })).stdout.trim();
  const query = `sdkappid=${APP}&identifier=administrator&usersig=${sig}&random=1&contenttype=json`;
  const body = '{"Type":"Public","Name":"G","GroupId":"g1"}';
  await fetch(`${url}/v4/group_open_http_svc/create_group?${query}`, { method: 'POST', body });
}

/** The recorder with these keys, and where it listens. */
async function recorder(t: TestContext, cwd: string, listen: string, keys: readonly string[]) {
  writeFileSync(join(cwd, 'keys.txt'), `${keys.join('\n')}\n`);
  const args = ['record', '--dialect', 'standard', '--signing-keys-file', 'keys.txt', '--file', 'inbox.db'];
  const running = startConfab(t, [...args, '--listen', listen], { cwd });
  const [, url = ''] = await running.said(/recording at (\S+) into inbox\.db/);
  return { running, url };
}

async function stopped({ process, finished }: Running): Promise<void> {
  process.kill('SIGINT');
  assert.equal((await finished).code, 0);
}

test('server to recorder in the dialect standard, while the key is changed on both sides', async (t) => {
  const cwd = emptyFolder(t);
  writeFileSync(join(cwd, 'my.yaml'), CONFIG);
  const [old, fresh] = [await generateSigningKey('v1'), await generateSigningKey('v1a')];
  const first = await recorder(t, cwd, '127.0.0.1:0', [old.secret]);
  const server = startConfab(t, ['serve', '--config', 'my.yaml'], { cwd });
  const [, url = ''] = await server.said(/ready at (\S+);/);
  await makeGroup(t, url, cwd);
  const settings = {
    url: first.url,
    dialect: 'standard',
    events: 'Group.CallbackAfterSendMsg',
    allowPrivateNetwork: true,
    retry: { maxDelayMs: 500 },
  };
  const send = (text: string) =>
    confab(t, ['send', text, '--group', 'g1', '--config', 'my.yaml', '--url', url], { cwd });

  await admin(url, 'POST', '', { ...settings, name: 'inbox', signingKeys: [old.secret] });
  await send('under the old key');
  await first.running.said(/under the old key/);
  await admin(url, 'PUT', '/inbox', { ...settings, signingKeys: ['********', fresh.secret] });
  await send('under both keys');
  await first.running.said(/under both keys/);

  await stopped(first.running);
  const verifying = fresh.version === 'v1a' ? fresh.public : '';
  const second = await recorder(t, cwd, new URL(first.url).host, [verifying]);
  await send('to who knows the new key alone');
  await second.running.said(/to who knows the new key alone/);
  await admin(url, 'PUT', '/inbox', { ...settings, signingKeys: [fresh.secret] });
  await send('under the new key');
  await second.running.said(/under the new key/);
  await stopped(second.running);

  const stats = await confab(t, ['record', 'stats', '--json', '--file', 'inbox.db'], { cwd });
  const { totals, holes } = JSON.parse(stats.stdout);
  assert.deepEqual([totals.messages, totals.duplicates, holes.missing], [4, 0, 0]);
  const lines = (await confab(t, ['record', 'export', '--file', 'inbox.db'], { cwd })).stdout
    .trim()
    .split('\n');
  const bodies = lines.map((line) => JSON.parse(line).body);
  assert.deepEqual(
    bodies.map(({ app, endpoint, prev }) => [app, endpoint, prev]),
    [0, bodies[0].seq, bodies[1].seq, bodies[2].seq].map((prev) => [APP, 'inbox', prev]),
  );
  assert.doesNotMatch(server.stdout() + server.stderr(), /wh(?:sec|sk)_/, 'no key in a log');
});

test('record refuses keys that are none, and shows none of them', async (t) => {
  const cwd = emptyFolder(t);
  writeFileSync(join(cwd, 'keys.txt'), 'whsec_hunter2\n');
  const args = ['record', '--app', '1', '--signing-keys-file', 'keys.txt', '--listen', '127.0.0.1:0'];
  const { code, stderr } = await confab(t, args, { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /signingKeys\[0\] cannot be used/);
  assert.doesNotMatch(stderr, /hunter2/);
});
