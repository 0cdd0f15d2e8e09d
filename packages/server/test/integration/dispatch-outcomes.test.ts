import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/dispatch-harness.ts';
import type { Reply } from '../support/scripted-receiver.ts';

for (const [name, reply, warning] of [
  ['the documented answer', {}, undefined],
  ['201', { status: 201 }, undefined],
  ['202 with plain text', { status: 202, body: 'ok' }, /not the documented JSON/],
  ['204 without a body', { status: 204, body: '' }, /not the documented JSON/],
  ['JSON of another shape', { body: '{"status":"OK"}' }, /not the documented JSON/],
  [
    'ActionStatus FAIL',
    { body: '{"ActionStatus":"FAIL","ErrorCode":7,"ErrorInfo":"full"}' },
    /failed: 7 full/,
  ],
  ['an answer longer than the limit', { body: 'x'.repeat(100_000) }, /longer than the limit/],
] satisfies [string, Reply, RegExp | undefined][]) {
  test(`delivered: ${name}`, async () => {
    await using world = await startWorld({ script: () => reply });
    await world.send('g1', 2);
    await world.start();
    await world.quiet();
    assert.deepEqual(world.arrived('g1'), [1, 2]);
    for (const seen of world.recording.seen) {
      assert.equal(seen.verdict, 'delivered');
      if (warning === undefined) assert.equal(seen.warning, undefined);
      else assert.match(seen.warning ?? '', warning);
    }
    assert.deepEqual(await world.store.attempts({ app: 1400000001, limit: 10 }), []);
  });
}

/** Whether the head of a half answer has been read when the clock moves on is the network's affair. */
const stable = (verdict: string): string => verdict.replace(/^timeout_(headers|body)$/, 'timeout');

for (const [name, reply, verdict] of [
  ['500', { status: 500 }, 'http_status'],
  ['404', { status: 404 }, 'http_status'],
  ['a redirect, which is not followed', { status: 302, headers: { location: '/elsewhere' } }, 'http_status'],
  ['no answer', 'hang', 'timeout'],
  ['a reset', 'reset', 'connection_reset'],
  ['half an answer, then nothing', { half: '{"Action', ending: 'hang' }, 'timeout'],
  ['half an answer, then a reset', { half: '{"Action', ending: 'reset' }, 'connection_reset'],
  ['half an answer, then a close', { half: '{"Action', ending: 'close' }, 'connection_reset'],
  ['no HTTP', { raw: 'SSH-2.0-OpenSSH_9.6\r\n' }, 'headers_error'],
] satisfies [string, Reply, string][]) {
  test(`failed and retried: ${name}`, async () => {
    await using world = await startWorld({ script: ({ before }) => (before === 0 ? reply : {}) });
    await world.send('g1', 2);
    await world.start();
    await world.quiet();
    assert.deepEqual(world.arrived('g1'), [1, 1, 2, 2]);
    assert.ok(world.arrivals.every(({ path }) => path === 'a'));
    const verdicts = world.recording.seen.map((seen) => stable(seen.verdict));
    assert.deepEqual(verdicts, [verdict, 'delivered', verdict, 'delivered']);
    const attempts = await world.store.attempts({ app: 1400000001, limit: 10 });
    assert.deepEqual(
      attempts.map((attempt) => [stable(attempt.verdict), attempt.attempt]),
      [
        [verdict, 1],
        [verdict, 1],
      ],
    );
  });
}

test('what a receiver echoes of the secrets sent to it is kept nowhere', async () => {
  const common = { headers: { Authorization: 'Bearer t0ken-of-the-endpoint' } };
  const endpoints = [
    { ...common, name: 'a' },
    { ...common, name: 'b', strict: true, retry: { maxAttempts: 2 } },
  ];
  await using world = await startWorld({
    endpoints,
    script: ({ before, request }) => {
      const { authorization = '' } = request.headers;
      return before === 0
        ? { status: 500, body: `${'.'.repeat(985)}${authorization}` }
        : { body: JSON.stringify({ ActionStatus: 'FAIL', ErrorCode: 7, ErrorInfo: `bad ${authorization}` }) };
    },
  });
  await world.send('g1', 1);
  await world.start();
  await world.quiet();
  assert.deepEqual(
    world.recording.seen.flatMap(({ warning }) => warning ?? []),
    ['the receiver says it failed: 7 bad ********'],
  );
  const attempts = await world.store.attempts({ app: 1400000001, limit: 10 });
  assert.deepEqual(attempts.map(({ answer }) => answer?.replace(/^\.+/, '')).sort(), [
    '********',
    '********',
    '{"ActionStatus":"FAIL","ErrorCode":7,"ErrorInfo":"bad ********"}',
  ]);
  const letters = await world.store.deadLetters({ includeReplayed: false, limit: 10 });
  assert.equal(letters.length, 1);
  assert.doesNotMatch(JSON.stringify([world.recording.seen, attempts, letters]), /Bearer|t0ken/);
});
