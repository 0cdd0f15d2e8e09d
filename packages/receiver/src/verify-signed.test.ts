import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importSigningKeys, standardHeaders } from '@confab-im/protocol';
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
import {
  batchBody,
  ENDPOINT,
  messageBody,
  OLD_SHARED,
  PAIR,
  SHARED,
  signatureHeaders,
  tombstoneBody,
} from '../test/support/standard.ts';
import type { HeadersLike } from './headers.ts';
import type { VerifyOptions } from './options.ts';
import type { RefusalCode } from './refusal.ts';
import { verify } from './verify.ts';

const options: VerifyOptions = { sdkAppId: APP, signingKeys: SHARED, now: () => NOW_MS };
const headersOf = async (body: string, signing: Parameters<typeof signatureHeaders>[1] = {}) => ({
  ...standardHeaders(ENDPOINT),
  ...(await signatureHeaders(body, signing)),
});

async function accepted(body: string, over: VerifyOptions = {}, headers?: HeadersLike, url = '/hooks') {
  const verdict = await verify(bytes(body), url, headers ?? (await headersOf(body)), { ...options, ...over });
  assert.ok(verdict.ok, verdict.ok ? '' : verdict.why);
  return verdict;
}

async function refusedAs(
  code: RefusalCode,
  body: string,
  over: VerifyOptions = {},
  headers?: HeadersLike,
  url = '/hooks',
) {
  const sent = headers ?? (await headersOf(body));
  const verdict = await verify(bytes(body), url, sent, { ...options, ...over });
  assert.ok(!verdict.ok, 'the request was accepted');
  assert.equal(verdict.code, code, verdict.why);
  assert.match(verdict.why, /\.$/);
  return verdict;
}

test('a signed message becomes the same kind of event, with its place in the lane', async () => {
  const verdict = await accepted(messageBody(42, { prev: 40 }), { endpoint: ENDPOINT });
  assert.ok(verdict.event.kind === 'group.message.sent');
  assert.deepEqual(verdict.event.msgBody, [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'good morning' } }]);
  assert.equal(verdict.dialect, 'standard');
  assert.equal(verdict.command, 'group.message.sent');
  assert.equal(verdict.deliveryId, 'evt_42');
  assert.equal(verdict.key, JSON.stringify(['id', APP, 'evt_42']));
  assert.deepEqual(
    [verdict.signedBy, verdict.replay, verdict.clientIp, verdict.platform],
    [0, false, '203.0.113.7', 'Android'],
  );
  const place = { app: APP, stream: 3, groupId: '@TGS#2QW7H5K3M', seq: 42, prev: 40, replay: false };
  assert.deepEqual(verdict.lane, { endpoint: ENDPOINT, ...place });
});

test('tombstones and types that are not known are events with a place too', async () => {
  const tombstone = await accepted(tombstoneBody(7));
  assert.ok(tombstone.event.kind === 'tombstone');
  assert.equal(tombstone.event.skipped, 'group.message.sent');
  const edited = { ...JSON.parse(messageBody(8)), type: 'group.message.edited' };
  const other = await accepted(JSON.stringify(edited));
  assert.deepEqual(other.event, { kind: 'other', body: edited });
  assert.equal(other.command, 'group.message.edited');
  assert.equal(other.lane?.seq, 8);
});

test('a batch is its events, each with its own key', async () => {
  const verdict = await accepted(batchBody(5, 6, 7));
  assert.ok(verdict.event.kind === 'batch');
  assert.deepEqual(
    verdict.event.entries.map(({ lane, key, signedBy }) => [lane?.seq, key, signedBy]),
    [5, 6, 7].map((seq) => [seq, JSON.stringify(['id', APP, `evt_${seq}`]), 0]),
  );
});

test('a replay is one by the signed body, whatever a header says', async () => {
  const replay = await accepted(messageBody(5, { replay: true }));
  assert.equal(replay.replay, true);
  const body = messageBody(5);
  const plain = await accepted(body, {}, { ...(await headersOf(body)), 'confab-replay': 'true' });
  assert.equal(plain.replay, false);
});

test('the endpoint of the body is the one of the header and the one configured', async () => {
  const body = messageBody(1);
  const elsewhere = { ...(await headersOf(body)), 'confab-endpoint': 'ep_8' };
  await refusedAs('wrong-endpoint', body, {}, elsewhere);
  await refusedAs('wrong-endpoint', body, { endpoint: 'ep_8' });
  await refusedAs('wrong-endpoint', batchBody(1, 2), { endpoint: 'ep_8' });
});

test('another app is refused, and without an app any is taken', async () => {
  await refusedAs('wrong-app', messageBody(1, { app: APP + 1 }));
  await accepted(messageBody(1, { app: APP + 1 }), { sdkAppId: undefined, dialects: ['standard'] });
});

test('the dialect is always signed, and the signature is looked at before the JSON', async () => {
  const body = messageBody(1);
  await refusedAs('unsigned', body, {}, standardHeaders(ENDPOINT));
  await refusedAs('unsigned', body, { requireSignature: false }, standardHeaders(ENDPOINT));
  await refusedAs('unsigned', 'not JSON', {}, standardHeaders(ENDPOINT));
  await refusedAs('bad-signature', 'not JSON', {}, await headersOf(body));
  await refusedAs('not-json', 'not JSON');
  const { answer, why } = await refusedAs('bad-shape', '{}');
  assert.deepEqual(JSON.parse(answer), { error: why });
});

