/** The receiver's answers to what is asked before it happens, given to a server over sockets. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { type BeforeHandlers, createReceiver, type Outcome, refuse, rewrite } from '@confab-im/receiver';
import { nodeHttp } from '@confab-im/receiver/node-http';
import { parse } from 'yaml';
import { APP, startChat } from './support/chat.ts';

const EXAMPLE = join(import.meta.dirname, '../examples/moderation');

/** A server with this endpoint, accounts `ann`, `ben`, `mallory`, and the group `g` of `ann`. */
async function startTea(t: TestContext, endpoint: object) {
  const { call } = await startChat(t, { app: { endpoints: [endpoint] } });
  const group = (command: string, body: object) => call(`group_open_http_svc/${command}`, body);
  await call('im_open_login_svc/multiaccount_import', { Accounts: ['ann', 'ben', 'mallory'] });
  const create = (GroupId: string, Name: string) =>
    group('create_group', { Type: 'Public', GroupId, Name, Owner_Account: 'ann' });
  assert.equal((await create('g', 'tea')).ErrorCode, 0);
  let Random = 0;
  return {
    group,
    create,
    send: (Text: string) =>
      group('send_group_msg', {
        ...{ GroupId: 'g', From_Account: 'ann', Random: ++Random },
        MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text } }],
      }),
    /** What history has, newest first, tips left out. */
    async texts() {
      const { RspMsgList } = await group('group_msg_get_simple', { GroupId: 'g', ReqMsgNumber: 20 });
      const messages = RspMsgList as { IsSystemMsg?: 1; MsgBody: { MsgContent: { Text: string } }[] }[];
      return messages
        .filter(({ IsSystemMsg }) => !IsSystemMsg)
        .map(({ MsgBody }) => MsgBody[0]?.MsgContent.Text);
    },
  };
}

async function startBackend(t: TestContext, before: BeforeHandlers) {
  const outcomes: Outcome[] = [];
  const observe = (outcome: Outcome) => void outcomes.push(outcome);
  const receiver = createReceiver({ sdkAppId: APP, on: {}, before, observe });
  const server = createServer(nodeHttp(receiver)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, outcomes };
}

test('examples/moderation: groups, invitations and messages are let through, changed, dropped and refused', async (t) => {
  const args = [
    '--conditions=@confab-im/source',
    join(EXAMPLE, 'moderator.mjs'),
    '0',
    String(APP),
    'WEBHOOK_TOKEN',
  ];
  const moderator = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => moderator.kill());
  const lines = createInterface({ input: moderator.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value)) as Record<string, string>;
  const { listening } = await next();
  const [, yaml = ''] =
    /```yaml\n([\s\S]*?)```/.exec(await readFile(join(EXAMPLE, 'README.md'), 'utf8')) ?? [];
  const { endpoints } = parse(yaml) as { readonly endpoints: readonly object[] };
  const chat = await startTea(t, { ...endpoints[0], url: listening });
  const refused = await chat.create('c', 'my casino');
  assert.deepEqual(
    [refused.ErrorCode, String(refused.ErrorInfo).includes('No gambling here')],
    [10_101, true],
  );
  const MemberList = ['ben', 'mallory'].map((Member_Account) => ({ Member_Account }));
  assert.equal((await chat.group('add_group_member', { GroupId: 'g', MemberList })).ErrorCode, 0);
  const roles = await chat.group('get_role_in_group', { GroupId: 'g', User_Account: ['ben', 'mallory'] });
  assert.deepEqual(
    (roles.UserIdList as { Role: string }[]).map(({ Role }) => Role),
    ['Member', 'NotMember'],
  );
  assert.equal((await chat.send('hello')).ErrorCode, 0);
  assert.equal((await chat.send('you idiot')).ErrorCode, 10_016);
  const dropped = await chat.send('buy now');
  assert.deepEqual([dropped.ErrorCode, dropped.MsgSeq], [0, 0]);
  assert.equal((await chat.send('my card is 4111111111111111, keep it')).ErrorCode, 0);
  assert.deepEqual(await chat.texts(), ['my card is ****************, keep it', 'hello']);
  const told: unknown[] = [];
  while (told.length < 7) told.push((await next()).decided);
  assert.deepEqual(told, ['go on', 'refuse', 'without', 'go on', 'refuse', 'drop', 'rewrite']);
});

test("OpenIM's questions: a refusal before sending, a change at the modify step, no group that is refused", async (t) => {
  const backend = await startBackend(t, {
    'group.message.before-send': ({ groupId, sender, msgBody }) => {
      assert.deepEqual([groupId, sender], ['g', 'ann']);
      return msgBody[0]?.MsgContent.Text === 'no' ? refuse('not this', 10_150) : undefined;
    },
    'group.message.before-modify': ({ msgBody }) =>
      rewrite({
        msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: `${msgBody[0]?.MsgContent.Text}!` } }],
      }),
    'group.before-create': ({ name, owner }) => (name === 'bar' ? refuse(`not for ${owner}`) : undefined),
    'group.before-invite': ({ members }) => refuse(`not ${members.join(', ')}`),
  });
  const events = [
    ...['callbackBeforeSendGroupMsgCommand', 'callbackBeforeMsgModifyCommand'],
    ...['callbackBeforeCreateGroupCommand', 'callbackBeforeInviteJoinGroupCommand'],
  ];
  const endpoint = { name: 'mod', url: backend.url, dialect: 'openim', allowPrivateNetwork: true, events };
  const chat = await startTea(t, { ...endpoint, onFailure: 'refuse' });
  assert.equal((await chat.send('hello')).ErrorCode, 0);
  assert.equal((await chat.send('no')).ErrorCode, 10_150);
  assert.deepEqual(await chat.texts(), ['hello!']);
  const [create, invite] = [
    await chat.create('b', 'bar'),
    await chat.group('add_group_member', { GroupId: 'g', MemberList: [{ Member_Account: 'ben' }] }),
  ];
  assert.deepEqual([create.ErrorCode, String(create.ErrorInfo).includes('not for ann')], [10_016, true]);
  assert.deepEqual([invite.ErrorCode, String(invite.ErrorInfo).includes('not ben')], [10_016, true]);
  assert.deepEqual([...new Set(backend.outcomes.map(({ kind }) => kind))], ['decided']);
});

test('a handler that fails decides nothing: what then happens is the setting of the endpoint', async (t) => {
  const backend = await startBackend(t, {
    'group.message.before-send': () => {
      throw new Error('the moderator is unwell');
    },
  });
  for (const [onFailure, code] of [
    ['proceed', 0],
    ['refuse', 80_003],
  ] as const) {
    const chat = await startTea(t, {
      ...{ name: 'mod', url: backend.url, events: 'Group.CallbackBeforeSendMsg', allowPrivateNetwork: true },
      onFailure,
    });
    assert.equal((await chat.send('hello')).ErrorCode, code);
  }
  assert.deepEqual(
    backend.outcomes.map(({ kind }) => kind),
    ['failed', 'failed'],
  );
});
