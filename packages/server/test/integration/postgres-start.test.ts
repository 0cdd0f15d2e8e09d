import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../../src/app.ts';
import { createLogger } from '../../src/base/logger.ts';
import { loadConfig } from '../../src/config/load.ts';
import { StoreError } from '../../src/store/errors.ts';
import { PausingClock } from '../support/pausing-clock.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { SwitchProxy } from '../support/switch-proxy.ts';

/** Nothing listens there. */
const NOWHERE = 1;
// Each server has a listener or two on the process, and there are many.
process.setMaxListeners(200);

let server: PostgresServer;
let proxy: SwitchProxy;
const folder = mkdtempSync(join(tmpdir(), 'confab-start-'));
before(async () => {
  server = await PostgresServer.start();
  proxy = await new SwitchProxy(server.port).listen();
});
after(async () => {
  proxy.close();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function config(): ReturnType<typeof loadConfig> {
  const file = join(folder, 'confab.yaml');
  const key = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
  const endpoints = [{ name: 'hook', url: 'https://receiver.example/', events: 'all' }];
  const apps = [{ sdkAppId: 1_400_000_001, secretKeys: [key], admins: ['administrator'], endpoints }];
  writeFileSync(file, JSON.stringify({ listen: '127.0.0.1:0', store: proxy.url(), apps }));
  return loadConfig({ file, env: {} });
}

const listeners = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;

test('a database that vanishes at whatever moment of the start ends it with the reason, and the next start goes on from there', async () => {
  const logger = createLogger({ level: 'silent' });
  const codes = new Set<string>();
  let answers = 0;
  for (let isUp = false; !isUp; answers += 1) {
    let left = answers;
    proxy.target = server.port;
    proxy.passes = () => {
      left -= 1;
      if (left < 0) proxy.target = NOWHERE;
      return left >= 0;
    };
    const clock = new PausingClock(Date.now());
    try {
      const running = await startServer({ config: config(), clock, logger });
      isUp = proxy.target !== NOWHERE;
      await running.abort();
    } catch (error) {
      assert.ok(error instanceof StoreError, String(error));
      codes.add(error.code);
      assert.equal(listeners(), 1, 'nothing but the proxy listens any more');
    }
  }
  assert.ok(answers > 20, `${answers} answers of the database are not a whole start`);
  assert.deepEqual([...codes], ['unreachable']);
});
