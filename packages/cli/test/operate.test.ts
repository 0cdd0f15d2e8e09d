import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { confab, emptyFolder, startConfab } from './support/confab.ts';

interface Backend {
  readonly url: string;
  /** What it answers from now on. */
  status: number;
  /** Resolves with the `MsgSeq` of the next webhook. */
  next(): Promise<number>;
}

async function appBackend(t: TestContext): Promise<Backend> {
  const arrivals = new EventEmitter();
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.writeHead(backend.status).end('{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""}');
      arrivals.emit('webhook', JSON.parse(body).MsgSeq);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const backend: Backend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    status: 200,
    next: async () => (await once(arrivals, 'webhook'))[0],
  };
  return backend;
}

function configuration(url: string, retry: object = { maxAttempts: 1 }): string {
  const endpoint = {
    name: 'mine',
    url,
    events: 'Group.CallbackAfterSendMsg',
    allowPrivateNetwork: true,
    retry,
  };
  const app = {
    sdkAppId: 1400000001,
    secretKeys: ['k'.repeat(64)],
    admins: ['administrator'],
    endpoints: [endpoint],
  };
  const token = { name: 'ops', token: 'not-a-real-token-but-long-enough', role: 'operator' };
  return JSON.stringify({
    listen: '127.0.0.1:0',
    store: 'sqlite:./my.db',
    admin: { tokens: [token] },
    apps: [app],
  });
}

test('what was given up is listed and delivered on request, and what was delivered is delivered again', async (t) => {
  const cwd = emptyFolder(t);
  const backend = await appBackend(t);
  writeFileSync(join(cwd, 'my.yaml'), configuration(backend.url));
  const server = startConfab(t, ['serve', '--config', 'my.yaml'], { cwd });
  const [, url = ''] = await server.said(/ready at (\S+);/);
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await confab(t, [...args, '--config', 'my.yaml', '--url', url], { cwd });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  await createGroup(url, cwd, t);

  backend.status = 500;
  const failed = backend.next();
  await run('send', 'Hello', '--group', 'g1');
  assert.equal(await failed, 1);
  const listed = await untilListed(() => run('deadletters', 'list', '--json'));
  assert.deepEqual([listed.endpoint, listed.groupId, listed.msgSeq], ['mine', 'g1', 1]);
  const text = await run('deadletters', 'list', '--tz', 'Asia/Shanghai');
  assert.match(
    text,
    new RegExp(`^id +at[^\\n]*\\n *${listed.id} +\\d{4}-\\S+\\+08:00 +1400000001 +mine +g1 +1 `),
  );

  assert.match(
    await run('lag', '--endpoint', 'mine'),
    /^ +app {2}endpoint {2}groups {2}events {2}behind +oldest event\n1400000001 {2}mine +\d/,
  );
  assert.match(await run('nodes'), /There are no nodes: the store is an SQLite file/);
  const explain = ['explain', '--group', 'g1', '--msg-seq', '1'];
  assert.match(
    await run(...explain, '--tz', 'Asia/Shanghai'),
    /^MsgSeq 1 of group g1: committed \S+\+08:00, log sequence \d+, webhook-id \S+\n\nendpoint {2}outcome {6}attempts {2}when +next attempt {2}why\nmine {6}dead-letter {9}1 {2}since \S+\+08:00 +dead letter 1, not replayed: given up after 1 attempts: [^\n]+\n$/,
  );

  backend.status = 200;
  const again = backend.next();
  assert.equal(await run('deadletters', 'replay', String(listed.id)), `dead letter ${listed.id}: replayed\n`);
  assert.equal(await again, 1);
  assert.equal(await run('deadletters', 'replay', '--all'), 'dead letters replayed: 0\n');
  assert.equal(await run('deadletters', 'dismiss', '--endpoint', 'mine'), 'dead letters dismissed: 0\n');

  const second = backend.next();
  await run('send', 'Hello', '--group', 'g1');
  assert.equal(await second, 2);
  const told = JSON.parse(await run('explain', '--group', 'g1', '--msg-seq', '2', '--json'));
  assert.equal(told.message.msgSeq, 2);
  assert.deepEqual([told.endpoints.length, told.endpoints[0].endpoint], [1, 'mine']);
  const unknown = await confab(
    t,
    ['explain', '--group', 'g1', '--msg-seq', '9', '--config', 'my.yaml', '--url', url],
    {
      cwd,
    },
  );
  const created = await run('explain', '--group', 'g1', '--log-seq', '1');
  assert.match(created, /^group\.created of group g1: committed [^\n]+\n\n[^\n]+\nmine {6}not-sent /);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /group "g1" has no MsgSeq 9; its newest is 2\./);
  const replayed = backend.next();
  const said = await run('replay', '--endpoint', 'mine', '--group', 'g1', '--from-msg-seq', '2');
  assert.match(said, /^replay to mine started: group g1 of app 1400000001/);
  assert.equal(await replayed, 2);

  backend.status = 500;
  for (const n of [3, 4]) {
    const refused = backend.next();
    await run('send', 'Hello', '--group', 'g1');
    assert.equal(await refused, n);
  }
  const list = (limit: string) =>
    confab(t, ['deadletters', 'list', '--limit', limit, '--json', '--config', 'my.yaml', '--url', url], {
      cwd,
    });
  let cut = await list('1');
  for (let tries = 0; tries < 20 && cut.stderr === ''; tries += 1) cut = await list('1');
  assert.match(cut.stderr, /^The newest 1 are shown, and there are more: --limit shows up to 1000/);
  assert.equal(JSON.parse(cut.stdout).deadLetters.length, 1);
  const whole = await list('2');
  assert.deepEqual([JSON.parse(whole.stdout).deadLetters.length, whole.stderr], [2, '']);
});

