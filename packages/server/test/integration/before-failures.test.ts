import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type PendingMessageFacts } from '@confab-im/protocol';
import { answer, type Moderated, type ModeratedOptions, startModerated, text } from '../support/moderated.ts';
import { APP } from '../support/rest-harness.ts';
import { gate, type Reply, type Script } from '../support/scripted-receiver.ts';

const FAILED = ERRORS.BEFORE_WEBHOOK_FAILED.code;

/** What was said of the messages so far, in order. */
function verdicts(world: Moderated): unknown[] {
  const lines = world.rest.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.flatMap(({ verdict }) => verdict ?? []);
}

/** Sends while the moderator does not answer, and lets its time-out strike. */
async function sendInVain(world: Moderated, body: object = {}, timeoutMs = 2_000) {
  const { length } = world.moderator.requests;
  const sending = world.send(body);
  await world.moderator.waitFor(length + 1);
  world.rest.clock.advance(timeoutMs);
  return sending;
}

const REPLIES: Readonly<Record<string, readonly [reply: Reply, verdict: string]>> = {
  'a 500, whatever its body': [{ ...answer({ ErrorCode: 1 }), status: 500 }, 'http_status'],
  'a 204': [{ status: 204, body: '' }, 'http_status'],
  'a redirect': [{ status: 302, headers: { location: '/other' } }, 'http_status'],
  'no JSON': [{ body: 'ok' }, 'malformed_answer'],
  'JSON of another shape': [{ body: '{"code":0}' }, 'malformed_answer'],
  'a code that no document lists': [answer({ ErrorCode: 500 }), 'undocumented_code'],
  'FAIL with code 0': [answer({ ActionStatus: 'FAIL' }), 'undocumented_code'],
  'an endless answer': [{ body: `"${'x'.repeat(200_000)}"` }, 'answer_too_long'],
  'half an answer': [{ half: '{"ActionStatus":', ending: 'close' }, 'connection_reset'],
  'a reset': ['reset', 'connection_reset'],
  'an unknown element': [answer({ MsgBody: [{ MsgType: 'TIMFooElem', MsgContent: {} }] }), 'bad_rewrite'],
  'an element without its content': [answer({ MsgBody: [{ MsgType: 'TIMTextElem' }] }), 'bad_rewrite'],
  'a body over the limit': [answer({ MsgBody: text('x'.repeat(12_001)) }), 'bad_rewrite'],
  'custom data over the limit': [answer({ CloudCustomData: 'x'.repeat(12_001) }), 'bad_rewrite'],
};

for (const [what, [reply, verdict]] of Object.entries(REPLIES)) {
  test(`${what}: proceeds, or refuses with 80003 where the endpoint says so`, async () => {
    await using world = await startModerated(() => reply);
    assert.equal((await world.send()).MsgSeq, 1);
    await world.ask({ name: 'mod', onFailure: 'refuse' });
    const refused = await world.send();
    assert.equal(refused.ErrorCode, FAILED);
    assert.match(refused.ErrorInfo, new RegExp(`"mod".*${verdict}`));
    assert.deepEqual(await world.texts(), ['hi'], 'unchanged, and once');
    assert.deepEqual(verdicts(world), [verdict, verdict]);
  });
}

test('a refusal that echoes a secret of the endpoint is passed on without it', async () => {
  const echo: Script = ({ headers }) => answer({ ErrorCode: 1, ErrorInfo: `bad ${headers.authorization}` });
  await using world = await startModerated(echo, {
    endpoint: { headers: { Authorization: 'Bearer t0ken42' } },
  });
  assert.equal((await world.send()).ErrorInfo, 'bad ********');
});

test('a moderator that hangs costs its time-out and no more', async () => {
  await using world = await startModerated(() => 'hang');
  const { clock } = world.rest;
  const before = clock.now();
  const sent = await sendInVain(world);
  assert.deepEqual([sent.MsgSeq, sent.MsgTime], [1, Math.floor((before + 2_000) / 1000)]);
  await world.ask({ name: 'mod', onFailure: 'refuse', timeoutMs: 700 });
  assert.equal((await sendInVain(world, {}, 700)).ErrorCode, FAILED);
  assert.deepEqual(verdicts(world), ['timeout_headers', 'timeout_headers']);
});

