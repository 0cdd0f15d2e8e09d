import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildTencentUrl,
  encodeTencentAfterSend,
  encodeTencentChange,
  type GroupMessageFacts,
  TENCENT_AFTER_SEND,
  tencentCommand,
  tencentSign,
} from '@confab-im/protocol';
import { confab, emptyFolder, startConfab } from './support/confab.ts';

const APP = 1400000042;
const TOKEN = 'not-a-real-token';

const FACTS: GroupMessageFacts = {
  groupId: 'g1',
  groupType: 'Public',
  sender: 'alice',
  operator: 'alice',
  random: 7,
  msgSeq: 1,
  msgTime: 1_700_000_000,
  eventTime: 1_700_000_000_000,
  onlineOnly: false,
  msgBodyJson: '[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}]',
  serverMsgID: 's',
  clientMsgID: 'c',
  operationID: 'o',
  senderNickname: '',
  senderFaceUrl: '',
  clientIp: '127.0.0.1',
  platform: 'RESTAPI',
};

/** One webhook as the real sender would send it. */
async function webhook(base: string, facts: GroupMessageFacts, token = TOKEN): Promise<Response> {
  return post(base, TENCENT_AFTER_SEND, encodeTencentAfterSend(facts, 'G5'), token);
}

/** Somebody has joined the group. */
async function joined(base: string): Promise<Response> {
  const facts = {
    kind: 'group.members.joined',
    joinType: 'Invited',
    operator: 'alice',
    members: ['bruno'],
  } as const;
  return post(base, tencentCommand(facts.kind), encodeTencentChange({ ...FACTS, msgSeq: 0, ...facts }, 'G5'));
}

async function post(base: string, command: string, body: string, token = TOKEN): Promise<Response> {
  const requestTime = Math.floor(Date.now() / 1000);
  const url = buildTencentUrl(base, {
    sdkAppId: APP,
    command,
    clientIp: FACTS.clientIp,
    platform: FACTS.platform,
    requestTime,
    sign: await tencentSign(token, requestTime),
  });
  return fetch(url, { method: 'POST', body });
}

test('record verifies, records and shows each message; stats and export read the same inbox', async (t) => {
  const cwd = emptyFolder(t);
  const args = ['record', '--app', String(APP), '--listen', '127.0.0.1:0', '--tz', 'Asia/Shanghai'];
  const recorder = startConfab(t, args, { cwd, env: { CONFAB_AUTH_TOKEN: TOKEN } });
  const [, url = ''] = await recorder.said(/recording at (\S+) into confab-data\/inbox\.db/);

  assert.deepEqual(await (await webhook(`${url}/im`, FACTS)).json(), {
    ActionStatus: 'OK',
    ErrorCode: 0,
    ErrorInfo: '',
  });
  await recorder.said(/\+08:00 {2}g1 +1 {2}alice .* hello\n/);
  assert.equal((await webhook(`${url}/im`, FACTS)).status, 200, 'a copy is answered OK');
  await webhook(`${url}/im`, { ...FACTS, random: 8, msgSeq: 3 });
  await recorder.said(/g1 +3 {2}alice/);
  assert.equal((await joined(`${url}/im`)).status, 200);
  await recorder.said(/\+08:00 {2}g1 {2}group\.members\.joined\n/);
  await webhook(`${url}/im`, { ...FACTS, random: 9, msgSeq: 4 }, 'another token');
  await recorder.said(/confab: not recorded: .*/);

  recorder.process.kill('SIGINT');
  const { code, stderr } = await recorder.finished;
  assert.equal(code, 0);
  assert.match(stderr, /stopped: 3 recorded, 1 copies dropped/);

  const stats = await confab(t, ['record', 'stats', '--json'], { cwd });
  const { totals, holes } = JSON.parse(stats.stdout);
  assert.deepEqual([totals.messages, totals.duplicates, holes.missing], [2, 1, 1]);
  const text = await confab(t, ['record', 'stats'], { cwd });
  assert.match(text.stdout, /alice/);

  const lines = (await confab(t, ['record', 'export'], { cwd })).stdout.trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).body.MsgSeq),
    [1, 3],
  );
  const events = await confab(t, ['record', 'export', '--events'], { cwd });
  assert.deepEqual(JSON.parse(events.stdout).body.NewMemberList, [{ Member_Account: 'bruno' }]);
});

test('record --json prints lines that programs can read', async (t) => {
  const cwd = emptyFolder(t);
  const args = ['record', '--app', String(APP), '--listen', '127.0.0.1:0', '--json', '--file', 'my.db'];
  const recorder = startConfab(t, args, { cwd });
  const [, url = ''] = await recorder.said(/recording at (\S+) into my\.db/);
  await webhook(url, FACTS);
  const [line = ''] = await recorder.said(/^\{.*\}\n/m);
  const { event, delayMs } = JSON.parse(line);
  assert.deepEqual([event.sender, event.msgSeq, typeof delayMs], ['alice', 1, 'number']);
  assert.ok(readFileSync(`${cwd}/my.db`).length > 0);
});

test('two recorders cannot have the same port', async (t) => {
  const cwd = emptyFolder(t);
  const first = startConfab(t, ['record', '--app', '1', '--listen', '127.0.0.1:0'], { cwd });
  const [, port = ''] = await first.said(/recording at http:\/\/127\.0\.0\.1:(\d+)/);
  const second = await confab(t, ['record', '--app', '1', '--listen', `127.0.0.1:${port}`], { cwd });
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`127\\.0\\.0\\.1:${port}.*another program listens there`));
});

test('the help of record shows its defaults as one would write them', async (t) => {
  const { stdout } = await confab(t, ['record', '--help'], { cwd: emptyFolder(t) });
  assert.match(stdout, /\(default: 127\.0\.0\.1:7701\)/);
  assert.doesNotMatch(stdout, /default: [[{]/);
});
