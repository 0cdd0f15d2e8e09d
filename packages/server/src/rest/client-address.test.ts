import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientAddress } from './client-address.ts';

const CASES: readonly [
  what: string,
  trusted: string[],
  socket: string,
  header: string | string[] | undefined,
  client: string,
][] = [
  ['no proxy is trusted: the header means nothing', [], '192.0.2.1', '203.0.113.7', '192.0.2.1'],
  ['a stranger writes the header', ['10.0.0.0/8'], '192.0.2.1', '203.0.113.7', '192.0.2.1'],
  ['a trusted proxy writes it', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.7', '203.0.113.7'],
  [
    'only what trusted proxies wrote counts',
    ['10.0.0.0/8'],
    '10.1.2.3',
    '1.1.1.1, 203.0.113.7, 10.9.9.9',
    '203.0.113.7',
  ],
  ['all hops are trusted', ['10.0.0.0/8'], '10.1.2.3', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
  ['no header', ['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
  ['no address in the header', ['10.0.0.0/8'], '10.1.2.3', 'unknown', '10.1.2.3'],
  ['several headers', ['10.0.0.1'], '10.0.0.1', ['1.1.1.1', '203.0.113.7'], '203.0.113.7'],
  ['IPv4 on a dual-stack socket', ['10.0.0.0/8'], '::ffff:10.1.2.3', '::ffff:203.0.113.7', '203.0.113.7'],
  ['IPv6', ['2001:db8::/32'], '2001:db8::1', '2001:470::7', '2001:470::7'],
];

for (const [what, trusted, socket, header, client] of CASES) {
  test(what, () => assert.equal(new ClientAddress(trusted).of(socket, header), client));
}

for (const bad of ['', 'localhost', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/x', '2001:db8::/129', '10.0.0/8']) {
  test(`"${bad}" is refused as a trusted proxy`, () => {
    assert.throws(() => new ClientAddress([bad]), /trustedProxies: ".*" is no address or CIDR/);
  });
}
