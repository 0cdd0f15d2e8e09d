import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTencentSign, ERRORS, parseTencentUrl } from '@confab-im/protocol';
import { answer, type Moderated, questionOf, startModerated, text } from '../support/moderated.ts';
import { APP, OTHER_APP } from '../support/rest-harness.ts';

/** The log lines of verdicts. */
function lines(world: Moderated): Record<string, unknown>[] {
  const all = world.rest.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  return all.filter(({ verdict }) => verdict !== undefined);
}

test('an allowed message is sent as it is; the question has the documented form', async () => {
  await using world = await startModerated(() => answer(), {
    endpoint: { authToken: 'orchid', headers: { 'x-team': 'chat' } },
  });
  const sent = await world.send({ Random: 4_294_967_295, CloudCustomData: 'c', From_Account: 'u2' });
  const MsgTime = Math.floor(world.rest.clock.now() / 1000);
  assert.deepEqual(sent, { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, MsgTime, MsgSeq: 1 });

  const [request] = await world.moderator.waitFor(1);
  assert.ok(request);
  assert.deepEqual(JSON.parse(request.body), {
    CallbackCommand: 'Group.CallbackBeforeSendMsg',
    CloudCustomData: 'c',
    EventTime: world.rest.clock.now(),
    From_Account: 'u2',
    GroupId: 'g',
    MsgBody: text('hi'),
    OnlineOnlyFlag: 0,
    Operator_Account: 'administrator',
    Random: 4_294_967_295,
    Type: 'Public',
  });
  const url = parseTencentUrl(request.url);
  assert.deepEqual(
    [url.sdkAppId, url.command, url.platform],
    [APP.sdkAppId, 'Group.CallbackBeforeSendMsg', 'RESTAPI'],
  );
  const { sign, requestTime } = url;
  assert.equal(await checkTencentSign({ token: 'orchid', sign, requestTime, now: MsgTime }), 'ok');
  const { headers } = request;
  assert.deepEqual([headers['content-type'], headers['x-team']], ['application/json', 'chat']);
  assert.match(String(headers['webhook-id']), /^before-send-r\d+$/);
  assert.deepEqual(await world.texts(), ['hi']);
});

test('1 refuses with 10016, and nothing is stored or told', async () => {
  await using world = await startModerated(() => answer({ ErrorCode: 1 }));
  const refused = await world.send();
  assert.deepEqual([refused.ActionStatus, refused.ErrorCode], ['FAIL', ERRORS.REFUSED_BY_WEBHOOK.code]);
  assert.match(refused.ErrorInfo, /"mod"/);
  world.moderator.reply(() => answer({ ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: 'not nice' }));
  assert.equal((await world.send()).ErrorInfo, 'not nice');
  assert.deepEqual([await world.texts(), await world.told()], [[], []]);
});

test('10100 to 10200 reach the caller with their text', async () => {
  await using world = await startModerated(() => answer({ ErrorCode: 10142, ErrorInfo: 'quiet hours' }));
  const refused = await world.send();
  assert.deepEqual(refused, { ActionStatus: 'FAIL', ErrorCode: 10142, ErrorInfo: 'quiet hours' });
  assert.deepEqual(await world.texts(), []);
  const [line] = lines(world);
  assert.deepEqual([line?.verdict, line?.ownCode], ['refused', 10142]);
  assert.doesNotMatch(JSON.stringify(line), /quiet hours/);
});

test('2 drops in silence: the caller sees success with number 0', async () => {
  await using world = await startModerated(({ index }) => answer({ ErrorCode: index === 0 ? 2 : 0 }));
  const MsgTime = Math.floor(world.rest.clock.now() / 1000);
  const dropped = await world.send({ MsgBody: text('spam') });
  assert.deepEqual(dropped, { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, MsgTime, MsgSeq: 0 });
  assert.equal((await world.send()).MsgSeq, 1, 'no number is used up');
  assert.deepEqual(await world.texts(), ['hi']);
  assert.equal((await world.told()).length, 1);
});

test('a rewritten message is what is stored and told', async () => {
  await using world = await startModerated(() =>
    answer({ MsgBody: text('good m*****g'), CloudCustomData: 'checked' }),
  );
  assert.equal((await world.send({ MsgBody: text('good morning'), CloudCustomData: 'c' })).MsgSeq, 1);
  assert.deepEqual(await world.texts(), ['good m*****g']);
  const [message] = await world.told();
  assert.deepEqual(JSON.parse(message?.msgBodyJson ?? ''), text('good m*****g'));
  assert.equal(message?.cloudCustomData, 'checked');
  assert.deepEqual(
    lines(world).map(({ verdict }) => verdict),
    ['rewritten'],
  );
});

test('an answer that repeats the message is no rewrite', async () => {
  await using world = await startModerated(({ body }) => answer({ MsgBody: JSON.parse(body).MsgBody }));
  await world.send();
  assert.deepEqual(
    lines(world).map(({ verdict }) => verdict),
    ['allowed'],
  );
});

test('a repeated message is not asked about again, rewritten or not', async () => {
  await using world = await startModerated(({ index }) =>
    index === 0 ? answer() : answer({ MsgBody: text(`masked ${index}`) }),
  );
  for (const Random of [71, 72]) {
    const first = await world.send({ Random });
    assert.equal(first.ErrorCode, 0);
    assert.deepEqual(await world.send({ Random }), first);
  }
  assert.equal(world.moderator.requests.length, 2);
  assert.deepEqual(await world.texts(), ['hi', 'masked 1']);
});

