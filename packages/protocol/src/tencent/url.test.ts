import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildTencentUrl, parseTencentUrl } from './url.ts';

const parts = {
  sdkAppId: 1400000042,
  command: 'Group.CallbackAfterSendMsg',
  clientIp: '203.0.113.7',
  platform: 'Android',
};
const QUERY =
  'SdkAppid=1400000042&CallbackCommand=Group.CallbackAfterSendMsg&contenttype=json&ClientIP=203.0.113.7&OptPlatform=Android';

test('parameters stand in the documented order, Sign and RequestTime after them', () => {
  assert.equal(buildTencentUrl('https://www.example.com', parts), `https://www.example.com?${QUERY}`);
  assert.equal(
    buildTencentUrl('http://h/im', { ...parts, sign: 'ab', requestTime: 1735689600, requestId: 'r 1' }),
    `http://h/im?${QUERY}&Sign=ab&RequestTime=1735689600&RequestID=r%201`,
  );
});

test('a configured URL keeps its own path and query', () => {
  for (const [base, url] of [
    ['https://h/a/b?x=1', `https://h/a/b?x=1&${QUERY}`],
    ['https://h/?x=1&', `https://h/?x=1&${QUERY}`],
    ['https://h/?', `https://h/?${QUERY}`],
    ['https://h/#part', `https://h/?${QUERY}`],
  ] as const) {
    assert.equal(buildTencentUrl(base, parts), url);
  }
});

test('values are percent-encoded', () => {
  const url = buildTencentUrl('https://h/', { ...parts, clientIp: '2001:db8::1', platform: 'a&b=\ud800' });
  assert.ok(url.endsWith('&ClientIP=2001%3Adb8%3A%3A1&OptPlatform=a%26b%3D%EF%BF%BD'), url);
});

test('a captured order and either request id are understood, unknown parameters ignored', () => {
  for (const name of ['RequestID', 'RequestId']) {
    assert.deepEqual(
      parseTencentUrl(
        `/im?CallbackCommand=C&ClientIP=1.2.3.4&OptPlatform=macos&${name}=u&SdkAppid=7&contenttype=json&x=y`,
      ),
      {
        sdkAppId: 7,
        command: 'C',
        contentType: 'json',
        clientIp: '1.2.3.4',
        platform: 'Mac',
        requestId: 'u',
      },
    );
  }
});

test('what is absent, empty or not a number is left out', () => {
  for (const url of [
    '',
    '/',
    '/im',
    'https://h',
    '/im?',
    '/im?SdkAppid=&Sign=',
    '/im?SdkAppid=0x10',
    '#?SdkAppid=1',
  ]) {
    assert.deepEqual(parseTencentUrl(url), {}, url);
  }
  assert.deepEqual(parseTencentUrl('/im?SdkAppid=1&SdkAppid=2'), { sdkAppId: 1 });
});

test('property: what is built is parsed back', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(
      fc.record({ sdkAppId: fc.nat(), command: text, clientIp: fc.ipV6(), sign: text, requestId: text }),
      fc.nat(),
      fc.constantFrom('https://h', 'https://h/p', 'https://h/p?q=1', 'https://h/p?q=1#f'),
      (given, requestTime, base) => {
        const url = buildTencentUrl(base, { ...given, platform: 'iOS', requestTime });
        assert.deepEqual(parseTencentUrl(url), {
          ...given,
          contentType: 'json',
          platform: 'iOS',
          requestTime: String(requestTime),
        });
      },
    ),
  );
});
