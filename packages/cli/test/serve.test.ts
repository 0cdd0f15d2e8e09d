import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { confab, emptyFolder, type Running, startConfab } from './support/confab.ts';
import { paste } from './support/paste.ts';

const ANY_PORT = { CONFAB_LISTEN: '127.0.0.1:0' };

async function urlOf(server: Running): Promise<string> {
  const [, url = ''] = await server.said(/ready at (\S+);/);
  return url;
}

test('the first start makes a configuration for its owner alone, and prints lines that work', async (t) => {
  const cwd = emptyFolder(t);
  const server = startConfab(t, ['serve'], { cwd, env: ANY_PORT });
  await server.said(/"confab check"\.\n/);
  assert.equal(statSync(join(cwd, 'confab-data/confab.yaml')).mode & 0o777, 0o600);
  const lines = server.stderr().match(/^ {2}curl .*$/gm) ?? [];
  assert.equal(lines.length, 2);
  const created = await paste(lines[0] ?? '');
  const sent = await paste(lines[1] ?? '');
  assert.deepEqual(
    [created.ErrorCode, sent.ErrorCode, sent.MsgSeq],
    [0, 0, 1],
    JSON.stringify([created, sent]),
  );

  server.process.kill('SIGTERM');
  assert.equal((await server.finished).code, 0);
  const [key = ''] = /[0-9a-f]{64}/.exec(readFileSync(join(cwd, 'confab-data/confab.yaml'), 'utf8')) ?? [];
  assert.equal(key.length, 64);
  assert.ok(!server.stdout().includes(key), 'the log holds no secret');
});

test('the second start keeps the configuration and does not explain itself again', async (t) => {
  const cwd = emptyFolder(t);
  const configuration = () => readFileSync(join(cwd, 'confab-data/confab.yaml'), 'utf8');
  const first = startConfab(t, ['serve'], { cwd, env: ANY_PORT });
  await urlOf(first);
  const before = configuration();
  first.process.kill('SIGINT');
  await first.finished;
  const second = startConfab(t, ['serve'], { cwd, env: ANY_PORT });
  await urlOf(second);
  second.process.kill('SIGINT');
  const { stderr } = await second.finished;
  assert.equal(configuration(), before);
  assert.doesNotMatch(stderr, /first start/);
});

test('a port that is taken is said plainly', async (t) => {
  const cwd = emptyFolder(t);
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await confab(t, ['serve'], { cwd, env: { CONFAB_LISTEN: `127.0.0.1:${port}` } });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^confab: .*127\\.0\\.0\\.1:${port}`, 'm'));
  assert.doesNotMatch(stderr, /\n\s+at .+:\d+:\d+/);
});

test('send, replay and deadletters find the server by its configuration or by URL and secrets', async (t) => {
  const cwd = emptyFolder(t);
  const server = startConfab(t, ['serve'], { cwd, env: ANY_PORT });
  await server.said(/"confab check"\.\n/);
  const url = await urlOf(server);
  const lines = server.stderr().match(/^ {2}curl .*$/gm) ?? [];
  await paste(lines[0] ?? '');

  const sent = await confab(t, ['send', 'Hello', '--group', 'first', '--url', url], { cwd });
  assert.equal(sent.stdout, 'sent: group first, MsgSeq 1\n', sent.stderr);
  const body = '[{"MsgType":"TIMFaceElem","MsgContent":{"Index":1,"Data":"smile"}}]';
  const args = ['send', '--group', 'first', '--url', url, '--body-file', '-', '--json', '--random', '5'];
  const { stdout } = await confab(t, args, { cwd, input: body });
  assert.equal(JSON.parse(stdout).MsgSeq, 2);

  const refused = await confab(t, ['send', 'Hello', '--group', 'none', '--url', url], { cwd });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /refused group_open_http_svc\/send_group_msg with ErrorCode 10010/);

  const letters = await confab(t, ['deadletters', 'list', '--url', url], { cwd });
  assert.equal(letters.stdout, 'No dead letters.\n', letters.stderr);
  const asJson = await confab(t, ['deadletters', 'list', '--url', url, '--json'], { cwd });
  assert.deepEqual(JSON.parse(asJson.stdout), { deadLetters: [] });
  const noSuchLetter = await confab(t, ['deadletters', 'replay', '77', '--url', url], { cwd });
  assert.equal(noSuchLetter.code, 1);
  assert.match(noSuchLetter.stderr, /dead letter 77: /);

  const noSuchEndpoint = ['replay', '--endpoint', 'nowhere', '--group', 'first', '--url', url];
  const notThere = await confab(t, noSuchEndpoint, { cwd });
  assert.equal(notThere.code, 1);
  assert.match(notThere.stderr, /nowhere/);
  const stranger = await confab(t, ['deadletters', 'list', '--url', url], {
    cwd,
    env: { CONFAB_TOKEN: 'guessed' },
  });
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /HTTP 401/);
});
