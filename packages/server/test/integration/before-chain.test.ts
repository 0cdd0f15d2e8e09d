import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, OPENIM_OK } from '@confab-im/protocol';
import { answer, type Moderated, questionOf, startModerated, text } from '../support/moderated.ts';
import { gate, type RecordedRequest, type Reply } from '../support/scripted-receiver.ts';

const SEND = 'callbackBeforeSendGroupMsgCommand';
const MODIFY = 'callbackBeforeMsgModifyCommand';

/** Each endpoint adds its name to the text. */
function signing(request: RecordedRequest): Reply {
  const { endpoint, body } = questionOf(request);
  return answer({ MsgBody: text(`${body.MsgBody[0].MsgContent.Text} ${endpoint}`) });
}

const asked = (world: Moderated) => world.moderator.requests.map((request) => questionOf(request).endpoint);

test('endpoints of the file come first and in its order, then the others as they were made', async () => {
  await using world = await startModerated(signing, { endpoint: false, fileOrder: ['first', 'second'] });
  for (const name of ['made1', 'second', 'made2', 'first']) await world.ask({ name });
  await world.send();
  assert.deepEqual(asked(world), ['first', 'second', 'made1', 'made2']);
  assert.deepEqual(await world.texts(), ['hi first second made1 made2']);
  const [message] = await world.told();
  assert.deepEqual(JSON.parse(message?.msgBodyJson ?? ''), text('hi first second made1 made2'));
});

for (const [what, code, errorCode] of [
  ['a refusal', 1, ERRORS.REFUSED_BY_WEBHOOK.code],
  ['a drop', 2, 0],
] as const) {
  test(`${what} ends the chain`, async () => {
    await using world = await startModerated(
      (request) => (questionOf(request).endpoint === 'b' ? answer({ ErrorCode: code }) : signing(request)),
      { endpoint: false },
    );
    for (const name of ['a', 'b', 'c']) await world.ask({ name });
    assert.equal((await world.send()).ErrorCode, errorCode);
    assert.deepEqual(asked(world), ['a', 'b']);
    assert.deepEqual(await world.texts(), []);
  });
}

test('one that fails and proceeds hands on what it was given', async () => {
  await using world = await startModerated(
    (request) => (questionOf(request).endpoint === 'b' ? { status: 500 } : signing(request)),
    { endpoint: false },
  );
  for (const name of ['a', 'b', 'c']) await world.ask({ name });
  await world.send();
  assert.deepEqual(await world.texts(), ['hi a c']);
});

test('each has a breaker of its own', async () => {
  await using world = await startModerated(
    (request) => (questionOf(request).endpoint === 'a' ? { status: 500 } : signing(request)),
    { endpoint: false },
  );
  for (const name of ['a', 'b']) await world.ask({ name, breaker: { failures: 1 } });
  await world.send();
  await world.send();
  assert.deepEqual(asked(world), ['a', 'b', 'b']);
  assert.deepEqual(
    world.rest.beforeWebhook.states().map(({ endpoint, breaker }) => [endpoint, breaker]),
    [
      ['a', 'open'],
      ['b', 'closed'],
    ],
  );
});

const openIm = (fields: object): Reply => ({ body: JSON.stringify(fields) });
const OPENIM = { dialect: 'openim', events: [SEND, MODIFY] };
const commands = (world: Moderated) =>
  world.moderator.requests.map(({ url }) => /callback[A-Za-z]+/.exec(url)?.[0]);

test('OpenIM: before sending, then the modify step, in the documented form', async () => {
  await using world = await startModerated(
    ({ url }) => openIm(url.includes(MODIFY) ? { content: '{"content":"m*sked"}', ex: 'checked' } : {}),
    { endpoint: OPENIM },
  );
  await world.rest.call('im_open_login_svc/account_import', { UserID: 'u2', Nick: 'Zwei' });
  assert.equal((await world.send({ From_Account: 'u2', CloudCustomData: 'c' })).MsgSeq, 1);
  assert.deepEqual(commands(world), [SEND, MODIFY]);
  assert.deepEqual(await world.texts(), ['m*sked']);
  assert.equal((await world.told())[0]?.cloudCustomData, 'checked');

  const [send, modify] = world.moderator.requests;
  assert.ok(send && modify);
  assert.equal(send.url, `/mod/${SEND}`, 'no key before a message');
  assert.match(send.body, /\n$/);
  const { serverMsgID, clientMsgID, ...body } = JSON.parse(send.body);
  assert.match(serverMsgID, /^[0-9a-f]{32}$/);
  assert.match(clientMsgID, /^[0-9a-f]{32}$/);
  const now = world.rest.clock.now();
  const common = {
    sendID: 'u2',
    operationID: String(send.headers.operationid),
    senderPlatformID: 0,
    senderNickname: 'Zwei',
    sessionType: 3,
    msgFrom: 200,
    contentType: 101,
    status: 0,
    sendTime: now,
    createTime: now,
    content: '{"content":"hi"}',
    seq: 0,
    atUserList: null,
    faceURL: '',
    ex: 'c',
  };
  assert.deepEqual(body, { ...common, callbackCommand: SEND, groupID: 'g' });
  const step = { ...common, callbackCommand: MODIFY, serverMsgID, clientMsgID };
  assert.deepEqual(JSON.parse(modify.body), step);
  assert.notEqual(send.headers['webhook-id'], modify.headers['webhook-id']);
});

