import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readOpenImAnswer, readTencentAnswer, TENCENT_AFTER_SEND } from '@confab-im/protocol';
import fc from 'fast-check';
import { NOW_MS } from '../test/support/manual-clock.ts';
import {
  APP,
  bytes,
  openImBody,
  openImUrl,
  SIGN,
  SIGNED_AT,
  TOKEN,
  tencentBody,
  tencentUrl,
} from '../test/support/requests.ts';
import type { HeadersLike } from './headers.ts';
import type { VerifyOptions } from './options.ts';
import type { RefusalCode } from './refusal.ts';
import { verify } from './verify.ts';

const now = () => NOW_MS;
const open: VerifyOptions = { sdkAppId: APP, now };
const signed: VerifyOptions = { ...open, authToken: TOKEN };
const signedUrl = tencentUrl({ sign: SIGN, requestTime: SIGNED_AT });

async function accepted(body: string, url: string, options = open, headers: HeadersLike = {}) {
  const verdict = await verify(bytes(body), url, headers, options);
  assert.ok(verdict.ok, verdict.ok ? '' : verdict.why);
  return verdict;
}

async function refusedAs(
  code: RefusalCode,
  body: string | Uint8Array,
  url: string,
  options = open,
  headers: HeadersLike = {},
) {
  const verdict = await verify(typeof body === 'string' ? bytes(body) : body, url, headers, options);
  assert.ok(!verdict.ok, 'the request was accepted');
  assert.equal(verdict.code, code, verdict.why);
  assert.match(verdict.why, /\.$/);
  return verdict;
}

test('a Tencent message becomes a typed event', async () => {
  const verdict = await accepted(tencentBody(), tencentUrl({ requestId: 'r-1' }));
  assert.equal(verdict.event.kind, 'group.message.sent');
  if (verdict.event.kind !== 'group.message.sent') return;
  assert.deepEqual(verdict.event.msgBody, [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'good morning' } }]);
  assert.equal(verdict.event.msgSeq, 42);
  assert.equal(verdict.command, TENCENT_AFTER_SEND);
  assert.equal(verdict.dialect, 'tencent');
  assert.equal(verdict.clientIp, '203.0.113.7');
  assert.equal(verdict.platform, 'Android');
  assert.equal(verdict.requestId, 'r-1');
  assert.equal(verdict.replay, false);
  assert.equal(verdict.deliveryId, undefined);
});

test('an OpenIM message becomes the same kind of event, with or without the command in the path', async () => {
  for (const url of [
    openImUrl(),
    '/hooks/im',
    'https://chat.example.com/a/callbackAfterSendGroupMsgCommand?contenttype=json',
  ]) {
    const verdict = await accepted(openImBody(), url);
    assert.equal(verdict.dialect, 'openim');
    assert.equal(verdict.event.kind === 'group.message.sent' && verdict.event.groupId, '@TGS#2QW7H5K3M');
  }
});

test('web headers and plain headers are read alike', async () => {
  const raw = { 'webhook-id': 'msg_1', 'confab-replay': '1' };
  for (const headers of [raw, new Headers(raw)]) {
    const verdict = await accepted(tencentBody(), tencentUrl(), open, headers);
    assert.equal(verdict.deliveryId, 'msg_1');
    assert.equal(verdict.replay, true);
    assert.equal(verdict.key, JSON.stringify(['id', APP, 'msg_1']));
  }
});

test('keys tell messages apart and copies alike', async () => {
  const keyOf = async (body: string, url = tencentUrl()) => (await accepted(body, url)).key;
  const key = await keyOf(tencentBody());
  assert.ok(key);
  assert.equal(await keyOf(tencentBody({ eventTime: NOW_MS + 9000 })), key);
  for (const other of [{ random: 1 }, { msgSeq: 43 }, { topicId: 't' }, { groupId: 'g' }]) {
    assert.notEqual(await keyOf(tencentBody(other)), key, JSON.stringify(other));
  }
  const online = { msgSeq: 0, onlineOnly: true };
  const onlineKey = await keyOf(tencentBody(online));
  for (const other of [{ random: 1 }, { sender: 'bruno' }, { msgTime: 1 }]) {
    assert.notEqual(await keyOf(tencentBody({ ...online, ...other })), onlineKey, JSON.stringify(other));
  }
  assert.notEqual(
    await keyOf(openImBody(), openImUrl()),
    await keyOf(openImBody({ serverMsgID: 'x' }), openImUrl()),
  );
});

