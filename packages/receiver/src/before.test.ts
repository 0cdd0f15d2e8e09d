import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildOpenImUrl,
  encodeOpenImBeforeChange,
  encodeOpenImBeforeModify,
  encodeOpenImBeforeSend,
  encodeTencentBeforeChange,
  encodeTencentBeforeSend,
  OPENIM_BEFORE_MODIFY,
  OPENIM_BEFORE_SEND_GROUP,
  OPENIM_OK,
  type PendingChange,
  readOpenImBeforeAnswer,
  readOpenImModifyAnswer,
  readTencentBeforeAnswer,
  readTencentChangeAnswer,
  TENCENT_BEFORE_CHANGES,
  TENCENT_BEFORE_SEND,
  TENCENT_OK,
} from '@confab-im/protocol';
import { ManualClock } from '../test/support/manual-clock.ts';
import { APP, bytes, facts, tencentUrl } from '../test/support/requests.ts';
import { type BeforeHandlers, drop, refuse, rewrite, without } from './before.ts';
import { createReceiver, type PlainRequest, type ReceiverOptions } from './handler.ts';
import type { Outcome } from './outcome.ts';

const TEXT = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'good evening' } }];
const INVITE: PendingChange = {
  ...{ groupId: '@TGS#2QW7H5K3M', groupType: 'Public', eventTime: 1_735_689_110_000 },
  ...{ clientIp: '203.0.113.7', platform: 'RESTAPI', operationID: 'op-1' },
  ...{ kind: 'group.before-invite', operator: 'alice', members: ['carla', 'dmitri'] },
};

const post = (url: string, body: string, headers = {}): PlainRequest => ({
  ...{ method: 'POST', url, headers, body: bytes(body) },
});
const message = (headers = {}) =>
  post(tencentUrl({ command: TENCENT_BEFORE_SEND }), encodeTencentBeforeSend(facts(), 'G5'), headers);
const invitation = () => {
  const url = tencentUrl({ command: TENCENT_BEFORE_CHANGES['group.before-invite'] });
  return post(url, encodeTencentBeforeChange(INVITE, 'G5'));
};
const openImMessage = () =>
  post(
    buildOpenImUrl('/im', OPENIM_BEFORE_SEND_GROUP, facts(), 'main'),
    encodeOpenImBeforeSend(facts(), 'main'),
  );
const openImModify = (over = {}) => {
  const body = { ...JSON.parse(encodeOpenImBeforeModify(facts())), ...over };
  return post(buildOpenImUrl('/im', OPENIM_BEFORE_MODIFY, facts(), 'main'), JSON.stringify(body));
};
const openImInvitation = () => {
  const { command, body } = encodeOpenImBeforeChange(INVITE) ?? { command: '', body: '' };
  return post(buildOpenImUrl('/im', command, facts(), 'main'), body);
};

function receiverWith(before: BeforeHandlers, extra: Partial<ReceiverOptions> = {}) {
  const outcomes: Outcome[] = [];
  const clock = new ManualClock();
  const observe = (outcome: Outcome) => void outcomes.push(outcome);
  return {
    ...{ outcomes, clock },
    receiver: createReceiver({ sdkAppId: APP, on: {}, before, clock, observe, ...extra }),
  };
}

/** Status and body of the answer, and what was observed. */
async function answerTo(request: PlainRequest, before: BeforeHandlers, extra: Partial<ReceiverOptions> = {}) {
  const { receiver, outcomes } = receiverWith(before, extra);
  const { status, body } = await receiver.handle(request);
  return { status, body, outcome: outcomes[0], kinds: outcomes.map(({ kind }) => kind) };
}

test('Tencent: a message may pass, and be refused, dropped or changed', async () => {
  const decided = async (decision: ReturnType<typeof drop | typeof refuse | typeof rewrite> | undefined) => {
    const { status, body, outcome } = await answerTo(message(), {
      'group.message.before-send': async ({ groupId, sender, random }, delivery) => {
        assert.deepEqual([groupId, sender, random], ['@TGS#2QW7H5K3M', 'alice', 3_127_745_021]);
        assert.deepEqual([delivery.command, delivery.clientIp], [TENCENT_BEFORE_SEND, '203.0.113.7']);
        return decision;
      },
    });
    assert.equal(status, 200);
    assert.ok(outcome?.kind === 'decided' && outcome.answer === body);
    assert.deepEqual(outcome.decision, decision);
    return readTencentBeforeAnswer(body);
  };
  assert.deepEqual(await decided(undefined), { kind: 'allow', rewrite: {} });
  assert.deepEqual(await decided(refuse('no')), { kind: 'refuse', errorCode: 1, errorInfo: 'no' });
  assert.deepEqual(await decided(refuse('no', 10_123)), {
    kind: 'refuse',
    errorCode: 10_123,
    errorInfo: 'no',
  });
  assert.deepEqual(await decided(drop()), { kind: 'drop' });
  assert.deepEqual(await decided(rewrite({ msgBody: TEXT, cloudCustomData: 'x' })), {
    kind: 'allow',
    rewrite: { msgBody: TEXT, cloudCustomData: 'x' },
  });
});

test('Tencent: of those who are invited some may be left out', async () => {
  const before: BeforeHandlers = {
    'group.before-invite': ({ members, operator }) => {
      assert.deepEqual([members, operator], [['carla', 'dmitri'], 'alice']);
      return without(['dmitri']);
    },
  };
  const { body } = await answerTo(invitation(), before);
  assert.deepEqual(readTencentChangeAnswer(body), { kind: 'allow', refusedMembers: ['dmitri'] });
});

