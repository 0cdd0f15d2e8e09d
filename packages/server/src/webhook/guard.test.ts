import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeAddress } from '../base/address.ts';
import { checkTarget, guardedLookup, type Resolve } from './guard.ts';

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2a00:1450:4001::1',
  '2606:4700::1111',
  '64:ff9b::808:808',
];
const PRIVATE = [
  ...[
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
  ],
  ...[
    '::1',
    'fc00::1',
    'fd12:3456::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::7f00:1',
  ],
];
const NEVER = [
  ...['0.0.0.0', '0.1.2.3', '169.254.1.1', '224.0.0.1', '239.255.255.255', '255.255.255.255', '240.0.0.1'],
  ...['192.0.0.8', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.7', '203.0.113.9'],
  ...[
    '::',
    '::2',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '::ffff:0.0.0.0',
    '100::1',
    '5f00::1',
    'fe80::1',
    'fe80::1%eth0',
  ],
  ...[
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '3fff::1',
    '2001::1',
    '2001:20::1',
    '2002:7f00:1::',
    '2002:808:808::1',
  ],
  ...['64:ff9b:1::a00:1', '64:ff9b::', '64:ff9b::a9fe:a9fe', '::ffff:169.254.169.254', '4000::1'],
  ...['', 'localhost', '0177.0.0.1', '127.1', '1.2.3.4.5'],
];
const METADATA = [
  ...['169.254.169.254', '169.254.170.2', '169.254.0.23', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ...[
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:42::42',
    'fe80::a9fe:a9fe',
    '::ffff:100.100.100.200',
  ],
];

for (const address of PUBLIC) {
  test(`${address} may be called`, () => {
    assert.deepEqual(judgeAddress(address, false), { ok: true });
    assert.deepEqual(judgeAddress(address, true), { ok: true });
  });
}

for (const address of PRIVATE) {
  test(`${address} may be called only with allowPrivate`, () => {
    assert.equal(judgeAddress(address, false).ok, false);
    assert.deepEqual(judgeAddress(address, true), { ok: true });
  });
}

for (const address of [...NEVER, ...METADATA]) {
  test(`"${address}" may never be called`, () => {
    assert.equal(judgeAddress(address, false).ok, false);
    assert.equal(judgeAddress(address, true).ok, false);
  });
}

test('a refusal names the kind of address and the remedy, not the address', () => {
  assert.deepEqual(judgeAddress('10.1.2.3', false), {
    ok: false,
    why: 'a private network address, which only an endpoint with allowPrivateNetwork may call',
  });
  assert.deepEqual(judgeAddress('100.100.100.200', true), {
    ok: false,
    why: 'a cloud metadata address, which no endpoint may call',
  });
});

test('an IPv4 address is judged alike in its plain, mapped and NAT64 forms', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.boolean(), (address, allowPrivate) => {
      const plain = judgeAddress(address, allowPrivate);
      assert.deepEqual(judgeAddress(`::ffff:${address}`, allowPrivate), plain);
      assert.deepEqual(judgeAddress(`64:ff9b::${address}`, allowPrivate), plain);
    }),
  );
});

test('allowPrivate never shuts what was open', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      assert.ok(!judgeAddress(address, false).ok || judgeAddress(address, true).ok);
    }),
  );
});

for (const host of [
  ...['127.0.0.1', '0x7f.1', '2130706433', '017700000001', '127.1', '127.0.0.1.', '①②⑦.⓪.⓪.①'],
  ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]'],
  ...['localhost', 'LOCALHOST', 'localhost.', 'api.localhost', 'api.localhost.'],
]) {
  test(`the target http://${host}/ is private`, () => {
    assert.equal(checkTarget(new URL(`http://${host}/hook`), false).ok, false);
    assert.deepEqual(checkTarget(new URL(`http://${host}/hook`), true), { ok: true });
  });
}