test('the timestamp of the attempt is within the tolerance', async () => {
  const body = messageBody(1);
  for (const seconds of [-300, 300]) {
    await accepted(body, {}, await headersOf(body, { timestamp: NOW_MS / 1000 + seconds }));
  }
  for (const seconds of [-301, 301]) {
    await refusedAs('stale', body, {}, await headersOf(body, { timestamp: NOW_MS / 1000 + seconds }));
  }
  const late = await headersOf(body, { timestamp: NOW_MS / 1000 - 5 });
  await refusedAs('stale', body, { toleranceSeconds: 4 }, late);
});

test('keys rotate: while both are live at one end, the other may change', async () => {
  const body = messageBody(1);
  const both = await headersOf(body, { keys: [...(await importSigningKeys([OLD_SHARED, SHARED]))] });
  for (const [signingKeys, signedBy] of [
    [OLD_SHARED, 0],
    [[OLD_SHARED, SHARED], 0],
    [SHARED, 0],
  ] as const) {
    assert.equal((await accepted(body, { signingKeys }, both)).signedBy, signedBy);
  }
  assert.equal((await accepted(body, { signingKeys: [OLD_SHARED, SHARED] })).signedBy, 1);
  await refusedAs('bad-signature', body, { signingKeys: OLD_SHARED });
  const asymmetric = await headersOf(body, { keys: [...(await importSigningKeys([PAIR.secret]))] });
  assert.equal((await accepted(body, { signingKeys: [SHARED, PAIR.public] }, asymmetric)).signedBy, 1);
});

test('no byte of a signed body can be changed', async () => {
  const body = bytes(messageBody(1));
  const headers = await headersOf(messageBody(1));
  const byte = fc.record({ at: fc.nat(body.byteLength - 1), flip: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(byte, async ({ at, flip }) => {
      const changed = body.with(at, (body[at] ?? 0) ^ flip);
      const verdict = await verify(changed, '/hooks', headers, options);
      assert.equal(verdict.ok ? 'accepted' : verdict.code, 'bad-signature');
    }),
  );
});

test('Tencent and OpenIM requests carry the same signature beside their own body', async () => {
  for (const [body, url] of [
    [tencentBody(), tencentUrl()],
    [openImBody(), openImUrl()],
  ] as const) {
    const headers = await signatureHeaders(body, { id: 'evt_42' });
    const verdict = await accepted(body, {}, headers, url);
    assert.equal(verdict.signedBy, 0);
    assert.equal(verdict.key, JSON.stringify(['id', APP, 'evt_42']));
    assert.equal(verdict.lane, undefined);
    await refusedAs('unsigned', body, {}, {}, url);
    await refusedAs('bad-signature', `${body} `, {}, headers, url);
    await refusedAs('bad-signature', body, {}, { ...headers, 'webhook-id': 'evt_43' }, url);
  }
  const body = tencentBody();
  await refusedAs('wrong-app', body, {}, await signatureHeaders(body), tencentUrl({ sdkAppId: 5 }));
});

test('where no signature is required, one that is there must hold', async () => {
  const relaxed = { requireSignature: false };
  const body = tencentBody();
  const plain = await accepted(body, relaxed, {}, tencentUrl());
  assert.equal(plain.signedBy, undefined);
  const headers = await signatureHeaders(body);
  await refusedAs('bad-signature', `${body} `, relaxed, headers, tencentUrl());
});

test('a signature stands for Sign and the secret path, and is not replaced by what Sign leaves open', async () => {
  const both = { authToken: TOKEN, openImSecret: 'k9-Zq_4vT7.mXw2~' };
  const body = tencentBody();
  await accepted(body, both, await signatureHeaders(body), tencentUrl());
  const signedUrl = tencentUrl({ sign: SIGN, requestTime: SIGNED_AT });
  await refusedAs('unsigned', body, both, {}, signedUrl);
  await accepted(body, { ...both, requireSignature: false }, {}, signedUrl);
  await refusedAs('unsigned', body, { ...both, requireSignature: false }, {}, tencentUrl());
});

test('without keys nothing changes: the headers are not looked at, and the dialect is not understood', async () => {
  const body = tencentBody();
  const forged = { ...(await signatureHeaders(`${body} `)), ...standardHeaders(ENDPOINT) };
  const verdict = await accepted(body, { signingKeys: undefined }, forged, tencentUrl());
  assert.deepEqual([verdict.dialect, verdict.signedBy], ['tencent', undefined]);
});

test('a body of one dialect does not pass for another', async () => {
  const tencent = tencentBody();
  await refusedAs('bad-shape', tencent, {}, await headersOf(tencent), tencentUrl());
  const standard = messageBody(1);
  await refusedAs('bad-shape', standard, {}, await signatureHeaders(standard), tencentUrl());
  await refusedAs('unknown-command', standard, {}, await signatureHeaders(standard), '/hooks');
});

test('wrong options are named', async () => {
  const wrong: [VerifyOptions, RegExp][] = [
    [{ signingKeys: '' }, /signingKeys must not be empty/],
    [{ signingKeys: [] }, /signingKeys must not be empty/],
    [{ signingKeys: [SHARED, 'whsec_c2hvcnQ='] }, /signingKeys\[1\] .* this one 5/],
    [{ signingKeys: PAIR.secret }, /signingKeys\[0\] .*leave it there/],
    [{ signingKeys: Array<string>(9).fill(SHARED) }, /at most 8/],
    [{ signingKeys: undefined, requireSignature: true }, /requireSignature needs signingKeys/],
    [{ signingKeys: undefined, dialects: ['standard'] }, /give signingKeys/],
    [{ dialects: ['tencent'], endpoint: 'ep' }, /endpoint is told/],
    [{ toleranceSeconds: 0 }, /toleranceSeconds/],
    [{ sdkAppId: undefined }, /sdkAppId/],
  ];
  for (const [over, message] of wrong) {
    await assert.rejects(verify(bytes('{}'), '/', {}, { ...options, ...over }), message);
  }
});
