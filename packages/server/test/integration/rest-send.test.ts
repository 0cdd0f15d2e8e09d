import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ERRORS, type ErrorName } from '@confab-im/protocol';
import { type Answer, type Harness, startRest } from '../support/rest-harness.ts';

let rest: Harness;
const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
let random = 0;
const send = (body: object) =>
  rest.call('send_group_msg', { Random: ++random, MsgBody: text('hi'), ...body });

before(async () => {
  rest = await startRest();
  await rest.call('im_open_login_svc/multiaccount_import', { Accounts: ['u1', 'u2', 'muted', 'stranger'] });
  const MemberList = ['u2', 'muted'].map((Member_Account) => ({ Member_Account }));
  const create = (Type: string, GroupId: string, more: object) =>
    rest.call('create_group', { Type, GroupId, Name: 'n', Owner_Account: 'u1', ...more });
  await create('Public', 'g', { MemberList });
  await create('Meeting', 'meeting', { MemberList });
  await create('Community', '@TGS#_town', {});
  await create('AVChatRoom', 'live', {});
  await rest.call('forbid_send_msg', { GroupId: 'g', Members_Account: ['muted'], MuteTime: 60 });
});
after(() => rest[Symbol.asyncDispose]());

const at = (count: number) => Array(count).fill({ GroupAtAllFlag: 0, GroupAt_Account: 'u1' });
const REFUSED: readonly [what: string, body: object, error: ErrorName][] = [
  ['no group', { GroupId: undefined }, 'INVALID_PARAMETERS'],
  ['a group id that is a number', { GroupId: 1 }, 'INVALID_PARAMETERS'],
  ['a group id that is none', { GroupId: 'é' }, 'INVALID_GROUP_ID'],
  ['an unknown group', { GroupId: 'nope' }, 'GROUP_NOT_FOUND'],
  ['no Random', { Random: undefined }, 'INVALID_PARAMETERS'],
  ['a Random over 32 bits', { Random: 2 ** 32 }, 'INVALID_PARAMETERS'],
  ['a negative Random', { Random: -1 }, 'INVALID_PARAMETERS'],
  ['a Random as text', { Random: '1' }, 'INVALID_PARAMETERS'],
  ['no MsgBody', { MsgBody: null }, 'INVALID_PARAMETERS'],
  ['an empty MsgBody', { MsgBody: [] }, 'INVALID_PARAMETERS'],
  ['an unknown element', { MsgBody: [{ MsgType: 'TIMFooElem', MsgContent: {} }] }, 'INVALID_PARAMETERS'],
  ['an element without its content', { MsgBody: [{ MsgType: 'TIMTextElem' }] }, 'INVALID_PARAMETERS'],
  [
    'two custom elements',
    { MsgBody: Array(2).fill({ MsgType: 'TIMCustomElem', MsgContent: {} }) },
    'INVALID_PARAMETERS',
  ],
  ['an unknown sender', { From_Account: 'ghost' }, 'ACCOUNT_NOT_FOUND'],
  ['a sender that is no text', { From_Account: 7 }, 'INVALID_PARAMETERS'],
  ['a muted sender', { From_Account: 'muted' }, 'MUTED'],
  ['an unknown priority', { MsgPriority: 'high' }, 'INVALID_PARAMETERS'],
  ['an unknown SendMsgControl', { SendMsgControl: ['Nothing'] }, 'INVALID_PARAMETERS'],
  [
    'SendMsgControl with OnlineOnlyFlag',
    { SendMsgControl: ['NoLastMsg'], OnlineOnlyFlag: 1 },
    'INVALID_PARAMETERS',
  ],
  ['an unknown ForbidCallbackControl', { ForbidCallbackControl: ['All'] }, 'INVALID_PARAMETERS'],
  ['a malformed OfflinePushInfo', { OfflinePushInfo: { ApnsInfo: [] } }, 'OFFLINE_PUSH_INFO_INVALID'],
  ['CloudCustomData that is no text', { CloudCustomData: {} }, 'INVALID_PARAMETERS'],
  ['a mention of nobody', { GroupAtInfo: [{ GroupAtAllFlag: 0 }] }, 'INVALID_PARAMETERS'],
  ['31 mentions', { GroupAtInfo: at(31) }, 'TOO_MANY_MENTIONS'],
  ['51 targets', { To_Account: Array(51).fill('u2') }, 'INVALID_PARAMETERS'],
  ['a target that is no member', { To_Account: ['stranger'] }, 'INVALID_PARAMETERS'],
  ['targets in a Community', { GroupId: '@TGS#_town', To_Account: ['u1'] }, 'PERMISSION_DENIED'],
  ['targets in an AVChatRoom', { GroupId: 'live', To_Account: ['u1'] }, 'PERMISSION_DENIED'],
  ['@all in an AVChatRoom', { GroupId: 'live', GroupAtInfo: [{ GroupAtAllFlag: 1 }] }, 'INVALID_PARAMETERS'],
  ['NoUnread in an AVChatRoom', { GroupId: 'live', SendMsgControl: ['NoUnread'] }, 'INVALID_PARAMETERS'],
  ['NoUnread in a Meeting', { GroupId: 'meeting', SendMsgControl: ['NoUnread'] }, 'INVALID_PARAMETERS'],
  ['a topic of a group without', { TopicId: '@TGS#_town@TOPIC#_t' }, 'PERMISSION_DENIED'],
  ['a topic of a Community without', { GroupId: '@TGS#_town', TopicId: '@TGS#_town@TOPIC#_t' }, 'TOPICS_OFF'],
  ['a message over 12,000 bytes', { MsgBody: text('一'.repeat(4_000)) }, 'BODY_TOO_LONG'],
  ['custom data over 12,000 bytes', { CloudCustomData: 'x'.repeat(12_000) }, 'BODY_TOO_LONG'],
];