for (const [url, why] of [
  ['ftp://example.com/', /scheme "ftp"/],
  ['file:///etc/passwd', /scheme "file"/],
  ['http://user@example.com/', /user name or password/],
  ['https://:secret@example.com/', /user name or password/],
  ['http://169.254.169.254/latest/meta-data', /link-local/],
  ['http://0/', /unspecified/],
  ['http://[fd00:ec2::254]/', /metadata/],
] as const) {
  test(`the target ${url} is never called`, () => {
    const judgement = checkTarget(new URL(url), true);
    assert.ok(!judgement.ok);
    assert.match(judgement.why, why);
    assert.doesNotMatch(judgement.why, /secret/);
  });
}

test('a public name or address over http or https is a good target', () => {
  for (const url of [
    'https://hooks.example.com/a?b',
    'http://8.8.8.8:8080/',
    'https://localhost.example.com/',
  ]) {
    assert.deepEqual(checkTarget(new URL(url), false), { ok: true });
  }
});

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });
const answering =
  (...addresses: LookupAddress[]): Resolve =>
  (_hostname, options, callback) => {
    assert.equal(options.all, true, 'every address must be asked for');
    callback(null, addresses);
  };

interface LookupResult {
  code?: string | undefined;
  address: string | LookupAddress[];
  family?: number | undefined;
}

function lookup(resolve: Resolve, { allowPrivate = false, all = true } = {}): LookupResult {
  let result: LookupResult | undefined;
  guardedLookup(allowPrivate, resolve)('hooks.example.com', { all }, (error, address, family) => {
    result = { code: error?.code, address, family };
  });
  assert.ok(result);
  return result;
}

test('a name with good addresses alone gives all of them, or the first one', () => {
  const good = [v4('8.8.8.8'), v6('2a00::1')];
  assert.deepEqual(lookup(answering(...good)).address, good);
  const single = lookup(answering(...good), { all: false });
  assert.deepEqual([single.address, single.family], ['8.8.8.8', 4]);
});

test('one bad address among good ones refuses the name', () => {
  for (const bad of [v4('10.0.0.1'), v6('::1'), v4('169.254.169.254'), v6('::ffff:192.168.0.1')]) {
    for (const all of [true, false]) {
      const result = lookup(answering(v4('8.8.8.8'), bad), { all });
      assert.deepEqual([result.code, result.address], ['EADDRBLOCKED', []]);
    }
  }
});

test('with allowPrivate a private answer passes, a metadata answer does not', () => {
  assert.equal(lookup(answering(v4('10.0.0.1')), { allowPrivate: true }).code, undefined);
  assert.equal(
    lookup(answering(v4('10.0.0.1'), v4('100.100.100.200')), { allowPrivate: true }).code,
    'EADDRBLOCKED',
  );
});

test('the resolver’s failure is passed on, and an empty answer is a failure', () => {
  const failing: Resolve = (_hostname, _options, callback) =>
    callback(Object.assign(new Error('no such name'), { code: 'EAI_AGAIN' }), []);
  assert.equal(lookup(failing).code, 'EAI_AGAIN');
  assert.equal(lookup(answering()).code, 'ENOTFOUND');
});

test('for plain HTTP a name has to resolve to private addresses alone', () => {
  const plain = (...addresses: LookupAddress[]) => {
    let code: string | undefined;
    let message = '';
    guardedLookup(true, answering(...addresses), true)('hooks.example.com', { all: true }, (error) => {
      code = error?.code;
      message = error?.message ?? '';
    });
    return { code, message };
  };
  assert.equal(plain(v4('127.0.0.1'), v4('10.0.0.1'), v6('fd00::1')).code, undefined);
  for (const address of [v4('8.8.8.8'), v6('2a00::1')]) {
    const refused = plain(v4('10.0.0.1'), address);
    assert.equal(refused.code, 'EADDRBLOCKED');
    assert.match(refused.message, /plain http; use https, or set allowPlainHttp: true/);
    assert.ok(!refused.message.includes(address.address), 'the address stays untold');
  }
});
