import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERRORS, makeUserSig } from '@confab-im/protocol';
import { startServer } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { answer, questionOf, text } from '../support/moderated.ts';
import { gate, startReceiver } from '../support/scripted-receiver.ts';

const APP = 1400000001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const TOKEN = 'token-for-this-test-only';

test('a whole server: moderators of the file from the first message on, in its order, until it stops', async (t) => {
  await using moderator = await startReceiver(() => answer());
  const folder = await mkdtemp(join(tmpdir(), 'confab-before-'));
  t.after(() => rm(folder, { recursive: true }));
  const start = async (...endpoints: object[]) => {
    const server = await startServer({ config: configOf(...endpoints) });
    t.after(() => server.abort());
    return server;
  };
  const endpoint = (name: string, more: object = {}) => ({
    name,
    url: `${moderator.url}/${name}`,
    events: ['Group.CallbackBeforeSendMsg'],
    allowPrivateNetwork: true,
    ...more,
  });
  const configOf = (...endpoints: object[]) =>
    loadConfig({
      text: JSON.stringify({
        listen: '127.0.0.1:0',
        store: `sqlite:${join(folder, 'confab.db')}`,
        admin: { tokens: [{ name: 'ops', token: TOKEN, role: 'owner' }] },
        log: { level: 'silent' },
        apps: [{ sdkAppId: APP, secretKeys: [KEY], admins: ['administrator'], endpoints }],
      }),
      env: {},
    });
  const asked = () => moderator.requests.map((request) => questionOf(request).endpoint);
  const usersig = await makeUserSig({
    sdkAppId: APP,
    userId: 'administrator',
    key: KEY,
    now: Math.floor(Date.now() / 1000),
    expireSeconds: 600,
  });
  const post = async (url: string, command: string, body: object) => {
    const query = new URLSearchParams({ sdkappid: String(APP), identifier: 'administrator', usersig });
    const target = `${url}/v4/group_open_http_svc/${command}?${query}`;
    const response = await fetch(target, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };
  let random = 0;
  const send = (url: string) =>
    post(url, 'send_group_msg', { GroupId: 'g', Random: ++random, MsgBody: text('hi') });

  const first = await start(endpoint('b'), endpoint('a'));
  await post(first.url, 'create_group', { Type: 'Public', Name: 'n', GroupId: 'g' });
  assert.equal((await send(first.url)).MsgSeq, 1);
  assert.deepEqual(asked(), ['b', 'a']);
  await first.stop();

  // The endpoints stand in the store now; what counts is the file.
  const second = await start(endpoint('a'), endpoint('c'), endpoint('b'));
  assert.equal((await send(second.url)).MsgSeq, 2);
  assert.deepEqual(asked().slice(2), ['a', 'c', 'b']);
  const authorization = `Bearer ${TOKEN}`;
  const status = await fetch(`${second.url}/admin/v1/status`, { headers: { authorization } });
  const { beforeWebhooks } = (await status.json()) as { beforeWebhooks: { verdicts: object }[] };
  assert.deepEqual(
    beforeWebhooks.map(({ verdicts }) => verdicts),
    Array(3).fill({ allowed: 1 }),
  );
  const metrics = await (await fetch(`${second.url}/metrics`)).text();
  assert.match(metrics, /confab_before_webhook_verdicts_total\{[^}]*endpoint="c",verdict="allowed"\} 1/);

  // What is being asked about when the server stops is still decided and answered.
  const held = gate();
  moderator.reply(() => ({ ...answer({ ErrorCode: 1 }), until: held.opened }));
  const waiting = send(second.url);
  await moderator.waitFor(6);
  const stopping = second.stop();
  held.open();
  assert.equal((await waiting).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
  await stopping;
});
