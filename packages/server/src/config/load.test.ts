import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { describeConfig } from './describe.ts';
import { loadConfig } from './load.ts';

const APP = `
apps:
  - sdkAppId: 1400000001
    secretKeys: [hunter2hunter2]
`;

function problemsOf(text: string, env: Record<string, string> = {}): readonly ConfigProblem[] {
  try {
    loadConfig({ text, env });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return assert.fail(`accepted:\n${text}`);
}

test('an app is enough; the rest has the documented defaults, and nothing can be changed', () => {
  const config = loadConfig({ text: APP, env: {} });
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 7700 });
  assert.deepEqual(config.store, { kind: 'sqlite', path: './confab-data/confab.db' });
  assert.deepEqual(config.retention, { messagesMs: 0, replayMs: 7 * 86_400_000 });
  assert.equal(config.rules.groupMessagesPerSecond, 40);
  assert.equal(config.rules.dedupWindowMs, 300_000);
  assert.deepEqual(config.apps[0]?.admins, ['administrator']);
  assert.equal('tls' in config, false);
  assert.throws(() => Object.assign(config.limits, { bodyBytes: 1 }), TypeError);
  assert.throws(() => Array.prototype.push.call(config.apps, {}), TypeError);
});

test('an app and its groups can keep their messages for times of their own', () => {
  const own = '    retention: { messages: 30d, groups: [{ groups: [a, b], messages: 1d }] }\n';
  const { retention } = loadConfig({ text: `retention: { messages: 90d }\n${APP}${own}`, env: {} });
  const day = 86_400_000;
  const groups = [{ groupIds: ['a', 'b'], messagesMs: day }];
  assert.deepEqual(retention.apps, [{ app: 1400000001, messagesMs: 30 * day, groups }]);
  assert.equal(retention.messagesMs, 90 * day);
});

test('the environment wins over the file, and is enough alone', () => {
  const env = { CONFAB_LISTEN: '127.0.0.1:0', CONFAB_APPS_0_SECRET_KEYS: '["another-key"]' };
  const config = loadConfig({ text: `listen: 0.0.0.0:80\n${APP}`, env });
  assert.equal(config.listen.port, 0);
  assert.deepEqual(config.apps[0]?.secretKeys, ['another-key']);
  const alone = loadConfig({ env: { CONFAB_APPS: '[{"sdkAppId":1,"secretKeys":["another-key"]}]' } });
  assert.equal(alone.apps[0]?.sdkAppId, 1);
});

test('all problems come together, each with its key and its line, in the order of the file', () => {
  const text = `listen: 80
lmits: {}
store: postgres://u:hunter2@h:x/db
retention:
  replay: 7
apps:
  - sdkAppId: 1
    secretKeys:
      - hunter2hunter2
    endpoints:
      - name: a
        url: ftp://x
        events: all
      - name: a
        url: https://x
        evens: all
  - sdkAppId: 1
    secretKeys: [123]
`;
  const problems = problemsOf(text, { CONFAB_LOG_LEVEL: 'loud' });
  assert.deepEqual(
    problems.map(({ key, line, variable }) => [key, line ?? variable]),
    [
      ['log.level', 'CONFAB_LOG_LEVEL'],
      ['listen', 1],
      ['lmits', 2],
      ['store', 3],
      ['retention.replay', 5],
      ['apps[0].endpoints[0].url', 12],
      ['apps[0].endpoints[1].events', 14],
      ['apps[0].endpoints[1].name', 14],
      ['apps[0].endpoints[1].evens', 16],
      ['apps[1].sdkAppId', 17],
      ['apps[1].secretKeys[0]', 18],
    ],
  );
  assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
});

test('the message lists the problems as lines for people', () => {
  assert.throws(
    () => loadConfig({ text: `listn: x\n${APP}`, env: { CONFAB_NOPE: '1' } }),
    (error) =>
      error instanceof ConfigError &&
      error.message ===
        `The configuration (text) has 2 problems:
  CONFAB_NOPE is no setting; docs/configuration.md lists them all
  line 1: listn is an unknown key; did you mean "listen"?`,
  );
});

test('a problem in a value from the environment names the variable', () => {
  const [problem] = problemsOf(APP, { CONFAB_APPS: '[{sdkAppId: 0, secretKeys: [hunter2hunter2]}]' });
  assert.equal(problem?.key, 'apps[0].sdkAppId');
  assert.equal(problem?.variable, 'CONFAB_APPS');
  assert.equal(problem?.line, undefined);
  const [hole] = problemsOf(APP, { CONFAB_APPS_3_SDK_APP_ID: '7' });
  assert.match(hole?.message ?? '', /the list before it is shorter/);
});

