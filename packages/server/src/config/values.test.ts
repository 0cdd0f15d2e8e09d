import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unfit } from '../domain/settings/problem.ts';
import { formatListen, formatStore, parseCidr, parseListen, parseStore } from './values.ts';

test('addresses to listen on', () => {
  const cases = {
    '127.0.0.1:7700': ['127.0.0.1', 7700],
    '[::1]:0': ['::1', 0],
    'localhost:80': ['localhost', 80],
  } as const;
  for (const [written, [host, port]] of Object.entries(cases)) {
    assert.deepEqual(parseListen(written), { host, port });
    assert.equal(formatListen({ host, port }), written);
  }
  for (const wrong of [
    '',
    '7700',
    ':7700',
    '127.0.0.1',
    '127.0.0.1:',
    '::1:80',
    '[::1]',
    '[x]:1',
    'h:65536',
    'http://h:1',
    'a b:1',
  ]) {
    assert.throws(() => parseListen(wrong), Unfit, wrong);
  }
});

test('stores', () => {
  assert.deepEqual(parseStore('sqlite:./data/confab.db'), { kind: 'sqlite', path: './data/confab.db' });
  assert.deepEqual(parseStore('sqlite::memory:'), { kind: 'sqlite', path: ':memory:' });
  for (const url of [
    'postgres://u:hunter2@h/db',
    'postgresql://h:5433/db?sslmode=verify-full',
    'postgres:///db?host=/run&user=u&port=5433',
    'postgres://u:p%40ss%2Fw%23rd@h/db?sslmode=no-verify&options=-csearch_path%3Da&application_name=x',
    'postgres://h/db?sslrootcert=/a&sslcert=/b&sslkey=/c',
  ])
    assert.deepEqual(parseStore(url), { kind: 'postgres', url });
  for (const url of ['postgres://u:hunter2@h', 'postgres://u:hunter2@/db', 'postgres://u:hunter2@h:x/db']) {
    const isSilent = (error: unknown) => error instanceof Unfit && !error.message.includes('hunter2');
    assert.throws(() => parseStore(url), isSilent, url);
  }
  for (const [url, says] of [
    [
      'postgres://u:hunter2@h/db?sslmod=verify-full',
      /unknown parameter sslmod; known are sslmode, .*options/,
    ],
    ['postgres://u:hunter2@h/db?sslmode=verify-full&foo=hunter2', /unknown parameter foo;/],
    ['postgres://u:x@h/db?hunter2%20=1', /an unknown parameter;/],
    ['postgres://u:hunter2@h/db?sslmode=', /unknown sslmode; known are verify-full/],
    ['postgres://u:hunter2@h/db?sslmode=verify_full', /unknown sslmode/],
    ['postgres://u:p@hunter2/w#rd@127.0.0.1/db', /write @ as %40/],
    ['postgres://u:p@hunter2/w@127.0.0.1/db', /write @ as %40/],
    ['postgres://u:1/hunter2@127.0.0.1/db', /write @ as %40/],
    ['postgres://u:1?hunter2@127.0.0.1/db', /write @ as %40/],
    ['postgres://u:1#hunter2@127.0.0.1/db', /write @ as %40/],
    ['postgres://h/db#hunter2', /write @ as %40/],
  ] as const) {
    const isSilent = (error: unknown) =>
      error instanceof Unfit && says.test(error.message) && !error.message.includes('hunter2');
    assert.throws(() => parseStore(url), isSilent, url);
  }
  for (const wrong of ['', 'sqlite:', 'mysql://h', './confab.db', 'sqlite:a\0b']) {
    assert.throws(() => parseStore(wrong), Unfit, wrong);
  }
});

test('a store is shown without what is secret', () => {
  assert.equal(formatStore({ kind: 'sqlite', path: 'a.db' }), 'sqlite:a.db');
  const url = 'postgres://u:hunter2@h:5433/db?sslkey=/secret&password=hunter3';
  assert.equal(formatStore({ kind: 'postgres', url }), 'postgres://h:5433/db');
});

test('addresses and ranges', () => {
  for (const right of ['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8', '0.0.0.0/0', '::/128'])
    assert.equal(parseCidr(right), right);
  for (const wrong of ['', '10.0.0.0/33', '10.0.0/8', '::/129', 'proxy.example.com', '10.0.0.0/']) {
    assert.throws(() => parseCidr(wrong), Unfit, wrong);
  }
});
