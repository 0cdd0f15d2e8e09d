import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeConfig } from './describe.ts';
import { loadConfig } from './load.ts';

function load(proxies: unknown, proxy?: string) {
  const endpoint = { name: 'a', url: 'https://app.example.com/', events: 'all', ...(proxy && { proxy }) };
  const apps = [{ sdkAppId: 1, secretKeys: ['a-secret-key'], endpoints: [endpoint] }];
  return loadConfig({ text: JSON.stringify({ proxies, apps }), env: {} });
}

test('a proxy has a name, an address and maybe credentials', () => {
  const { proxies } = load([
    { name: 'corp', url: 'http://10.0.0.5:3128', username: 'confab', password: 'a:b', default: true },
    { name: 'other', url: 'http://[::1]/' },
  ]);
  assert.deepEqual(proxies, [
    { name: 'corp', host: '10.0.0.5', port: 3128, default: true, authorization: 'Basic Y29uZmFiOmE6Yg==' },
    { name: 'other', host: '::1', port: 80, default: false },
  ]);
  assert.deepEqual(load(undefined).proxies, []);
});

test('wrong proxies are refused, and no password is shown', () => {
  const corp = { name: 'corp', url: 'http://10.0.0.5:3128', password: 'hunter2' };
  for (const [proxies, said] of [
    [[{ ...corp, url: 'socks5://10.0.0.5' }], /proxies\[0\]\.url must be the URL of an HTTP proxy/],
    [[{ ...corp, url: 'http://x:hunter2@10.0.0.5' }], /proxies\[0\]\.url must not carry a user name/],
    [[{ ...corp, url: 'http://10.0.0.5/path' }], /proxies\[0\]\.url must be/],
    [[{ ...corp, name: 'direct' }], /proxies\[0\]\.name must be a name/],
    [[corp, corp], /proxies\[1\]\.name repeats the proxy name/],
    [
      [
        { ...corp, default: true },
        { ...corp, name: 'b', default: true },
      ],
      /proxies\[1\]\.default is true for entry \[0\]/,
    ],
    [[{ ...corp, password: 'hunter2\r\nX: y' }], /proxies\[0\]\.password must be/],
  ] as const) {
    assert.throws(
      () => load(proxies),
      ({ message }: Error) => {
        assert.match(message, said);
        assert.doesNotMatch(message, /hunter2/);
        return true;
      },
    );
  }
});

test('an endpoint goes by a proxy that is there', () => {
  const proxies = [{ name: 'corp', url: 'http://10.0.0.5:3128', username: 'u', password: 'hunter2' }];
  const config = load(proxies, 'corp');
  assert.equal(config.apps[0]?.endpoints[0]?.proxy, 'corp');
  assert.doesNotMatch(describeConfig(config), /hunter2|aHVudGVyMg/);
  assert.equal(load(proxies, 'direct').apps[0]?.endpoints[0]?.proxy, 'direct');
  assert.throws(
    () => load(proxies, 'cop'),
    /apps\[0\]\.endpoints\[0\]\.proxy must name a proxy of the configuration \(proxies\) or be direct; there is corp/,
  );
});
