import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS } from '@confab-im/protocol';
import {
  answer,
  type Moderated,
  type ModeratedOptions,
  questionOf,
  startModerated,
} from '../support/moderated.ts';
import { APP } from '../support/rest-harness.ts';
import type { Script } from '../support/scripted-receiver.ts';

const CREATE = 'Group.CallbackBeforeCreateGroup';
const INVITE = 'Group.CallbackBeforeInviteJoinGroup';

/** An endpoint that is asked about these; accounts `u1` to `u5`, and the group `g` of `u1` and `u2`. */
async function start(script: Script, events: string, options: ModeratedOptions = {}): Promise<Moderated> {
  const world = await startModerated(script, {
    ...options,
    endpoint: options.endpoint === false ? false : { events, ...options.endpoint },
  });
  await world.rest.call('im_open_login_svc/multiaccount_import', { Accounts: ['u3', 'u4', 'u5'] });
  return world;
}

const questions = (world: Moderated) => world.moderator.requests.map((request) => questionOf(request).body);
const members = (...names: string[]) => names.map((Member_Account) => ({ Member_Account }));
const create = (world: Moderated, fields: object = {}) =>
  world.rest.call('create_group', {
    ...{ Type: 'Public', GroupId: 'new', Name: 'n', Owner_Account: 'u1' },
    ...fields,
  });
const add = (world: Moderated, ...names: string[]) =>
  world.rest.call('add_group_member', { GroupId: 'g', MemberList: members(...names) });
const memberIds = async (world: Moderated, GroupId = 'g') => {
  const { MemberList } = await world.rest.call('get_group_member_info', { GroupId });
  return (MemberList as { Member_Account: string }[]).map(({ Member_Account }) => Member_Account);
};

test('before a group is created: asked once, with what the request says', async () => {
  await using world = await start(() => answer(), CREATE);
  assert.equal((await create(world, { MemberList: members('u2') })).ErrorCode, 0);
  const [{ EventTime, ...question }] = questions(world);
  assert.equal(EventTime, world.rest.clock.now());
  assert.deepEqual(question, {
    CallbackCommand: CREATE,
    MemberList: members('u2'),
    Name: 'n',
    Operator_Account: 'administrator',
    Owner_Account: 'u1',
    Type: 'Public',
  });
  assert.equal(world.moderator.requests.length, 1);
  assert.match(world.moderator.requests[0]?.url ?? '', /CallbackCommand=Group\.CallbackBeforeCreateGroup&/);
});

for (const [code, expected] of [
  [1, ERRORS.REFUSED_BY_WEBHOOK.code],
  [10_150, 10_150],
] as const) {
  test(`before a group is created: ${code} refuses it`, async () => {
    await using world = await start(() => answer({ ErrorCode: code, ErrorInfo: 'not today' }), CREATE);
    const { ErrorCode, ErrorInfo } = await create(world);
    assert.deepEqual([ErrorCode, ErrorInfo.includes('not today')], [expected, true]);
    const [group] = await world.rest.store.groups(APP.sdkAppId, ['new']);
    assert.equal(group, undefined);
  });
}

test('what the rules refuse is asked of nobody', async () => {
  await using world = await start(() => answer(), `${CREATE}`);
  await world.ask({ name: 'inviting', events: [INVITE] });
  assert.equal((await create(world, { GroupId: 'g' })).ErrorCode, ERRORS.GROUP_ID_IN_USE_BY_OWNER.code);
  assert.equal((await create(world, { Owner_Account: 'ghost' })).ErrorCode, ERRORS.ACCOUNT_NOT_FOUND.code);
  assert.equal((await add(world, 'ghost')).ErrorCode, ERRORS.ACCOUNT_NOT_FOUND.code);
  assert.equal((await add(world, 'u1')).ErrorCode, 0);
  assert.deepEqual(questions(world), []);
});

test('code 2 decides nothing here: a failure, and the policy decides', async () => {
  await using world = await start(() => answer({ ErrorCode: 2 }), CREATE);
  assert.equal((await create(world)).ErrorCode, 0);
  await using strict = await start(() => answer({ ErrorCode: 2 }), CREATE, {
    endpoint: { onFailure: 'refuse' },
  });
  assert.equal((await create(strict)).ErrorCode, ERRORS.BEFORE_WEBHOOK_FAILED.code);
  const [state] = strict.rest.beforeWebhook.states();
  assert.deepEqual(state?.verdicts, { undocumented_code: 1 });
});

test('before users are added: asked about those who would join, and told apart one by one', async () => {
  await using world = await start(() => answer({ RefusedMembers_Account: ['u4', 'stranger'] }), INVITE);
  const { MemberList } = await add(world, 'u4', 'u2', 'u3', 'ghost');
  assert.deepEqual(MemberList, [
    { Member_Account: 'u4', Result: 0 },
    { Member_Account: 'u2', Result: 2 },
    { Member_Account: 'u3', Result: 1 },
    { Member_Account: 'ghost', Result: 0 },
  ]);
  const [{ EventTime: _, ...question }] = questions(world);
  assert.deepEqual(question, {
    CallbackCommand: INVITE,
    DestinationMembers: members('u4', 'u3'),
    GroupId: 'g',
    Operator_Account: 'administrator',
    Type: 'Public',
  });
  assert.deepEqual(await memberIds(world), ['u1', 'u2', 'u3']);
});

