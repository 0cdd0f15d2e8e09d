import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseUrl, hostAndPort, positiveUint32, time, timeZone, uint32 } from './parse-arguments.ts';

const refusal = { code: 'commander.invalidArgument' };

test('whole numbers within their range', () => {
  assert.equal(uint32('0'), 0);
  assert.equal(positiveUint32('4294967295'), 4_294_967_295);
  for (const text of ['0', '4294967296', '1.5', '0x10', '', ' 1', '-1', 'x']) {
    assert.throws(() => positiveUint32(text), refusal, text);
  }
});

test('addresses to listen on', () => {
  assert.deepEqual(hostAndPort('127.0.0.1:0'), { host: '127.0.0.1', port: 0 });
  assert.deepEqual(hostAndPort('[::1]:7701'), { host: '::1', port: 7701 });
  for (const text of ['7701', 'host', ':1', 'a:b', '127.0.0.1:65536', '::1:80']) {
    assert.throws(() => hostAndPort(text), refusal, text);
  }
});

test('base URLs lose their trailing slash', () => {
  assert.equal(baseUrl('http://127.0.0.1:7700/'), 'http://127.0.0.1:7700');
  assert.equal(baseUrl('https://chat.example.com/confab/'), 'https://chat.example.com/confab');
  for (const text of ['127.0.0.1:7700', 'ftp://x', 'http://user@x', 'http://x?y', '']) {
    assert.throws(() => baseUrl(text), refusal, text);
  }
});

test('times and zones', () => {
  assert.equal(time('1970-01-02'), 86_400_000);
  assert.throws(() => time('yesterday'), refusal);
  assert.equal(timeZone('Asia/Shanghai'), 'Asia/Shanghai');
  assert.throws(() => timeZone('Nowhere'), refusal);
});
