import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../../src/app.ts';
import { createLogger } from '../../src/base/logger.ts';
import { loadConfig } from '../../src/config/load.ts';

test('a server says at its start which endpoints no webhook will reach, and why', async (t) => {
  const endpoint = (name: string, url: string) => ({ name, url, events: 'all' });
  const config = loadConfig({
    text: JSON.stringify({
      listen: '127.0.0.1:0',
      store: 'sqlite::memory:',
      apps: [
        {
          sdkAppId: 1,
          secretKeys: ['a-secret-key'],
          endpoints: [
            endpoint('good', 'https://app.example.com/'),
            endpoint('own', 'http://127.0.0.1:8801/im?key=hunter2'),
            endpoint('cloud', 'http://169.254.169.254/'),
          ],
        },
      ],
    }),
    env: {},
  });
  const lines: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
  const server = await startServer({ config, logger });
  t.after(() => server.abort());
  const warned = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    warned.map(({ app, endpoint, why }) => [app, endpoint, why]),
    [
      [
        1,
        'own',
        'its URL leads to a loopback address, which only an endpoint with allowPrivateNetwork may call',
      ],
      [1, 'cloud', 'its URL leads to a link-local address, which no endpoint may call'],
    ],
  );
  assert.ok(!lines.join('').includes('hunter2'));
});