for (const [what, body, error] of REFUSED) {
  test(`refused: ${what} (${ERRORS[error].code})`, async () => {
    const before = await rest.store.groups(1400000001, ['g', 'live', 'meeting', '@TGS#_town']);
    const answer = await send({ GroupId: 'g', ...body });
    assert.deepEqual([answer.ActionStatus, answer.ErrorCode], ['FAIL', ERRORS[error].code], answer.ErrorInfo);
    assert.match(answer.ErrorInfo, /\S{3}/);
    assert.deepEqual(await rest.store.groups(1400000001, ['g', 'live', 'meeting', '@TGS#_town']), before);
  });
}

async function newGroup(Type: string): Promise<string> {
  const MemberList = Type === 'AVChatRoom' ? undefined : [{ Member_Account: 'u2' }];
  return String(
    (await rest.call('create_group', { Type, Name: 'n', Owner_Account: 'u1', MemberList })).GroupId,
  );
}

const seqs = (answers: readonly Answer[]) => answers.map((answer) => [answer.ErrorCode, answer.MsgSeq]);

test('numbers are dense; a repeated message gets the first answer, whoever it is for', async () => {
  const GroupId = await newGroup('Public');
  const MsgTime = Math.floor(rest.clock.now() / 1000);
  const first = await send({ GroupId, Random: 77 });
  assert.deepEqual(first, { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, MsgTime, MsgSeq: 1 });
  assert.deepEqual(await send({ GroupId, Random: 77 }), first);
  assert.deepEqual(
    seqs([
      await send({ GroupId, Random: 77, MsgBody: text('other content') }),
      await send({ GroupId, Random: 77, From_Account: 'u2' }),
      await send({ GroupId, Random: 78 }),
    ]),
    [
      [0, 2],
      [0, 3],
      [0, 4],
    ],
  );
});

test('every kind of message in its kind of group', async () => {
  const kinds: readonly [type: string, body: object, msgSeq: number][] = [
    ['Public', { From_Account: 'stranger' }, 1],
    ['Public', { OnlineOnlyFlag: 1 }, 0],
    ['Public', { MsgOnlineOnlyFlag: 1 }, 0],
    ['Public', { To_Account: ['u2'], GroupAtInfo: at(30) }, 1],
    [
      'Public',
      { SendMsgControl: ['NoUnread', 'NoLastMsg'], MsgPriority: 'High', SupportMessageExtension: 1 },
      1,
    ],
    ['Meeting', { GroupAtInfo: [{ GroupAtAllFlag: 1 }], IsNeedReadReceipt: 1 }, 1],
    ['AVChatRoom', { OnlineOnlyFlag: 1 }, 1],
    ['Work', { ForbidCallbackControl: ['ForbidBeforeSendMsgCallback'], OfflinePushInfo: { PushFlag: 0 } }, 1],
    ['Community', { GroupAtInfo: [{ GroupAtAllFlag: 1 }, { GroupAt_Account: 'u2' }] }, 1],
  ];
  for (const [type, body, msgSeq] of kinds) {
    const answer = await send({ GroupId: await newGroup(type), ...body });
    assert.deepEqual(
      [answer.ErrorCode, answer.MsgSeq],
      [0, msgSeq],
      `${type} ${JSON.stringify(body)}: ${answer.ErrorInfo}`,
    );
  }
});

