import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PendingMessageFacts } from '@confab-im/protocol';
import type { Endpoint } from '../domain/endpoint.ts';
import { parseEndpoint } from '../domain/settings/parse-endpoint.ts';
import { judge } from './before-judge.ts';
import type { Judgement } from './before-judgement.ts';
import type { Answer } from './sender.ts';

const MESSAGE: PendingMessageFacts = {
  groupId: 'g',
  groupType: 'Public',
  sender: 'ann',
  operator: 'ann',
  random: 1,
  eventTime: 0,
  onlineOnly: false,
  msgBodyJson: '[{"MsgContent":{"Text":"hi"},"MsgType":"TIMTextElem"}]',
  cloudCustomData: 'c',
  serverMsgID: 's',
  clientMsgID: 'c',
  operationID: 'op',
  senderNickname: '',
  senderFaceUrl: '',
  clientIp: '',
  platform: 'RESTAPI',
};

function endpointOf(dialect: 'tencent' | 'openim'): Endpoint {
  const written = {
    name: 'mod',
    url: 'https://mod.example/',
    dialect,
    events: 'Group.CallbackBeforeSendMsg',
  };
  const read = parseEndpoint(written);
  assert.ok(read.ok);
  const { value: settings } = read;
  return { id: 1, app: 1, source: 'api', paused: false, version: 1, createdAt: 0, starting: false, settings };
}

function judged(answer: Partial<Answer> | object, dialect: 'tencent' | 'openim' = 'tencent'): Judgement {
  const whole: Answer = { kind: 'answer', status: 200, body: '', truncated: false, durationMs: 1 };
  const outcome = 'body' in answer ? { ...whole, ...answer } : { ...whole, body: JSON.stringify(answer) };
  const question = { endpoint: endpointOf(dialect), pending: MESSAGE, rules: { messageBytes: 100 } };
  return judge({ ...question, kind: 'group.message.before-send' }, outcome, 0);
}

const tencent = (fields: object) => judged({ ActionStatus: 'OK', ErrorCode: 0, ...fields });
const verdictOf = (judgement: Judgement) =>
  judgement.kind === 'failed' ? judgement.verdict : judgement.kind;

test('only status 200 with a whole answer counts', () => {
  const body = '{"ActionStatus":"OK","ErrorCode":0}';
  assert.equal(verdictOf(judged({ body })), 'allowed');
  for (const status of [201, 204, 301, 400, 503]) {
    assert.equal(verdictOf(judged({ body, status })), 'http_status', String(status));
    assert.equal(verdictOf(judged({ body: '{}', status }, 'openim')), 'http_status', String(status));
  }
  assert.equal(verdictOf(judged({ body, truncated: true })), 'answer_too_long');
});

test('an attempt without an answer keeps the word that deliveries have for it', () => {
  const question = { endpoint: endpointOf('tencent'), pending: MESSAGE, rules: { messageBytes: 100 } };
  const failed = { kind: 'failed', message: 'm', durationMs: 1 } as const;
  for (const [stage, code, verdict] of [
    ['headers', 'TIMEOUT', 'timeout_headers'],
    ['connect', 'ECONNREFUSED', 'connection_refused'],
    ['blocked', 'ADDRESS_BLOCKED', 'blocked_address'],
  ] as const) {
    const outcome = { ...failed, stage, code };
    const judgement = judge({ ...question, kind: 'group.message.before-send' }, outcome, 0);
    assert.deepEqual(judgement, { kind: 'failed', verdict, detail: 'm' });
  }
});

test('a rewrite keeps what it does not name, and must fit', () => {
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: '**' } }];
  assert.deepEqual(tencent({ MsgBody }), {
    kind: 'rewritten',
    parts: { msgBodyJson: '[{"MsgContent":{"Text":"**"},"MsgType":"TIMTextElem"}]', cloudCustomData: 'c' },
  });
  assert.deepEqual(tencent({ CloudCustomData: 'd' }), {
    kind: 'rewritten',
    parts: { msgBodyJson: MESSAGE.msgBodyJson, cloudCustomData: 'd' },
  });
  assert.equal(verdictOf(tencent({ CloudCustomData: 'c' })), 'allowed');
  const room = 100 - MESSAGE.msgBodyJson.length;
  assert.equal(verdictOf(tencent({ CloudCustomData: 'x'.repeat(room) })), 'rewritten');
  assert.equal(verdictOf(tencent({ CloudCustomData: 'x'.repeat(room + 1) })), 'bad_rewrite');
  assert.equal(verdictOf(tencent({ MsgBody: [...MsgBody, 7] })), 'bad_rewrite');
});

test('the text of a refusal is cut, its code passed on when it is the app’s own', () => {
  const refused = tencent({ ErrorCode: 10200, ErrorInfo: 'x'.repeat(2_000) });
  assert.ok(refused.kind === 'refused');
  assert.deepEqual([refused.refusal.ownCode, refused.refusal.detail.length], [10200, 1_000]);
  const other = judged({ nextCode: 1, errCode: 7, errDlt: 'long' }, 'openim');
  assert.ok(other.kind === 'refused');
  assert.deepEqual([other.refusal.ownCode, other.refusal.detail], [undefined, 'long (errCode 7)']);
});