test('what waits for its next attempt says what went wrong with the last one', async (t) => {
  const cwd = emptyFolder(t);
  const backend = await appBackend(t);
  const hour = 3_600_000;
  writeFileSync(join(cwd, 'my.yaml'), configuration(backend.url, { baseDelayMs: hour, maxDelayMs: hour }));
  const server = startConfab(t, ['serve', '--config', 'my.yaml'], { cwd });
  const [, url = ''] = await server.said(/ready at (\S+);/);
  const run = (...args: string[]) => confab(t, [...args, '--config', 'my.yaml', '--url', url], { cwd });
  await createGroup(url, cwd, t);
  backend.status = 500;
  const failed = backend.next();
  await run('send', 'Hello', '--group', 'g1');
  assert.equal(await failed, 1);
  const explain = ['explain', '--group', 'g1', '--msg-seq', '1'];
  let told = await run(...explain);
  for (let tries = 0; tries < 20 && !told.stdout.includes('next attempt; '); tries++)
    told = await run(...explain);
  assert.match(
    told.stdout,
    /\nmine +waiting +\d .*waits for its next attempt; failed last at \d{4}-\S+Z: http_status, [^\n]*HTTP 500\n/,
  );
});

/** The dead letter is written down with the next checkpoint, a moment after the attempt. */
async function untilListed(list: () => Promise<string>): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 20; tries++) {
    const [letter] = JSON.parse(await list()).deadLetters;
    if (letter !== undefined) return letter;
  }
  return assert.fail('no dead letter appeared');
}

async function createGroup(url: string, cwd: string, t: TestContext): Promise<void> {
  const args = ['usersig', 'make', '--user', 'administrator', '--config', 'my.yaml'];
  const sig = (await confab(t, args, { cwd })).stdout.trim();
  const query = `sdkappid=1400000001&identifier=administrator&usersig=${sig}&random=1&contenttype=json`;
  const response = await fetch(`${url}/v4/group_open_http_svc/create_group?${query}`, {
    method: 'POST',
    body: '{"Type":"Public","Name":"G","GroupId":"g1"}',
  });
  const answer = await response.json();
  assert.ok(JSON.stringify(answer).includes('"ErrorCode":0'), JSON.stringify(answer));
}