test('a moderator that is not there', async () => {
  await using world = await startModerated(() => answer(), { endpoint: false });
  await world.ask({ name: 'mod', url: 'http://127.0.0.1:1/' });
  assert.equal((await world.send()).MsgSeq, 1);
  assert.deepEqual(verdicts(world), ['connection_refused']);
});

test('private addresses only where the endpoint allows them', async () => {
  await using world = await startModerated(() => answer({ ErrorCode: 1 }), {
    endpoint: { allowPrivateNetwork: false, onFailure: 'refuse' },
  });
  assert.equal((await world.send()).ErrorCode, FAILED);
  assert.deepEqual(verdicts(world), ['blocked_address']);
  assert.deepEqual(world.moderator.requests, []);
});

test('a slow moderator holds up its own message and no other', async () => {
  const slow = gate();
  await using world = await startModerated(({ body }) =>
    body.includes('slow') ? { ...answer(), until: slow.opened } : answer(),
  );
  const waiting = world.send({ MsgBody: text('slow') });
  await world.moderator.waitFor(1);
  assert.equal((await world.send({ MsgBody: text('quick') })).MsgSeq, 1);
  await world.rest.call('create_group', { Type: 'Public', GroupId: 'free', Name: 'n' });
  assert.equal((await world.send({ GroupId: 'free' })).MsgSeq, 1);
  slow.open();
  assert.equal((await waiting).MsgSeq, 2);
  assert.deepEqual(await world.texts(), ['quick', 'slow'], 'the order of a group is that of the commits');
});

test('no more questions at a time than the endpoint takes; the others wait within their time-out', async () => {
  const held = gate();
  await using world = await startModerated(() => ({ ...answer(), until: held.opened }), {
    endpoint: { concurrency: 2, breaker: { failures: 1 } },
  });
  const sends = [world.send(), world.send(), world.send()];
  await world.moderator.waitFor(2);
  held.open();
  await Promise.all(sends);
  assert.equal(world.moderator.maxConcurrent(), 2);
  assert.deepEqual(verdicts(world), ['allowed', 'allowed', 'allowed']);
});

const BREAKER = { breaker: { failures: 2, probeEveryMs: 5_000 } };

async function opened(options: ModeratedOptions = {}): Promise<Moderated> {
  const world = await startModerated(() => ({ status: 503 }), {
    ...options,
    endpoint: { ...BREAKER, ...options.endpoint },
  });
  await world.send();
  await world.send();
  return world;
}

const breakerOf = (world: Moderated) => world.rest.beforeWebhook.states()[0]?.breaker;

test('so many failures in a row open the breaker, and then the policy applies at once', async () => {
  await using world = await opened();
  assert.equal(breakerOf(world), 'open');
  assert.equal((await world.send()).MsgSeq, 3);
  assert.equal(world.moderator.requests.length, 2, 'nothing was asked');
  assert.deepEqual(verdicts(world), ['http_status', 'http_status', 'breaker_open']);
  assert.match(
    await world.rest.metrics.render(),
    new RegExp(`confab_before_webhook_breaker_state\\{app="${APP.sdkAppId}",endpoint="mod"\\} 2`),
  );
});

test('while the breaker is open a refusing endpoint refuses', async () => {
  await using world = await opened({ endpoint: { ...BREAKER, onFailure: 'refuse' } });
  const refused = await world.send();
  assert.deepEqual([refused.ErrorCode, world.moderator.requests.length], [FAILED, 2]);
  assert.match(refused.ErrorInfo, /breaker_open/);
});

