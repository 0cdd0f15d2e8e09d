import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkTencentSign,
  encodeOpenImAfterSend,
  encodeTencentAfterSend,
  type GroupMessageFacts,
  parseOpenImUrl,
  parseTencentUrl,
  tencentSign,
} from '@confab-im/protocol';
import { afterFailedAttempt } from '../domain/delivery.ts';
import type { EndpointSettings } from '../domain/endpoint.ts';
import { parseEndpoint } from '../domain/settings/parse-endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import { classify, NO_FORM } from './classify.ts';
import { createEncoder, NoFormError } from './encode.ts';

const NOW = 1_735_689_600_500;

const MESSAGE: GroupMessageFacts = {
  groupId: '@TGS#1',
  groupType: 'Public',
  sender: 'alice',
  operator: 'administrator',
  random: 7,
  msgSeq: 3,
  msgTime: 1_735_689_000,
  eventTime: 1_735_689_000_123,
  onlineOnly: false,
  msgBodyJson: '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"héllo <b>"}}]',
  msgId: '144115188075855873-1735689000-7',
  serverMsgID: 's1',
  clientMsgID: 'c1',
  operationID: 'op1',
  senderNickname: 'Alice',
  senderFaceUrl: '',
  clientIp: '203.0.113.7',
  platform: 'RESTAPI',
};
const EVENT: LaneEvent = {
  seq: 4,
  id: 'abc-1-4',
  app: 1400000001,
  time: MESSAGE.eventTime,
  facts: { kind: 'group.message.sent', ...MESSAGE },
};

function settings(fields: Record<string, unknown>): EndpointSettings {
  const read = parseEndpoint({ name: 'a', url: 'https://app.example/im?v=1', events: 'all', ...fields });
  assert.ok(read.ok);
  return read.value;
}

test('Tencent: the body of the revision, ours in headers', async () => {
  for (const revision of ['G1', 'G2', 'G3', 'G4', 'G5'] as const) {
    const request = await createEncoder(settings({ revision }))(EVENT, NOW);
    assert.equal(request.body, encodeTencentAfterSend(MESSAGE, revision));
    assert.deepEqual(request.headers, {
      'user-agent': 'Confab',
      'content-type': 'application/json',
      'webhook-id': 'abc-1-4',
    });
    assert.ok(request.url.startsWith('https://app.example/im?v=1&SdkAppid=1400000001&'));
    assert.equal(parseTencentUrl(request.url).sign, undefined);
  }
});

test('Tencent: the signature belongs to the attempt and holds on the other side', async () => {
  const encode = createEncoder(settings({ authToken: 'not-a-real-token' }));
  const urls: string[] = [];
  for (const at of [NOW, NOW + 400, NOW + 60_000, NOW]) {
    const { url, body } = await encode(EVENT, at);
    const { sign, requestTime } = parseTencentUrl(url);
    assert.equal(requestTime, String(Math.floor(at / 1000)));
    const checked = { token: 'not-a-real-token', sign, requestTime, now: Math.floor(at / 1000) };
    assert.equal(await checkTencentSign(checked), 'ok');
    assert.equal(body, encodeTencentAfterSend(MESSAGE, 'G5'));
    urls.push(url);
  }
  assert.equal(urls[0], urls[1]);
  assert.notEqual(urls[0], urls[2]);
  assert.equal(urls[0], urls[3]);
});

test('OpenIM: path, key, operation id and body of the revision', async () => {
  for (const revision of ['page', '3.8', 'main'] as const) {
    const { url, headers, body } = await createEncoder(settings({ dialect: 'openim', revision }))(EVENT, NOW);
    assert.equal(parseOpenImUrl(url).command, 'callbackAfterSendGroupMsgCommand');
    assert.equal(parseOpenImUrl(url).key?.groupID, revision === 'main' ? '@TGS#1' : undefined);
    assert.equal(body, encodeOpenImAfterSend(MESSAGE, revision));
    assert.deepEqual(headers, {
      'user-agent': 'Confab',
      'content-type': 'application/json; charset=utf-8',
      operationid: 'op1',
      'webhook-id': 'abc-1-4',
    });
  }
});

test('OpenIM: a token adds RequestTime and Sign to whatever the revision has in its query', async () => {
  for (const revision of ['page', '3.8', 'main'] as const) {
    const encode = createEncoder(settings({ dialect: 'openim', revision, authToken: 'secret' }));
    const url = new URL((await encode(EVENT, NOW)).url);
    const requestTime = Math.floor(NOW / 1000);
    assert.equal(url.searchParams.get('RequestTime'), String(requestTime));
    assert.equal(url.searchParams.get('Sign'), await tencentSign('secret', requestTime));
    assert.equal(parseOpenImUrl(url.href).command, 'callbackAfterSendGroupMsgCommand');
  }
});

