import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTencentSign, tencentSign } from './sign.ts';

const OFFICIAL = '17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061';
const request = { token: 'xxxxyyyy', sign: OFFICIAL, requestTime: '1669872112', now: 1669872112 };

test('the vectors of tencent-webhooks A.3 hold', async () => {
  assert.equal(await tencentSign('xxxxyyyy', 1669872112), OFFICIAL);
  assert.equal(
    await tencentSign('orchid-river-42', 1735689600),
    'abdd452afbab3b6efaff957df78eb401f56e830785e1d2bf5c00e1c2ca6837c6',
  );
});

test('the window is 60 seconds either way, the edge included, and can be set', async () => {
  for (const [offset, verdict] of [
    [0, 'ok'],
    [60, 'ok'],
    [-60, 'ok'],
    [61, 'stale'],
    [-61, 'stale'],
  ] as const) {
    assert.equal(await checkTencentSign({ ...request, now: request.now + offset }), verdict, `${offset} s`);
  }
  assert.equal(await checkTencentSign({ ...request, now: request.now + 5, windowSeconds: 4 }), 'stale');
});

test('absent or unreadable parameters are missing', async () => {
  assert.equal(await checkTencentSign({ ...request, sign: undefined }), 'missing');
  assert.equal(await checkTencentSign({ ...request, sign: '' }), 'missing');
  for (const requestTime of [
    undefined,
    '',
    ' 1669872112',
    '1669872112.0',
    '0x63',
    '-1',
    '1e9',
    '9'.repeat(16),
  ]) {
    assert.equal(await checkTencentSign({ ...request, requestTime }), 'missing', String(requestTime));
  }
});

test('another token, another second and any changed digit do not match', async () => {
  assert.equal(await checkTencentSign({ ...request, token: 'xxxyyy' }), 'mismatch');
  assert.equal(await checkTencentSign({ ...request, requestTime: '1669872113' }), 'mismatch');
  assert.equal(await checkTencentSign({ ...request, sign: OFFICIAL.slice(1) }), 'mismatch');
  for (let i = 0; i < OFFICIAL.length; i++) {
    const digit = OFFICIAL[i] === '0' ? '1' : '0';
    const sign = OFFICIAL.slice(0, i) + digit + OFFICIAL.slice(i + 1);
    assert.equal(await checkTencentSign({ ...request, sign }), 'mismatch', `digit ${i}`);
  }
});