test('then one question at a time is the probe, and an answer closes it', async () => {
  await using world = await opened();
  const { clock } = world.rest;
  clock.advance(4_999);
  await world.send();
  assert.equal(world.moderator.requests.length, 2);
  clock.advance(1);
  world.moderator.reply(() => 'hang');
  const probe = world.send();
  await world.moderator.waitFor(3);
  assert.equal(breakerOf(world), 'probing');
  assert.equal((await world.send()).ErrorCode, 0, 'the others do not wait for it');
  assert.equal(world.moderator.requests.length, 3);
  clock.advance(2_000);
  assert.equal((await probe).ErrorCode, 0);
  assert.equal(breakerOf(world), 'open');

  clock.advance(5_000);
  world.moderator.reply(() => answer({ ErrorCode: 1 }));
  assert.equal((await world.send()).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
  assert.equal(breakerOf(world), 'closed');
  assert.equal((await world.send()).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
});

test('rewrites that break a rule open no breaker: a sender could bring them about', async () => {
  await using world = await startModerated(() => answer({ MsgBody: text('x'.repeat(12_001)) }), {
    endpoint: BREAKER,
  });
  for (let i = 0; i < 4; i += 1) await world.send();
  assert.deepEqual(verdicts(world), Array(4).fill('bad_rewrite'));
  assert.equal(breakerOf(world), 'closed');
});

/** A message as the service hands it to the port. */
const MESSAGE: PendingMessageFacts = {
  groupId: 'g',
  groupType: 'Public',
  sender: 'u1',
  operator: 'u1',
  random: 1,
  eventTime: 1_735_689_600_000,
  onlineOnly: false,
  msgBodyJson: JSON.stringify(text('hi')),
  serverMsgID: 's',
  clientMsgID: 'c',
  operationID: 'op',
  senderNickname: '',
  senderFaceUrl: '',
  clientIp: '203.0.113.7',
  platform: 'RESTAPI',
};

test('questions that found no connection say nothing about the endpoint', async () => {
  await using world = await startModerated(() => 'hang', {
    endpoint: { concurrency: 1, breaker: { failures: 2 } },
  });
  const asking = Array.from({ length: 6 }, () => world.rest.beforeWebhook.ask(APP.sdkAppId, MESSAGE));
  await world.moderator.waitFor(1);
  world.rest.clock.advance(2_000);
  assert.deepEqual(await Promise.all(asking), Array(6).fill({ kind: 'allowed' }));
  assert.deepEqual(verdicts(world).toSorted(), [...Array(5).fill('timeout_connect'), 'timeout_headers']);
  assert.equal(breakerOf(world), 'closed');
});

test('beyond 4,096 waiting questions the policy applies at once', async () => {
  await using world = await startModerated(() => 'hang', { endpoint: { concurrency: 1 } });
  const { beforeWebhook, clock } = world.rest;
  const asking = Array.from({ length: 4_097 }, () => beforeWebhook.ask(APP.sdkAppId, MESSAGE));
  assert.deepEqual(await beforeWebhook.ask(APP.sdkAppId, MESSAGE), { kind: 'allowed' });
  assert.deepEqual(verdicts(world), ['too_many_waiting']);
  await world.moderator.waitFor(1);
  clock.advance(2_000);
  await Promise.all(asking);
  assert.equal(beforeWebhook.states()[0]?.inFlight, 0);
});

test('a paused endpoint is not asked; what is asked while it changes ends as it began', async () => {
  const held = gate();
  await using world = await startModerated(() => ({ ...answer({ ErrorCode: 1 }), until: held.opened }));
  const waiting = world.send();
  await world.moderator.waitFor(1);
  const pause = { app: APP.sdkAppId, now: world.rest.clock.now(), name: 'mod', paused: true };
  await world.rest.store.commit({ ...pause, type: 'setEndpointPaused' });
  await world.rest.beforeWebhook.reload();
  assert.equal((await world.send()).MsgSeq, 1);
  held.open();
  assert.equal((await waiting).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
  assert.deepEqual(world.rest.beforeWebhook.states(), []);
});

test('a message that is being asked about when the server ends is refused, whatever the policy', async () => {
  await using world = await startModerated(() => 'hang');
  const waiting = world.send();
  await world.moderator.waitFor(1);
  await world.rest.beforeWebhook.close();
  const refused = await waiting;
  assert.equal(refused.ErrorCode, FAILED);
  assert.match(refused.ErrorInfo, /stopping/);
  assert.equal((await world.send()).ErrorCode, FAILED, 'nothing is sent unasked afterwards');
  assert.deepEqual(await world.texts(), []);
});