test('OpenIM: a repetition carries the same clientMsgID', async () => {
  await using world = await startModerated(() => openIm({ nextCode: 1 }), { endpoint: OPENIM });
  for (let i = 0; i < 2; i += 1) await world.send({ Random: 5 });
  const [first, second] = world.moderator.requests.map(({ body }) => JSON.parse(body));
  assert.equal(first.clientMsgID, second.clientMsgID);
  assert.notEqual(first.serverMsgID, second.serverMsgID);
});

test('OpenIM: only actionCode 0 with nextCode 1 refuses; its codes become text, Tencent’s range is passed on', async () => {
  const answers = [
    { actionCode: 1, nextCode: 1 },
    { nextCode: 1, errCode: 5001, errMsg: 'quiet' },
    { nextCode: 1, errCode: 10142, errMsg: 'hours' },
    { nextCode: 1 },
  ];
  await using world = await startModerated(({ index }) => openIm(answers[index] ?? {}), {
    endpoint: { dialect: 'openim', events: [SEND] },
  });
  const told = [];
  for (const _ of answers) {
    const { ErrorCode, ErrorInfo } = await world.send();
    told.push([ErrorCode, ErrorInfo]);
  }
  const refused = ERRORS.REFUSED_BY_WEBHOOK.code;
  assert.deepEqual(told, [
    [0, ''],
    [refused, 'quiet (errCode 5001)'],
    [10142, 'hours'],
    [refused, 'endpoint "mod" refused the message before it was sent'],
  ]);
});

test('OpenIM: a refusal before sending spares the modify step, which may refuse too', async () => {
  await using world = await startModerated(({ index }) => openIm({ nextCode: index === 1 ? 0 : 1 }), {
    endpoint: OPENIM,
  });
  for (let i = 0; i < 2; i += 1) {
    assert.equal((await world.send()).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
  }
  assert.deepEqual(commands(world), [SEND, SEND, MODIFY]);
});

test('OpenIM: a failed question before sending spares the modify step, so that a dead endpoint costs one time-out', async () => {
  await using world = await startModerated(() => 'hang', { endpoint: OPENIM });
  const sending = world.send();
  await world.moderator.waitFor(1);
  world.rest.clock.advance(5_000);
  assert.equal((await sending).MsgSeq, 1);
  assert.deepEqual(commands(world), [SEND]);
});

test('OpenIM: an endpoint that is changed between its two questions is asked both as it was', async () => {
  const held = gate();
  await using world = await startModerated(
    ({ url }) => ({ body: OPENIM_OK, ...(url.includes(SEND) && { until: held.opened }) }),
    {
      endpoint: OPENIM,
    },
  );
  const sending = world.send();
  await world.moderator.waitFor(1);
  await world.ask({ name: 'mod', ...OPENIM, onFailure: 'refuse' });
  held.open();
  assert.equal((await sending).MsgSeq, 1);
  assert.deepEqual(commands(world), [SEND, MODIFY]);
});

test('OpenIM: what the modify step replaces, and what it may not', async () => {
  const sent = { From_Account: 'u1', GroupAtInfo: [{ GroupAtAllFlag: 0, GroupAt_Account: 'u2' }] };
  const cases: readonly [fields: object, told: { at?: unknown; verdict: string }][] = [
    [{ atUserIDList: ['AtAllTag'] }, { at: [{ all: true }], verdict: 'rewritten' }],
    [{ atUserIDList: [] }, { at: undefined, verdict: 'rewritten' }],
    [
      { groupID: 'elsewhere', sendID: 'u2' },
      { at: [{ all: false, userId: 'u2' }], verdict: 'allowed' },
    ],
    [{ content: 'plain' }, { at: [{ all: false, userId: 'u2' }], verdict: 'malformed_answer' }],
    [{ atUserIDList: Array(31).fill('u2') }, { at: [{ all: false, userId: 'u2' }], verdict: 'bad_rewrite' }],
  ];
  await using world = await startModerated(({ index }) => openIm(cases[index]?.[0] ?? {}), {
    endpoint: { dialect: 'openim', events: [MODIFY] },
  });
  for (const _ of cases) assert.equal((await world.send(sent)).ErrorCode, 0);
  assert.deepEqual(
    (await world.told()).map(({ at, sender, groupId }) => [at, sender, groupId]),
    cases.map(([, { at }]) => [at, 'u1', 'g']),
  );
  const lines = world.rest.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.flatMap(({ verdict }) => verdict ?? []),
    cases.map(([, { verdict }]) => verdict),
  );
});

test('OpenIM: @all where the group has none is no rewrite', async () => {
  await using world = await startModerated(() => openIm({ atUserIDList: ['AtAllTag'] }), {
    endpoint: { dialect: 'openim', events: [MODIFY], onFailure: 'refuse' },
  });
  await world.rest.call('create_group', { Type: 'AVChatRoom', GroupId: 'live', Name: 'n' });
  assert.equal((await world.send({ GroupId: 'live' })).ErrorCode, ERRORS.BEFORE_WEBHOOK_FAILED.code);
});

test('both dialects in one chain', async () => {
  await using world = await startModerated(
    (request) => (request.url.startsWith('/open') ? { body: OPENIM_OK } : signing(request)),
    { endpoint: false },
  );
  await world.ask({ name: 'tencent' });
  await world.ask({ name: 'open', ...OPENIM });
  await world.send();
  assert.deepEqual(asked(world), ['tencent', 'open', 'open']);
  assert.equal(JSON.parse(world.moderator.requests[1]?.body ?? '').content, '{"content":"hi tencent"}');
  assert.deepEqual(await world.texts(), ['hi tencent']);
});