test('texts that are no YAML name the line', () => {
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['listen: x\nlisten: y\n', 2, /Map keys must be unique/],
    [`${APP}---\n${APP}`, 6, /second document/],
    ['a: [1,\n', 2, /not valid YAML/],
    ['a: !secret x\n', 1, /not valid YAML/],
  ];
  for (const [text, line, says] of cases) {
    const [problem] = problemsOf(text);
    assert.match(problem?.message ?? '', says);
    assert.ok(Math.abs((problem?.line ?? 0) - line) <= 1, `${text}: line ${problem?.line}`);
  }
});

test('the mask that stands for a secret elsewhere is none here, wherever it is written', () => {
  const mask = '********';
  const endpoint = {
    ...{ name: 'a', url: 'https://x', events: 'all', authToken: mask },
    ...{ signingKeys: [mask], headers: { authorization: mask } },
  };
  const proxies = [{ name: 'out', url: 'http://10.0.0.1:3128', username: 'u', password: mask }];
  const apps = [{ sdkAppId: 1, secretKeys: [mask], endpoints: [endpoint] }];
  const problems = problemsOf(JSON.stringify({ proxies, apps }));
  assert.deepEqual(problems.map(({ key }) => key).sort(), [
    'apps[0].endpoints[0].authToken',
    'apps[0].endpoints[0].headers.authorization',
    'apps[0].endpoints[0].signingKeys[0]',
    'apps[0].secretKeys[0]',
    'proxies[0].password',
  ]);
  for (const { message } of problems) assert.match(message, /is the mask .*write the secret itself/);
  const [given] = problemsOf(APP, { CONFAB_APPS_0_SECRET_KEYS: `["${mask}"]` });
  assert.equal(given?.variable, 'CONFAB_APPS_0_SECRET_KEYS');
});

test('a start has to have come', () => {
  const now = Date.parse('2026-01-31T08:00:00Z');
  const text = (start: string) =>
    `apps:\n  - sdkAppId: 1\n    secretKeys: [long-enough]\n    endpoints:\n      - name: a\n        url: https://x\n        events: all\n        start: ${start}\n`;
  const [app] = loadConfig({ text: text('2026-01-31T08:00:00Z'), env: {}, now }).apps;
  assert.deepEqual(app?.endpoints[0]?.start, { at: 'time', time: now });
  assert.throws(
    () => loadConfig({ text: text('2026-01-31T08:00:01Z'), env: {}, now }),
    /line 8: apps\[0\]\.endpoints\[0\]\.start is in the future \(2026-01-31T08:00:01\.000Z\)/,
  );
});

test('hostile texts end in a few problems', () => {
  const bomb = `a: &a [${'x,'.repeat(50)}]\n${Array.from({ length: 8 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]`).join('\n')}`;
  for (const text of ['['.repeat(50_000), `${'{a: '.repeat(5_000)}`, bomb]) {
    assert.ok(problemsOf(text).length <= 12);
  }
  assert.match(problemsOf('just a text')[0]?.message ?? '', /must be a map/);
  assert.match(problemsOf('__proto__: {apps: []}')[0]?.message ?? '', /unknown key/);
});

test('admin tokens: long enough, and each name and token once', () => {
  const tokens = (list: string) => `admin: { tokens: [${list}] }\n${APP}`;
  const right = '{ name: a, token: 0123456789abcdef, role: owner }';
  assert.equal(loadConfig({ text: tokens(right), env: {} }).admin.tokens.length, 1);
  assert.match(problemsOf(tokens('{ name: a, token: short, role: owner }'))[0]?.message ?? '', /16 to 256/);
  assert.match(
    problemsOf(tokens('{ name: a, token: 0123456789abcdef, role: boss }'))[0]?.message ?? '',
    /owner, operator, read-only/,
  );
  assert.deepEqual(
    problemsOf(tokens(`${right}, ${right}`)).map(({ key }) => key),
    ['admin.tokens[1].name', 'admin.tokens[1].token'],
  );
});

test('the start-up summary shows no secret', () => {
  const text = `
admin: { tokens: [{ name: ops, token: hunter2-hunter2-hunter2, role: owner }] }
apps:
  - sdkAppId: 1400000001
    secretKeys: [hunter2hunter2]
    endpoints:
      - { name: main, url: "https://x.example/h?key=hunter2", events: all, authToken: hunter2, headers: { authorization: hunter2 } }
`;
  const summary = describeConfig(loadConfig({ text, env: {} }));
  assert.doesNotMatch(summary, /hunter2/);
  for (const part of [
    '127.0.0.1:7700',
    'ops (owner)',
    '1400000001',
    'endpoint main: https://x.example/h?…',
    'headers authorization',
  ]) {
    assert.ok(summary.includes(part), `${part} in\n${summary}`);
  }
});