test('history returns what was sent, newest first, and pages', async () => {
  const GroupId = await newGroup('Public');
  for (let i = 1; i <= 25; i++) {
    await send({
      GroupId,
      From_Account: 'u2',
      MsgPriority: 'High',
      Random: i,
      MsgBody: text(`m${i}`),
      CloudCustomData: `c${i}`,
    });
  }
  const page = async (body: object) => {
    const answer = await rest.call('group_msg_get_simple', { GroupId, ...body });
    const list = answer.RspMsgList as { MsgSeq: number }[];
    return { finished: answer.IsFinished, list, seqs: list.map(({ MsgSeq }) => MsgSeq) };
  };
  const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);
  const first = await page({ ReqMsgNumber: 20, ReqMsgSeq: 0 });
  assert.deepEqual(first.seqs, down(25, 6));
  assert.deepEqual(first.list[0], {
    From_Account: 'u2',
    IsPlaceMsg: 0,
    MsgPriority: 1,
    MsgRandom: 25,
    MsgSeq: 25,
    MsgTimeStamp: Math.floor(rest.clock.now() / 1000),
    MsgBody: text('m25'),
    CloudCustomData: 'c25',
  });
  const second = await page({ ReqMsgNumber: 99, ReqMsgSeq: 5 });
  assert.deepEqual([second.seqs, second.finished], [down(5, 1), 1]);
  const cut = await page({ ReqMsgNumber: 21 });
  assert.deepEqual([cut.seqs.length, cut.finished], [20, 0]);
});

test('a mute ends with its time, and admins outrank mutes', async () => {
  const GroupId = await newGroup('Public');
  await rest.call('forbid_send_msg', { GroupId, Members_Account: ['u2'], MuteTime: 60 });
  assert.equal((await send({ GroupId, From_Account: 'u2' })).ErrorCode, ERRORS.MUTED.code);
  assert.equal((await send({ GroupId })).ErrorCode, 0);
  rest.clock.advance(60_000);
  assert.equal((await send({ GroupId, From_Account: 'u2' })).ErrorCode, 0);
});

test('over the messages per second of a group: dropped with OK, and the log says so', async () => {
  await using limited = await startRest({ rules: { groupMessagesPerSecond: 2 } });
  await limited.call('create_group', { Type: 'Public', Name: 'n', GroupId: 'g' });
  const answers = [];
  for (let i = 1; i <= 3; i++)
    answers.push(await limited.call('send_group_msg', { GroupId: 'g', Random: i, MsgBody: text('x') }));
  assert.deepEqual(
    answers.map((answer) => answer.MsgDropReason),
    [undefined, undefined, 'MsgFreqCtrl'],
  );
  assert.deepEqual(
    answers.map((answer) => answer.ErrorCode),
    [0, 0, 0],
  );
  assert.match(limited.logged.at(-1) ?? '', /"dropped":"MsgFreqCtrl"/);
  limited.clock.advance(1_000);
  const next = await limited.call('send_group_msg', { GroupId: 'g', Random: 4, MsgBody: text('x') });
  assert.equal(next.MsgSeq, 3);
});

test('the same as an error, where the deployment wants one', async () => {
  await using limited = await startRest({ rules: { groupMessagesPerSecond: 1, onLimit: 'error' } });
  await limited.call('create_group', { Type: 'Public', Name: 'n', GroupId: 'g' });
  await limited.call('send_group_msg', { GroupId: 'g', Random: 1, MsgBody: text('x') });
  const answer = await limited.call('send_group_msg', { GroupId: 'g', Random: 2, MsgBody: text('x') });
  assert.equal(answer.ErrorCode, ERRORS.MESSAGE_FREQUENCY.code);
});

test('what is older than the history is kept shows as holes, also before it is deleted', async () => {
  const groups = [{ groupIds: ['for-ever'], messagesMs: 0 }];
  const retention = { messagesMs: 0, apps: [{ app: 1400000001, messagesMs: 60_000, groups }] };
  await using kept = await startRest({ retention });
  const shown = async (GroupId: string) => {
    const answer = await kept.call('group_msg_get_simple', { GroupId, ReqMsgNumber: 21 });
    return [answer.IsFinished, ...(answer.RspMsgList as Answer[]).map((message) => message.IsPlaceMsg)];
  };
  for (const GroupId of ['g', 'for-ever']) {
    await kept.call('create_group', { Type: 'Public', Name: 'n', GroupId });
    await kept.call('send_group_msg', { GroupId, Random: 1, MsgBody: text('old') });
  }
  kept.clock.advance(61_000);
  await kept.call('send_group_msg', { GroupId: 'g', Random: 2, MsgBody: text('new') });
  assert.deepEqual(
    [await shown('g'), await shown('for-ever')],
    [
      [1, 0, 1],
      [1, 0],
    ],
  );
  kept.clock.advance(61_000);
  for (let i = 3; i <= 22; i++)
    await kept.call('send_group_msg', { GroupId: 'g', Random: i, MsgBody: text('x') });
  kept.clock.advance(61_000);
  assert.deepEqual(await shown('g'), [2, ...Array(20).fill(1)]);
});
