import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startConnectProxy } from '../../server/test/support/connect-proxy.ts';
import { confab, emptyFolder } from './support/confab.ts';

/** An app backend that takes only POST, as most do, and remembers what it was asked. */
async function postOnly(t: TestContext): Promise<{ url: string; methods: string[] }> {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    methods.push(request.method ?? '');
    response.writeHead(request.method === 'POST' ? 200 : 405).end();
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/im`, methods };
}

function configuration(cwd: string, endpoints: readonly object[], proxies: readonly object[] = []): string[] {
  const events = ['Group.CallbackAfterSendMsg'];
  const app = {
    sdkAppId: 1400000001,
    secretKeys: ['0'.repeat(64)],
    admins: ['administrator'],
    endpoints: endpoints.map((endpoint) => ({ events, ...endpoint })),
  };
  writeFileSync(join(cwd, 'my.yaml'), JSON.stringify({ proxies, apps: [app] }));
  return ['check', '--config', 'my.yaml'];
}

test('an endpoint that answers is shown with its round trip and its reach, and gets no webhook', async (t) => {
  const cwd = emptyFolder(t);
  const { url, methods } = await postOnly(t);
  const args = configuration(cwd, [{ name: 'mine', url, allowPrivateNetwork: true }]);
  const text = await confab(t, args, { cwd });
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^my\.yaml is valid: 1 app\(s\), 1 endpoint\(s\)\./);
  assert.match(text.stdout, /mine +http\S+ +HTTP 405 +[\d.]+ ms +\d+ messages\/s/);
  assert.match(text.stdout, /that of a HEAD request, which no receiver works on/);
  assert.deepEqual([...new Set(methods)], ['HEAD']);

  const { stdout } = await confab(t, [...args, '--json'], { cwd });
  const [endpoint] = JSON.parse(stdout).endpoints;
  assert.deepEqual([endpoint.endpoint, endpoint.probe.ok, endpoint.probe.status], ['mine', true, 405]);
  assert.ok(endpoint.messagesPerSecond > 0);
});

test('an endpoint that no webhook would reach makes the check fail, with the reason', async (t) => {
  const cwd = emptyFolder(t);
  const { url } = await postOnly(t);
  const args = configuration(cwd, [
    { name: 'guarded', url },
    { name: 'dead', url: 'http://127.0.0.1:9/', allowPrivateNetwork: true },
    { name: 'unknown', url: 'https://nowhere.invalid/' },
  ]);
  const { code, stdout, stderr } = await confab(t, args, { cwd });
  assert.equal(code, 1);
  assert.match(stdout, /guarded .*loopback.*allowPrivateNetwork/);
  assert.match(stdout, /dead .*ECONNREFUSED/);
  assert.match(stdout, /unknown .*nowhere\.invalid/);
  assert.doesNotMatch(stdout, /HEAD request/, 'nothing was measured');
  assert.match(stderr, /No webhook would reach: guarded, dead, unknown/);
});

test('an endpoint behind a proxy that answers is reached, also without TLS', async (t) => {
  const cwd = emptyFolder(t);
  await using proxy = await startConnectProxy();
  const { url, methods } = await postOnly(t);
  const proxies = [{ name: 'corp', url: `http://127.0.0.1:${proxy.port}` }];
  const endpoint = { name: 'mine', url, proxy: 'corp', allowPrivateNetwork: true };
  const { code, stdout, stderr } = await confab(t, configuration(cwd, [endpoint], proxies), { cwd });
  assert.equal(code, 0, `${stdout}${stderr}`);
  assert.match(stdout, /mine +http\S+ +HTTP 405 +[\d.]+ ms/);
  assert.deepEqual([[...new Set(proxy.targets)], methods.length], [[new URL(url).host], 6]);
});