test('Sign is accepted inside the window, with any live token', async () => {
  await accepted(tencentBody(), signedUrl, signed);
  await accepted(tencentBody(), signedUrl, { ...signed, authToken: ['old-token', TOKEN] });
  for (const seconds of [-60, 60]) {
    await accepted(tencentBody(), signedUrl, { ...signed, now: () => (SIGNED_AT + seconds) * 1000 });
  }
});

test('Sign is refused when missing, wrong or stale', async () => {
  await refusedAs('unsigned', tencentBody(), tencentUrl(), signed);
  await refusedAs('unsigned', tencentBody(), tencentUrl({ sign: SIGN }), signed);
  await refusedAs('bad-signature', tencentBody(), signedUrl, { ...signed, authToken: 'another' });
  await refusedAs(
    'bad-signature',
    tencentBody(),
    tencentUrl({ sign: SIGN, requestTime: SIGNED_AT + 1 }),
    signed,
  );
  for (const seconds of [-61, 61]) {
    const late = { ...signed, now: () => (SIGNED_AT + seconds) * 1000 };
    await refusedAs('stale', tencentBody(), signedUrl, late);
  }
});

test('no other digest passes for the right one', async () => {
  const hexDigit = fc.constantFrom(...'0123456789abcdef');
  await fc.assert(
    fc.asyncProperty(fc.nat(63), hexDigit, async (at, digit) => {
      fc.pre(SIGN[at] !== digit);
      const forged = SIGN.slice(0, at) + digit + SIGN.slice(at + 1);
      const verdict = await verify(
        bytes(tencentBody()),
        tencentUrl({ sign: forged, requestTime: SIGNED_AT }),
        {},
        signed,
      );
      assert.equal(verdict.ok, false);
    }),
    { numRuns: 50 },
  );
});

test('posing as OpenIM does not get round the token', async () => {
  await refusedAs('unsigned', openImBody(), openImUrl(), signed);
  const secret = 'k9-Zq_4vT7.mXw2~';
  const both = { ...signed, openImSecret: secret };
  await accepted(openImBody(), openImUrl(`/im/${secret}`), both);
  await refusedAs('unsigned', openImBody(), openImUrl('/im/k9-Zq_4vT7.mXw2x'), both);
  await refusedAs('unsigned', openImBody(), `${openImUrl()}&x=/${secret}/`, both);
  await refusedAs('unsigned', openImBody(), openImUrl(), { ...open, openImSecret: secret });
  await refusedAs('unsigned', tencentBody(), tencentUrl().replace('/im', `/im/${secret}`), both);
});

test('another app is refused before anything else is looked at', async () => {
  await refusedAs('wrong-app', 'not JSON', tencentUrl({ sdkAppId: APP + 1 }));
  await refusedAs('wrong-app', tencentBody(), '/im?CallbackCommand=Group.CallbackAfterSendMsg');
  await refusedAs('wrong-app', tencentBody(), `${tencentUrl({ sdkAppId: 7 })}&SdkAppid=${APP}`);
  for (const dialects of [['tencent'], ['tencent', 'tencent']] as const) {
    await refusedAs('wrong-app', openImBody(), openImUrl(), { ...open, dialects });
  }
});

test('bodies that are no JSON of the right shape are refused', async () => {
  const cut = tencentBody().slice(0, -1);
  for (const body of [
    '',
    'x',
    cut,
    bytes(tencentBody()).subarray(0, 50),
    new Uint8Array([0x22, 0xff, 0x22]),
  ]) {
    await refusedAs('not-json', body, tencentUrl());
  }
  for (const body of ['[]', 'null', '"text"', '{}', tencentBody().replace('"MsgSeq":42', '"MsgSeq":"42"')]) {
    await refusedAs('bad-shape', body, tencentUrl());
  }
  const { why } = await refusedAs(
    'bad-shape',
    tencentBody().replace('"MsgSeq":42', '"MsgSeq":-1'),
    tencentUrl(),
  );
  assert.match(why, /MsgSeq/);
});

