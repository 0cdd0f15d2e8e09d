import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load.ts';

const APP = 'apps: [{ sdkAppId: 1, secretKeys: [hunter2hunter2] }]';
const POSTGRES = 'store: postgres://confab@db/confab';

function clusterOf(written: string, store = POSTGRES): unknown {
  return loadConfig({ text: `${store}\ncluster: ${written}\n${APP}`, env: {} }).cluster;
}

test('a node does everything, unless it is told otherwise', () => {
  assert.deepEqual(clusterOf('{}'), { role: 'all', leaseMs: 6_000, pollMs: 1_000, notices: true });
  assert.deepEqual(clusterOf('{ role: api, node: web-1, lease: 20s, poll: 250ms, notices: false }'), {
    ...{ role: 'api', node: 'web-1', leaseMs: 20_000, pollMs: 250, notices: false },
  });
});

for (const [written, says] of [
  ['{ role: both }', /one of/],
  ['{ lease: 500ms }', /from 1s to 1m/],
  ['{ lease: 2m }', /from 1s to 1m/],
  ['{ poll: 1ms }', /from 100ms to 1m/],
  ['{ node: a b }', /a name of 1 to 64/],
] as const) {
  test(`cluster: ${written} is refused`, () => {
    assert.throws(
      () => clusterOf(written),
      (error) => error instanceof ConfigError && says.test(error.message),
    );
  });
}

test('an SQLite file has no other processes to share the work with', () => {
  const sqlite = 'store: sqlite:./x.db';
  assert.throws(
    () => clusterOf('{ role: dispatch }', sqlite),
    /cluster.role is dispatch, but the store is an SQLite file/,
  );
  assert.ok(clusterOf('{ role: all, node: a }', sqlite));
});