const LEFT: LaneEvent = {
  seq: 5,
  id: 'abc-1-5',
  app: 1400000001,
  time: MESSAGE.eventTime,
  facts: {
    kind: 'group.members.left',
    ...{ groupId: '@TGS#1', groupType: 'Public', msgSeq: 0, eventTime: MESSAGE.eventTime },
    ...{ clientIp: '203.0.113.7', platform: 'RESTAPI', operationID: 'op2' },
    ...{ operator: 'administrator', exitType: 'Kicked', members: ['bob'] },
  },
};

test('a change of a group has the command of its kind, in the URL and in the body', async () => {
  const tencent = await createEncoder(settings({}))(LEFT, NOW);
  const { command, clientIp, platform } = parseTencentUrl(tencent.url);
  assert.deepEqual(
    [command, clientIp, platform],
    ['Group.CallbackAfterMemberExit', '203.0.113.7', 'RESTAPI'],
  );
  assert.equal(
    tencent.body,
    '{"CallbackCommand":"Group.CallbackAfterMemberExit","EventTime":1735689000123,"ExitMemberList":[{"Member_Account":"bob"}],"ExitType":"Kicked","GroupId":"@TGS#1","Operator_Account":"administrator","Type":"Public"}',
  );
  const openim = await createEncoder(settings({ dialect: 'openim', revision: 'main' }))(LEFT, NOW);
  assert.equal(openim.url, 'https://app.example/im/callbackAfterKickGroupCommand?v=1');
  assert.equal(openim.headers.operationid, 'op2');
  assert.match(openim.body, /^\{"callbackCommand":"callbackAfterKickGroupCommand","groupID":"@TGS#1"/);
  const link = { streamId: 1, prev: 4 };
  const signingKeys = [`whsec_${'A'.repeat(43)}=`];
  const encode = createEncoder(settings({ dialect: 'standard', signingKeys }));
  const standard = JSON.parse((await encode({ ...LEFT, link }, NOW)).body);
  assert.deepEqual([standard.type, standard.seq, standard.msgSeq], ['group.members.left', 5, 0]);
  const skipped = JSON.parse((await encode({ ...LEFT, link, tombstone: 'too old' }, NOW)).body);
  assert.deepEqual(skipped.data, { reason: 'too old', skipped: 'group.members.left' });
});

test('what OpenIM has no event for cannot be encoded, which no attempt changes', async () => {
  const facts = { ...LEFT.facts, kind: 'group.full', memberNum: 1, maxMemberNum: 1 } as LaneEvent['facts'];
  const encode = createEncoder(settings({ dialect: 'openim' }));
  await assert.rejects(async () => encode({ ...LEFT, facts }, NOW), NoFormError);
  const failed = { kind: 'failed', stage: 'send', code: NO_FORM, message: 'none', durationMs: 0 } as const;
  const verdict = classify(failed, { dialect: 'openim' }, NOW);
  assert.ok(verdict.kind === 'failed');
  assert.deepEqual([verdict.verdict, verdict.permanent], ['no_form', true]);
  const tries = { attempts: 0, firstAttemptAt: NOW };
  const step = afterFailedAttempt(settings({}), tries, verdict, { now: NOW, random: 0, probe: false });
  assert.equal(step.kind === 'dead' && step.reason, 'permanent');
});

test('a replay is the same request with one more header', async () => {
  for (const dialect of ['tencent', 'openim']) {
    const encode = createEncoder(settings({ dialect }));
    const first = await encode(EVENT, NOW);
    const again = await encode({ ...EVENT, replayId: 9 }, NOW + 86_400_000);
    assert.deepEqual(again, { ...first, headers: { ...first.headers, 'confab-replay': 'true' } });
  }
});

test('extra headers are sent once, and what is ours or the dialect’s is not theirs to set', async () => {
  const headers = { 'X-Tenant': 'blue', 'User-Agent': 'MyChat/2', OperationID: 'mine' };
  const request = await createEncoder(settings({ dialect: 'openim', headers }))(EVENT, NOW);
  const names = Object.keys(request.headers).map((name) => name.toLowerCase());
  assert.equal(new Set(names).size, names.length);
  assert.equal(request.headers['user-agent'], 'MyChat/2');
  assert.equal(request.headers['x-tenant'], 'blue');
  assert.equal(request.headers.operationid, 'op1');
});

test('a revision of the other dialect is refused when the encoder is made', () => {
  assert.throws(
    () => createEncoder({ ...settings({}), revision: 'main' }),
    /endpoint "a": dialect tencent has no revision main/,
  );
});

test('signing keys add their headers beside the body of the dialect, which stays as it was', async () => {
  const signingKeys = [`whsec_${'A'.repeat(43)}=`];
  for (const dialect of ['tencent', 'openim']) {
    const plain = await createEncoder(settings({ dialect }))(EVENT, NOW);
    const signed = await createEncoder(settings({ dialect, signingKeys }))(EVENT, NOW);
    const { 'webhook-signature': signature = '', 'webhook-timestamp': at, ...headers } = signed.headers;
    assert.match(signature, /^v1,[A-Za-z0-9+/]{43}=$/);
    assert.equal(at, String(Math.floor(NOW / 1000)));
    assert.deepEqual({ ...signed, headers }, plain);
  }
});