test('OpenIM: refused before sending, changed at the modify step', async () => {
  const first = await answerTo(openImMessage(), { 'group.message.before-send': () => refuse('no', 5_001) });
  assert.deepEqual(readOpenImBeforeAnswer(first.body), { kind: 'refuse', errorCode: 5_001, errorInfo: 'no' });
  const second = await answerTo(openImModify(), {
    'group.message.before-modify': ({ sender }) =>
      rewrite({ msgBody: TEXT, at: [{ all: false, userId: sender }] }),
  });
  const sent = { contentType: 101, content: '{"content":"good morning"}' };
  const read = readOpenImModifyAnswer(second.body, sent);
  assert.ok(read.kind === 'allow');
  assert.deepEqual(read.rewrite.at, [{ all: false, userId: 'alice' }]);
  assert.deepEqual(read.rewrite.msgBody, TEXT);
  assert.equal((await answerTo(openImInvitation(), { 'group.before-invite': () => {} })).body, OPENIM_OK);
});

const failures: readonly (readonly [title: string, PlainRequest, BeforeHandlers])[] = [
  ['a code that the webhook does not know', message(), { 'group.message.before-send': () => refuse('', 7) }],
  [
    'elements that no server would send',
    message(),
    { 'group.message.before-send': () => rewrite({ msgBody: [{ MsgType: 'Mine', MsgContent: {} }] }) },
  ],
  [
    'mentions where they cannot be changed',
    message(),
    { 'group.message.before-send': () => rewrite({ at: [{ all: true }] }) },
  ],
  ['a drop in OpenIM', openImMessage(), { 'group.message.before-send': () => drop() }],
  ['a change before the modify step', openImMessage(), { 'group.message.before-send': () => rewrite({}) }],
  ['single users in OpenIM', openImInvitation(), { 'group.before-invite': () => without(['carla']) }],
  [
    'what is no decision',
    message(),
    { 'group.message.before-send': (() => false) as unknown as () => undefined },
  ],
  [
    'a decision about something else',
    invitation(),
    { 'group.before-invite': (() => drop()) as unknown as () => undefined },
  ],
  [
    'an error',
    message(),
    { 'group.message.before-send': () => Promise.reject<undefined>(new Error('the password is hunter2')) },
  ],
];
for (const [title, request, before] of failures) {
  test(`no answer can be made of ${title}: 500, and the sender decides`, async () => {
    const { status, body, kinds } = await answerTo(request, before);
    assert.deepEqual([status, kinds], [500, ['failed']]);
    assert.doesNotMatch(body, /hunter2/);
  });
}

test('a question that nobody decides is answered "go on", and onOther gets it as it came', async () => {
  const nobody = await answerTo(message(), {});
  assert.deepEqual([nobody.status, nobody.body, nobody.kinds], [200, TENCENT_OK, ['ignored']]);
  const got: unknown[] = [];
  const other = await answerTo(message(), {}, { onOther: ({ body }) => void got.push(body) });
  assert.deepEqual([other.body, other.kinds], [TENCENT_OK, ['handled']]);
  assert.deepEqual(got, [JSON.parse(encodeTencentBeforeSend(facts(), 'G5'))]);
});

test("OpenIM's modify step of a single chat is nobody's here", async () => {
  const before: BeforeHandlers = { 'group.message.before-modify': () => assert.fail('not a group') };
  const { body, kinds } = await answerTo(openImModify({ sessionType: 1 }), before);
  assert.deepEqual([body, kinds], [OPENIM_OK, ['ignored']]);
});

test('a question that comes twice is decided twice, and never acknowledged first', async () => {
  let asked = 0;
  const before: BeforeHandlers = {
    'group.message.before-send': () => (++asked === 1 ? undefined : refuse('no')),
  };
  const { receiver } = receiverWith(before, { acknowledge: 'first' });
  const answers = [];
  for (let i = 0; i < 2; i++) {
    const { body } = await receiver.handle(message({ 'webhook-id': 'before-send-op-7f21' }));
    answers.push(readTencentBeforeAnswer(body).kind);
  }
  assert.deepEqual(answers, ['allow', 'refuse']);
});

test('an answer that is due is given without a decision', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { receiver, clock, outcomes } = receiverWith({ 'group.message.before-send': () => promise });
  const answer = receiver.handle(message());
  await new Promise((next) => setImmediate(next));
  clock.advance(1_800);
  assert.equal((await answer).status, 503);
  resolve(undefined);
  await receiver.drain();
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['late', 'decided'],
  );
});

test('a body that is no question is refused, a misspelt handler is an error', async () => {
  const url = tencentUrl({ command: TENCENT_BEFORE_SEND });
  const { status, outcome } = await answerTo(
    post(url, JSON.stringify({ CallbackCommand: TENCENT_BEFORE_SEND, GroupId: 'g' })),
    {},
  );
  assert.equal(status, 400);
  assert.ok(outcome?.kind === 'refused' && outcome.refused.code === 'bad-shape');
  const misspelt = { 'group.before-crate': () => refuse() };
  assert.throws(() => createReceiver({ sdkAppId: APP, on: {}, before: misspelt as BeforeHandlers }), /crate/);
});