test('each endpoint sees who is left; the first refusal refuses everybody', async () => {
  await using world = await start(
    (request) => {
      const { endpoint, body } = questionOf(request);
      if (body.GroupId === 'g' && endpoint === 'b' && body.DestinationMembers.length === 2) {
        return answer({ ErrorCode: 1, ErrorInfo: 'two is a crowd' });
      }
      return answer({ RefusedMembers_Account: endpoint === 'a' ? ['u3'] : ['u4'] });
    },
    INVITE,
    { endpoint: false },
  );
  for (const name of ['a', 'b', 'c']) await world.ask({ name, events: [INVITE] });
  assert.equal((await add(world, 'u3', 'u4')).ErrorCode, ERRORS.REFUSED_BY_WEBHOOK.code, 'nobody is left');
  assert.deepEqual(
    world.moderator.requests.map((request) => questionOf(request).endpoint),
    ['a', 'b'],
    'with nobody left nobody is asked',
  );
  const { ErrorCode, ErrorInfo } = await add(world, 'u3', 'u4', 'u5');
  assert.deepEqual([ErrorCode, /two is a crowd/.test(ErrorInfo)], [ERRORS.REFUSED_BY_WEBHOOK.code, true]);
  assert.deepEqual(await memberIds(world), ['u1', 'u2']);
});

test('who was no candidate when the backend was asked does not join unasked', async () => {
  await using world = await start(() => answer(), INVITE);
  world.moderator.reply(() => ({
    ...answer(),
    until: world.rest.call('delete_group_member', { GroupId: 'g', MemberToDel_Account: ['u2'] }),
  }));
  const { MemberList } = await add(world, 'u2', 'u3');
  assert.deepEqual(MemberList, [
    { Member_Account: 'u2', Result: 0 },
    { Member_Account: 'u3', Result: 1 },
  ]);
  assert.deepEqual(await memberIds(world), ['u1', 'u3']);
});

test('a dead backend proceeds or refuses as its policy says, and its breaker opens', async () => {
  const dead = { onFailure: 'refuse', breaker: { failures: 1 } };
  await using world = await start(() => ({ status: 500 }), INVITE, { endpoint: dead });
  for (let n = 0; n < 2; n += 1) {
    assert.equal((await add(world, 'u3')).ErrorCode, ERRORS.BEFORE_WEBHOOK_FAILED.code);
  }
  assert.equal(world.moderator.requests.length, 1, 'the second is not asked');
  const [state] = world.rest.beforeWebhook.states();
  assert.deepEqual([state?.breaker, state?.verdicts], ['open', { http_status: 1, breaker_open: 1 }]);
  assert.deepEqual(await memberIds(world), ['u1', 'u2']);
});

test('who asks about messages is not asked about groups, nor about groups it did not name', async () => {
  await using world = await start(() => answer({ ErrorCode: 1 }), 'Group.CallbackBeforeSendMsg');
  await world.ask({ name: 'other', events: [INVITE, CREATE], groups: ['elsewhere'] });
  assert.equal((await add(world, 'u3')).ErrorCode, 0);
  assert.equal((await create(world)).ErrorCode, 0);
  assert.deepEqual(questions(world), []);
});

test('OpenIM: its commands, its answers', async () => {
  await using world = await start(
    ({ url }) => ({
      body: JSON.stringify(
        url.includes('CreateGroup') ? { actionCode: 0, nextCode: 1, errCode: 5001, errMsg: 'no' } : {},
      ),
    }),
    `${CREATE}`,
    { endpoint: { dialect: 'openim', events: [CREATE, INVITE] } },
  );
  assert.equal((await add(world, 'u3')).ErrorCode, 0);
  const { ErrorCode, ErrorInfo } = await create(world);
  assert.deepEqual(
    [ErrorCode, /no \(errCode 5001\)/.test(ErrorInfo)],
    [ERRORS.REFUSED_BY_WEBHOOK.code, true],
  );
  assert.deepEqual(
    world.moderator.requests.map(({ url }) => url.split('/').at(-1)?.split('?')[0]),
    ['callbackBeforeInviteJoinGroupCommand', 'callbackBeforeCreateGroupCommand'],
  );
});

test('an application to join is asked about by whoever takes it', async () => {
  await using world = await start(() => answer({ ErrorCode: 10_101 }), 'Group.CallbackBeforeApplyJoinGroup');
  const { beforeWebhook } = world.rest;
  const app = APP.sdkAppId;
  assert.equal(beforeWebhook.matchesChange(app, 'group.before-apply', 'g'), true);
  assert.equal(beforeWebhook.matchesChange(app, 'group.before-invite', 'g'), false);
  const verdict = await beforeWebhook.askChange(app, {
    ...{ kind: 'group.before-apply', applicant: 'u3', groupId: 'g', groupType: 'Public', eventTime: 7 },
    ...{ clientIp: '203.0.113.9', platform: 'iOS', operationID: 'op' },
  });
  assert.deepEqual(questions(world), [
    {
      CallbackCommand: 'Group.CallbackBeforeApplyJoinGroup',
      EventTime: 7,
      GroupId: 'g',
      Requestor_Account: 'u3',
      Type: 'Public',
    },
  ]);
  assert.ok(verdict.kind === 'refused');
  assert.equal(verdict.ownCode, 10_101);
});