test('repetitions that are asked about side by side are stored once', async () => {
  await using world = await startModerated(({ index }) => answer({ MsgBody: text(`masked ${index}`) }));
  const [one, two] = await Promise.all([world.send({ Random: 5 }), world.send({ Random: 5 })]);
  assert.deepEqual(one, two);
  assert.equal((await world.texts()).length, 1);
});

test('a message that was dropped or refused is asked about again when it is repeated', async () => {
  await using world = await startModerated(({ index }) => answer({ ErrorCode: [2, 1, 0][index] ?? 0 }));
  const codes = [];
  for (let i = 0; i < 3; i += 1) codes.push((await world.send({ Random: 9 })).ErrorCode);
  assert.deepEqual(codes, [0, ERRORS.REFUSED_BY_WEBHOOK.code, 0]);
  assert.equal(world.moderator.requests.length, 3);
  assert.deepEqual(await world.texts(), ['hi']);
});

test('what the rules refuse is never asked about', async () => {
  await using world = await startModerated(() => answer());
  await world.rest.call('forbid_send_msg', { GroupId: 'g', Members_Account: ['u2'], MuteTime: 60 });
  const refused = [
    await world.send({ From_Account: 'u2' }),
    await world.send({ From_Account: 'ghost' }),
    await world.send({ MsgBody: [] }),
    await world.send({ MsgBody: text('x'.repeat(12_001)) }),
    await world.send({ To_Account: ['ghost'] }),
  ];
  assert.deepEqual(
    refused.map(({ ErrorCode }) => ErrorCode),
    [
      ERRORS.MUTED,
      ERRORS.ACCOUNT_NOT_FOUND,
      ERRORS.INVALID_PARAMETERS,
      ERRORS.BODY_TOO_LONG,
      ERRORS.INVALID_PARAMETERS,
    ].map(({ code }) => code),
  );
  assert.deepEqual(world.moderator.requests, []);
});

test('the rules hold again at the commit', async () => {
  await using world = await startModerated(() => answer());
  world.moderator.reply(() => ({
    ...answer(),
    until: world.rest.call('forbid_send_msg', { GroupId: 'g', Members_Account: ['u2'], MuteTime: 60 }),
  }));
  assert.equal((await world.send({ From_Account: 'u2' })).ErrorCode, ERRORS.MUTED.code);
  assert.deepEqual(await world.texts(), []);
});

test('ForbidBeforeSendMsgCallback asks nobody; the other value changes nothing here', async () => {
  await using world = await startModerated(() => answer({ ErrorCode: 1 }));
  const forbidden = await world.send({ ForbidCallbackControl: ['ForbidBeforeSendMsgCallback'] });
  assert.equal(forbidden.MsgSeq, 1);
  assert.equal(world.moderator.requests.length, 0);
  assert.equal((await world.told()).length, 1);
  const after = await world.send({ ForbidCallbackControl: ['ForbidAfterSendMsgCallback'] });
  assert.equal(after.ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
});

test('only the app and the groups of the endpoint are asked about', async () => {
  await using world = await startModerated(() => answer({ ErrorCode: 1 }), { endpoint: { groups: ['g'] } });
  for (const app of [APP, OTHER_APP]) {
    await world.rest.call('create_group', { Type: 'Public', GroupId: 'other', Name: 'n' }, app);
    const body = { GroupId: 'other', Random: 1, MsgBody: text('x') };
    assert.equal((await world.rest.call('send_group_msg', body, app)).MsgSeq, 1);
  }
  assert.deepEqual(world.moderator.requests, []);
  assert.equal((await world.send()).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code);
});

test('every type of group is asked about; an AVChatRoom is never online-only on the wire', async () => {
  await using world = await startModerated(() => answer());
  for (const Type of ['Work', 'Meeting', 'AVChatRoom', 'Community']) {
    const { GroupId } = await world.rest.call('create_group', { Type, Name: 'n', Owner_Account: 'u1' });
    assert.equal((await world.send({ GroupId, OnlineOnlyFlag: 1 })).ErrorCode, 0);
  }
  assert.deepEqual(
    world.moderator.requests.map((request) => {
      const { body } = questionOf(request);
      return [body.Type, body.OnlineOnlyFlag];
    }),
    [
      ['Private', 1],
      ['ChatRoom', 1],
      ['AVChatRoom', 0],
      ['Community', 1],
    ],
  );
});

test('verdicts are counted', async () => {
  await using world = await startModerated(({ index }) => answer({ ErrorCode: [0, 1, 2][index] ?? 0 }));
  for (let i = 0; i < 4; i += 1) await world.send();
  const page = await world.rest.metrics.render();
  for (const [verdict, count] of [
    ['allowed', 2],
    ['refused', 1],
    ['dropped', 1],
  ]) {
    const labels = `app="${APP.sdkAppId}",endpoint="mod",verdict="${verdict}"`;
    assert.ok(page.includes(`confab_before_webhook_verdicts_total{${labels}} ${count}\n`), String(verdict));
  }
  assert.match(page, /confab_before_webhook_duration_seconds_count\{[^}]*\} 4\n/);
  assert.deepEqual(world.rest.beforeWebhook.states(), [
    {
      app: APP.sdkAppId,
      endpoint: 'mod',
      breaker: 'closed',
      inFlight: 0,
      verdicts: { allowed: 2, refused: 1, dropped: 1 },
    },
  ]);
});
