import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createReceiver } from '@confab-im/receiver';
import { nodeHttp } from '@confab-im/receiver/node-http';
import { APP, startChat } from './support/chat.ts';

const ADMIN = 'owner-token-0123456789';
const [OLD, NEW] = ['the-old-token', 'the-new-token'];

/** A receiver whose tokens can be changed while it runs, and what it made of each webhook. */
async function startBackend(t: TestContext) {
  const codes: string[] = [];
  const seqs: number[] = [];
  let stirred = Promise.withResolvers<void>();
  const listening = (authToken: string[]) =>
    nodeHttp(
      createReceiver({
        sdkAppId: APP,
        authToken,
        on: { 'group.message.sent': ({ msgSeq }) => void seqs.push(msgSeq) },
        observe: (outcome) => {
          codes.push(outcome.kind === 'refused' ? outcome.refused.code : outcome.kind);
          stirred.resolve();
          stirred = Promise.withResolvers();
        },
      }),
    );
  let handle = listening([OLD]);
  const server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    codes,
    seqs,
    takes: (...tokens: string[]) => {
      handle = listening(tokens);
    },
    until: async (done: () => boolean) => {
      while (!done()) await stirred.promise;
    },
  };
}

async function startCounted(t: TestContext) {
  const { url, call } = await startChat(t, {
    config: {
      admin: { tokens: [{ name: 'ops', token: ADMIN, role: 'owner' }] },
      limits: { groupMessagesPerSecond: 0 },
    },
  });
  const post = async (command: string, body: object) => {
    const answer = await call(`group_open_http_svc/${command}`, body);
    assert.equal(answer.ErrorCode, 0, JSON.stringify(answer));
  };
  let sent = 0;
  return {
    post,
    send: async (count: number) => {
      for (const last = sent + count; sent < last; )
        await post('send_group_msg', {
          GroupId: 'g',
          Random: ++sent,
          MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }],
        });
      return sent;
    },
    admin: async (method: string, path: string, body: object) => {
      const headers = { authorization: `Bearer ${ADMIN}` };
      const sent = { method, headers, body: JSON.stringify(body) };
      const answer = await fetch(`${url}/admin/v1/apps/${APP}/endpoints${path}`, sent);
      assert.ok(answer.ok, await answer.text());
    },
  };
}

async function setUp(t: TestContext) {
  const backend = await startBackend(t);
  const chat = await startCounted(t);
  const endpoint = {
    name: 'backend',
    url: backend.url,
    events: 'Group.CallbackAfterSendMsg',
    allowPrivateNetwork: true,
    retry: { baseDelayMs: 5, maxDelayMs: 20 },
  };
  await chat.post('create_group', { Type: 'Public', Name: 'g', GroupId: 'g' });
  await chat.admin('POST', '', { ...endpoint, authToken: OLD });
  const rotate = () => chat.admin('PUT', '/backend', { ...endpoint, authToken: NEW });
  const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  return { backend, chat, rotate, inOrder };
}

test('a token is replaced without one refusal: the receiver takes both, the sender changes, the old one goes', async (t) => {
  const { backend, chat, rotate, inOrder } = await setUp(t);
  await chat.send(20);
  backend.takes(OLD, NEW);
  await chat.send(20);
  const sending = chat.send(40);
  await rotate();
  await sending;
  const count = await chat.send(20);
  await backend.until(() => backend.seqs.length >= count);
  backend.takes(NEW);
  const all = await chat.send(10);
  await backend.until(() => backend.seqs.length >= all);
  assert.deepEqual(backend.seqs, inOrder(all));
  assert.deepEqual([...new Set(backend.codes)], ['handled']);
});

test('in the wrong order webhooks are refused and wait; nothing is lost once the receiver knows the token', async (t) => {
  const { backend, chat, rotate, inOrder } = await setUp(t);
  await rotate();
  const count = await chat.send(5);
  await backend.until(() => backend.codes.includes('bad-signature'));
  backend.takes(OLD, NEW);
  await backend.until(() => backend.seqs.length >= count);
  assert.deepEqual(backend.seqs, inOrder(count));
});