test('a compressed body is refused unread, whatever its encoding is called', async () => {
  const bomb = gzipSync(new Uint8Array(5_000_000));
  for (const encoding of ['gzip', 'br', 'deflate, gzip', 'GZIP']) {
    await refusedAs('encoded-body', bomb, tencentUrl(), open, { 'content-encoding': encoding });
  }
  await accepted(tencentBody(), tencentUrl(), open, { 'content-encoding': 'identity' });
});

test('a body one byte over the limit is refused', async () => {
  const body = tencentBody();
  await accepted(body, tencentUrl(), { ...open, maxBodyBytes: body.length });
  await refusedAs('too-large', body, tencentUrl(), { ...open, maxBodyBytes: body.length - 1 });
});

test('the command of URL and body must be one and the same', async () => {
  await refusedAs('wrong-command', tencentBody(), tencentUrl({ command: 'Group.CallbackAfterRecallMsg' }));
  await refusedAs('wrong-command', '{"CallbackCommand":{"toString":1}}', tencentUrl());
  await refusedAs('unknown-command', '{}', `/im?SdkAppid=${APP}`);
  await refusedAs('unknown-command', '{"CallbackCommand":"send me"}', `/im?SdkAppid=${APP}`);
  await refusedAs('unknown-command', '{"callbackCommand":"x"}', '/im');
});

test('a command without a type of its own is an event as it came', async () => {
  const body = '{"CallbackCommand":"State.StateChange","Info":{"Action":"Login"}}';
  const verdict = await accepted(body, tencentUrl({ command: 'State.StateChange' }));
  assert.equal(verdict.command, 'State.StateChange');
  assert.equal(verdict.key, undefined);
  assert.deepEqual(verdict.event, { kind: 'other', body: JSON.parse(body) });
});

test('refusals answer in the dialect of the request', async () => {
  const tencent = await refusedAs('not-json', 'x', tencentUrl());
  assert.deepEqual(readTencentAnswer(tencent.answer), { kind: 'fail', errorCode: 1, errorInfo: tencent.why });
  const openim = await refusedAs('not-json', 'x', openImUrl());
  assert.equal(
    readOpenImAnswer(openim.answer).kind,
    'ok',
    'an after-event cannot be rejected, only not be carried out',
  );
  assert.equal(JSON.parse(openim.answer).actionCode, 1);
});

test('whatever arrives is judged, never thrown at', async () => {
  const url = fc.oneof(fc.constant(tencentUrl()), fc.constant(openImUrl()), fc.string(), fc.webUrl());
  const body = fc.oneof(fc.json().map(bytes), fc.uint8Array());
  await fc.assert(
    fc.asyncProperty(body, url, async (raw, target) => {
      const verdict = await verify(raw, target, {}, signed);
      assert.equal(verdict.ok, false);
    }),
  );
});

test('wrong options are named', async () => {
  const wrong: [VerifyOptions, RegExp][] = [
    [{}, /sdkAppId/],
    [{ sdkAppId: 1.5 }, /sdkAppId/],
    [{ sdkAppId: APP, authToken: '' }, /authToken/],
    [{ sdkAppId: APP, authToken: [] }, /authToken/],
    [{ sdkAppId: APP, openImSecret: 'short' }, /openImSecret/],
    [{ sdkAppId: APP, dialects: [] }, /dialects/],
    [{ sdkAppId: APP, maxBodyBytes: 0 }, /maxBodyBytes/],
    [{ sdkAppId: APP, windowSeconds: Number.NaN }, /windowSeconds/],
    [Object.assign({ sdkAppId: APP }, { authTokn: TOKEN }), /authTokn/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(verify(bytes('{}'), '/', {}, options), message);
  }
  await accepted(openImBody(), openImUrl(), { dialects: ['openim'] });
});
