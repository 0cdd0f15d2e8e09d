import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment, variableName, withValue } from './environment.ts';
import { ConfigSchema } from './schema.ts';

function overrideOf(env: Record<string, string>): unknown {
  const { overrides, problems } = readEnvironment(ConfigSchema, env);
  assert.deepEqual(problems, []);
  assert.equal(overrides.length, 1);
  return overrides[0];
}

test('nested keys, entries of lists, and lists as YAML or JSON', () => {
  const cases: readonly (readonly [string, string, readonly (string | number)[], unknown])[] = [
    ['CONFAB_LISTEN', '0.0.0.0:80', ['listen'], '0.0.0.0:80'],
    ['CONFAB_LIMITS_GROUP_MESSAGES_PER_SECOND', '7', ['limits', 'groupMessagesPerSecond'], 7],
    ['CONFAB_LIMITS_MAX_MEMBERS_AVCHAT_ROOM', '9', ['limits', 'maxMembers', 'AVChatRoom'], 9],
    ['CONFAB_RETENTION_REPLAY', '3d', ['retention', 'replay'], '3d'],
    ['CONFAB_TRUSTED_PROXIES', '[10.0.0.0/8]', ['trustedProxies'], ['10.0.0.0/8']],
    ['CONFAB_TRUSTED_PROXIES_1', '::1', ['trustedProxies', 1], '::1'],
    ['CONFAB_ADMIN_TOKENS', '[{"name":"a"}]', ['admin', 'tokens'], [{ name: 'a' }]],
    ['CONFAB_APPS_0_SDK_APP_ID', '14', ['apps', 0, 'sdkAppId'], 14],
    ['CONFAB_APPS_0_ENDPOINTS_2_AUTH_TOKEN', '12345', ['apps', 0, 'endpoints', 2, 'authToken'], '12345'],
    [
      'CONFAB_APPS_0_ENDPOINTS_2_RETRY_MAX_ATTEMPTS',
      'null',
      ['apps', 0, 'endpoints', 2, 'retry', 'maxAttempts'],
      null,
    ],
    [
      'CONFAB_APPS_0_ENDPOINTS_2_ALLOW_PRIVATE_NETWORK',
      'true',
      ['apps', 0, 'endpoints', 2, 'allowPrivateNetwork'],
      true,
    ],
  ];
  for (const [variable, text, path, value] of cases) {
    assert.deepEqual(overrideOf({ [variable]: text }), { variable, path, value });
    assert.equal(variableName(path), variable);
  }
});

test('what is not ours is passed over: other names, empty values, commands, service links of Kubernetes', () => {
  const read = readEnvironment(ConfigSchema, {
    PATH: '/bin',
    CONFAB_LISTEN: '',
    CONFAB_LOG_LEVEL: undefined,
    CONFAB_TOKEN: 'x',
    CONFAB_SERVICE_HOST: '10.0.0.1',
    CONFAB_SERVICE_PORT_HTTP: '7700',
    CONFAB_PORT: 'tcp://10.0.0.1:7700',
    CONFAB_PORT_7700_TCP_ADDR: '10.0.0.1',
  });
  assert.deepEqual(read, { overrides: [], problems: [] });
});

test('an unknown variable and a text that is no YAML are problems', () => {
  const { problems } = readEnvironment(ConfigSchema, {
    CONFAB_LISTN: 'x',
    CONFAB_APPS_X_ADMINS: '[a]',
    CONFAB_LISTEN_PORT: '80',
    CONFAB_APPS: '[',
  });
  assert.deepEqual(
    problems.map(({ variable }) => variable),
    ['CONFAB_APPS', 'CONFAB_APPS_X_ADMINS', 'CONFAB_LISTEN_PORT', 'CONFAB_LISTN'],
  );
  assert.match(problems[0]?.message ?? '', /cannot be read as YAML/);
  assert.match(problems[3]?.message ?? '', /did you mean CONFAB_LISTEN\?/);
});

test('whole lists come before their parts', () => {
  const { overrides } = readEnvironment(ConfigSchema, {
    CONFAB_APPS_0_ADMINS: '[root]',
    CONFAB_APPS: '[{sdkAppId: 1}]',
  });
  const tree = overrides.reduce<unknown>(
    (value, { path, value: given }) => withValue(value, path, given),
    {},
  );
  assert.deepEqual(tree, { apps: [{ sdkAppId: 1, admins: ['root'] }] });
});

test('a value is put where its path says, and nowhere else', () => {
  assert.deepEqual(withValue({ a: 1 }, ['b', 'c'], 2), { a: 1, b: { c: 2 } });
  assert.deepEqual(withValue({ a: [1] }, ['a', 1], 2), { a: [1, 2] }, 'one beyond the end appends');
  assert.equal(withValue({ a: [1] }, ['a', 2], 2), undefined, 'a hole');
  assert.equal(withValue({ a: 'text' }, ['a', 'b'], 2), undefined, 'a text in the way');
  assert.deepEqual(withValue({ a: null }, ['a'], null), { a: null });
});
