import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ERRORS, type ErrorName } from '@confab-im/protocol';
import { type Harness, startRest } from '../support/rest-harness.ts';

const ACCOUNTS = 'im_open_login_svc';
let rest: Harness;

before(async () => {
  rest = await startRest({
    rules: {
      groupsPerUser: 6,
      maxMembers: { Private: 4, Public: 4, ChatRoom: 4, AVChatRoom: 4, Community: 4 },
    },
  });
  await ok(`${ACCOUNTS}/multiaccount_import`, { Accounts: ['owner', 'u1', 'u2', 'u3', 'u4', 'u5'] });
  const create = (Type: string, GroupId: string, MemberList?: object[]) =>
    ok('create_group', {
      Type,
      GroupId,
      Name: 'n',
      Owner_Account: 'owner',
      ...(MemberList && { MemberList }),
    });
  await create('Public', 'public', [{ Member_Account: 'u1', Role: 'Admin' }]);
  await create('Work', 'work', [{ Member_Account: 'u1' }]);
  await create('Meeting', 'meeting');
  await create('AVChatRoom', 'live');
  await create('Community', '@TGS#_town');
});
after(() => rest[Symbol.asyncDispose]());

/** Answers without the envelope. */
async function ok(command: string, body: object): Promise<Record<string, unknown>> {
  const { ActionStatus, ErrorCode, ErrorInfo, ...fields } = await rest.call(command, body);
  assert.deepEqual([ActionStatus, ErrorCode, ErrorInfo], ['OK', 0, ''], command);
  return fields;
}

const members = (...names: string[]) => names.map((Member_Account) => ({ Member_Account }));
const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];

const REFUSED: readonly [command: string, body: object, error: ErrorName][] = [
  [`${ACCOUNTS}/account_import`, {}, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/account_import`, { UserID: 'x'.repeat(33) }, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/account_import`, { UserID: 'é' }, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/account_import`, { UserID: 'x', FaceUrl: 'f'.repeat(501) }, 'PROFILE_VALUE_TOO_LONG'],
  [`${ACCOUNTS}/multiaccount_import`, { Accounts: [] }, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/multiaccount_import`, { Accounts: Array(101).fill('u') }, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/multiaccount_import`, { Accounts: ['é', ''] }, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/account_check`, { CheckItem: Array(101).fill({ UserID: 'u' }) }, 'ACCOUNT_PARAMETERS'],
  [`${ACCOUNTS}/account_delete`, { DeleteItem: 'u' }, 'ACCOUNT_PARAMETERS'],
  ['create_group', { Type: 'Public' }, 'INVALID_PARAMETERS'],
  ['create_group', { Type: 'BChatRoom', Name: 'n' }, 'INVALID_PARAMETERS'],
  ['create_group', { Type: 'Public', Name: '一'.repeat(11) }, 'INVALID_PARAMETERS'],
  ['create_group', { Type: 'Public', Name: 'n', GroupId: 'x'.repeat(49) }, 'INVALID_GROUP_ID'],
  ['create_group', { Type: 'Public', Name: 'n', GroupId: '@TGS#mine' }, 'INVALID_GROUP_ID'],
  ['create_group', { Type: 'Community', Name: 'n', GroupId: 'town' }, 'INVALID_GROUP_ID'],
  ['create_group', { Type: 'Public', Name: 'n', SupportTopic: 1 }, 'INVALID_PARAMETERS'],
  ['create_group', { Type: 'Public', Name: 'n', Owner_Account: 'ghost' }, 'ACCOUNT_NOT_FOUND'],
  ['create_group', { Type: 'Public', Name: 'n', MemberList: members('ghost') }, 'ACCOUNT_NOT_FOUND'],
  ['create_group', { Type: 'Public', Name: 'n', GroupId: 'public' }, 'GROUP_ID_IN_USE'],
  [
    'create_group',
    { Type: 'Public', Name: 'n', GroupId: 'public', Owner_Account: 'owner' },
    'GROUP_ID_IN_USE_BY_OWNER',
  ],
  [
    'create_group',
    { Type: 'Public', Name: 'n', MemberList: Array(101).fill({ Member_Account: 'u1' }) },
    'TOO_MANY_ACCOUNTS',
  ],
  [
    'create_group',
    { Type: 'Public', Name: 'n', MemberList: members('u1', 'u2', 'u3', 'u4', 'u5') },
    'TOO_MANY_MEMBERS',
  ],
  ['create_group', { Type: 'AVChatRoom', Name: 'n', MemberList: members('u1') }, 'PERMISSION_DENIED'],
  [
    'create_group',
    { Type: 'Work', Name: 'n', MemberList: [{ Member_Account: 'u1', Role: 'Admin' }] },
    'INVALID_PARAMETERS',
  ],
  ['destroy_group', {}, 'INVALID_PARAMETERS'],
  ['destroy_group', { GroupId: 'nope' }, 'GROUP_NOT_FOUND'],
  ['get_group_info', { GroupIdList: [] }, 'INVALID_PARAMETERS'],
  ['get_group_info', { GroupIdList: Array(51).fill('g') }, 'INVALID_PARAMETERS'],
  ['get_appid_group_list', { Limit: 10_001 }, 'INVALID_PARAMETERS'],
  ['get_appid_group_list', { Next: -1 }, 'INVALID_PARAMETERS'],
  ['get_joined_group_list', {}, 'INVALID_PARAMETERS'],
  ['get_joined_group_list', { Member_Account: 'ghost' }, 'ACCOUNT_NOT_FOUND'],
  ['get_joined_group_list', { Member_Account: 'u1', Limit: 5_001 }, 'INVALID_PARAMETERS'],
  ['add_group_member', { GroupId: 'nope', MemberList: members('u2') }, 'GROUP_NOT_FOUND'],
  ['add_group_member', { GroupId: 'live', MemberList: members('u2') }, 'PERMISSION_DENIED'],
  ['add_group_member', { GroupId: 'public', MemberList: members('ghost') }, 'ACCOUNT_NOT_FOUND'],
  [
    'add_group_member',
    { GroupId: 'public', MemberList: members(...Array(501).fill('u')) },
    'TOO_MANY_ACCOUNTS',
  ],
  ['delete_group_member', { GroupId: 'live', MemberToDel_Account: ['u1'] }, 'INVALID_PARAMETERS'],
  ['delete_group_member', { GroupId: 'public', MemberToDel_Account: ['owner'] }, 'OWNER_MAY_NOT_QUIT'],
  [
    'delete_group_member',
    { GroupId: 'public', MemberToDel_Account: Array(501).fill('u') },
    'INVALID_PARAMETERS',
  ],
  ['get_group_member_info', { GroupId: 'nope' }, 'GROUP_NOT_FOUND'],
  ['get_group_member_info', { GroupId: 'live' }, 'PERMISSION_DENIED'],
  ['get_group_member_info', { GroupId: 'public', Limit: 6_001 }, 'INVALID_PARAMETERS'],
  ['get_group_member_info', { GroupId: 'public', MemberRoleFilter: ['Boss'] }, 'INVALID_PARAMETERS'],
  ['forbid_send_msg', { GroupId: 'public', Members_Account: ['u1'] }, 'INVALID_PARAMETERS'],
  [
    'forbid_send_msg',
    { GroupId: 'public', Members_Account: ['u1'], MuteTime: 2 ** 32 },
    'INVALID_PARAMETERS',
  ],
  ['forbid_send_msg', { GroupId: 'work', Members_Account: ['u1'], MuteTime: 5 }, 'PERMISSION_DENIED'],
  [
    'forbid_send_msg',
    { GroupId: 'public', Members_Account: ['u1'], MuteTime: 5, TopicId: 't' },
    'PERMISSION_DENIED',
  ],
  ['group_msg_get_simple', { GroupId: 'public' }, 'INVALID_PARAMETERS'],
  ['group_msg_get_simple', { GroupId: 'public', ReqMsgNumber: 0 }, 'INVALID_PARAMETERS'],
  ['group_msg_get_simple', { GroupId: 'nope', ReqMsgNumber: 5 }, 'GROUP_NOT_FOUND'],
  ['group_msg_get_simple', { GroupId: 'live', ReqMsgNumber: 5 }, 'NO_ROAMING_MESSAGES'],
  ['group_msg_get_simple', { GroupId: 'public', ReqMsgNumber: 5, TopicId: 't' }, 'GROUP_NOT_FOUND'],
  ['no_such_command', {}, 'BAD_COMMAND'],
];

for (const [command, body, error] of REFUSED) {
  test(`${command} ${JSON.stringify(body).slice(0, 70)} is refused with ${ERRORS[error].code}`, async () => {
    const before = await rest.store.stats();
    const answer = await rest.call(command, body);
    assert.deepEqual([answer.ActionStatus, answer.ErrorCode], ['FAIL', ERRORS[error].code]);
    assert.match(answer.ErrorInfo, /\S{3}/);
    assert.deepEqual(await rest.store.stats(), before);
  });
}

test('accounts: import, check, delete, under both names', async () => {
  await ok(`${ACCOUNTS}/account_import`, { UserID: 'new', Nick: 'N' });
  await ok(`${ACCOUNTS}/account_import`, { Identifier: 'old' });
  assert.deepEqual(
    await ok(`${ACCOUNTS}/multiaccount_import`, {
      AccountList: [{ UserID: 'listed', Nick: 'L' }, { UserID: '' }],
    }),
    { FailAccounts: [''] },
  );
  const check = async (...names: string[]) => {
    const { ResultItem } = await ok(`${ACCOUNTS}/account_check`, {
      CheckItem: names.map((UserID) => ({ UserID })),
    });
    return (ResultItem as { AccountStatus: string }[]).map((item) => item.AccountStatus);
  };
  assert.deepEqual(await check('new', 'old', 'listed', 'ghost'), [
    'Imported',
    'Imported',
    'Imported',
    'NotImported',
  ]);
  const { ResultItem } = await ok(`${ACCOUNTS}/account_delete`, {
    DeleteItem: [{ UserID: 'new' }, { UserID: 'ghost' }, { UserID: 'administrator' }],
  });
  assert.deepEqual(
    (ResultItem as { ResultCode: number }[]).map((item) => item.ResultCode),
    [0, 70107, 70402],
  );
  assert.match(JSON.stringify(ResultItem), /is an admin of the app; take it out of admins/);
  assert.deepEqual(await check('new', 'old'), ['NotImported', 'Imported']);
});

test('create_group makes an id, or takes the one given; types are answered by their wire names', async () => {
  const { GroupId } = await ok('create_group', { Type: 'Meeting', Name: 'n' });
  assert.match(String(GroupId), /^@TGS#SEED\d{8}$/);
  const town = await ok('create_group', { Type: 'Community', Name: 'n' });
  assert.deepEqual([town.Type, town.HugeGroupFlag], ['Community', 0]);
  assert.match(String(town.GroupId), /^@TGS#_@TGS#SEED\d{8}$/);
  const { GroupInfo } = await ok('get_group_info', { GroupIdList: ['work', 'meeting', String(GroupId)] });
  assert.deepEqual(
    (GroupInfo as { Type: string }[]).map((info) => info.Type),
    ['Private', 'ChatRoom', 'ChatRoom'],
  );
});

test('get_group_info: one entry per group, with members unless filtered', async () => {
  const { GroupInfo } = await ok('get_group_info', { GroupIdList: ['public', 'nope', 'é', 'live'] });
  const [found = {}, missing, invalid, live] = GroupInfo as Record<string, unknown>[];
  assert.equal(found.ShutUpAllMember, 'Off');
  assert.equal(found.Appid, 1400000001);
  assert.deepEqual(
    (found.MemberList as { Member_Account: string; Role: string }[]).map((one) => [
      one.Member_Account,
      one.Role,
    ]),
    [
      ['owner', 'Owner'],
      ['u1', 'Admin'],
    ],
  );
  assert.deepEqual([missing?.ErrorCode, invalid?.ErrorCode, live?.ErrorCode], [10010, 10015, 0]);
  assert.equal(live && 'MemberList' in live, false);
  const filtered = await ok('get_group_info', {
    GroupIdList: ['public'],
    ResponseFilter: { GroupBaseInfoFilter: ['Name', 'ShutUpAllMember'], MemberInfoFilter: ['Account'] },
  });
  assert.deepEqual(filtered.GroupInfo, [
    {
      GroupId: 'public',
      Name: 'n',
      MuteAllMember: 'Off',
      ShutUpAllMember: 'Off',
      ErrorCode: 0,
      ErrorInfo: '',
      MemberList: [{ Member_Account: 'owner' }, { Member_Account: 'u1' }],
    },
  ]);
});

test('get_appid_group_list: pages, filters by either name', async () => {
  const seen: string[] = [];
  let Next = 0;
  do {
    const page = await ok('get_appid_group_list', { Limit: 2, Next });
    seen.push(...(page.GroupIdList as { GroupId: string }[]).map(({ GroupId }) => GroupId));
    Next = Number(page.Next);
    assert.ok(Number(page.TotalCount) >= 5);
  } while (Next !== 0);
  for (const id of ['public', 'work', 'meeting', 'live', '@TGS#_town'])
    assert.equal(seen.filter((one) => one === id).length, 1);
  const work = { TotalCount: 1, GroupIdList: [{ GroupId: 'work' }], Next: 0 };
  assert.deepEqual(await ok('get_appid_group_list', { GroupType: 'Private' }), work);
  assert.deepEqual(await ok('get_appid_group_list', { Type: 'Work' }), work);
  assert.deepEqual(await ok('get_appid_group_list', { GroupType: 'BChatRoom' }), {
    TotalCount: 0,
    GroupIdList: [],
    Next: 0,
  });
});

test('get_joined_group_list: inactive Work groups on request only', async () => {
  const ids = async (body: object) => {
    const { GroupIdList } = await ok('get_joined_group_list', { Member_Account: 'u1', ...body });
    return (GroupIdList as { GroupId: string }[]).map(({ GroupId }) => GroupId);
  };
  assert.deepEqual(await ids({}), ['public']);
  assert.deepEqual((await ids({ WithNoActiveGroups: 1 })).sort(), ['public', 'work']);
  assert.deepEqual(await ids({ Type: 'Public' }), ['public']);
  assert.deepEqual(await ids({ SupportTopic: 1 }), []);
  assert.deepEqual(await ids({ Offset: 1 }), []);
  assert.deepEqual(await ok('get_joined_group_list', { Member_Account: 'administrator' }), {
    TotalCount: 0,
    GroupIdList: [],
  });
});

test('members: added, listed, muted under both names, removed', async () => {
  await ok('create_group', { Type: 'Public', Name: 'n', GroupId: 'staff', Owner_Account: 'u5' });
  const add = async (...names: string[]) => {
    const { MemberList } = await ok('add_group_member', { GroupId: 'staff', MemberList: members(...names) });
    return (MemberList as { Result: number }[]).map(({ Result }) => Result);
  };
  assert.deepEqual(await add('u1', 'u5', 'ghost'), [1, 2, 0]);
  assert.deepEqual(await add('u2', 'u3', 'u4'), [1, 1, 0]);
  const full = await rest.call('add_group_member', { GroupId: 'staff', MemberList: members('u4') });
  assert.equal(full.ErrorCode, ERRORS.GROUP_FULL.code);
  const list = (body: object) =>
    ok('get_group_member_info', { GroupId: 'staff', MemberInfoFilter: ['Role'], ...body });
  assert.deepEqual(await list({ Limit: 2, Offset: 1 }), {
    MemberNum: 4,
    MemberList: [
      { Member_Account: 'u1', Role: 'Member' },
      { Member_Account: 'u2', Role: 'Member' },
    ],
  });
  assert.deepEqual(await list({ MemberRoleFilter: ['Owner'] }), {
    MemberNum: 4,
    MemberList: [{ Member_Account: 'u5', Role: 'Owner' }],
  });
  await ok('forbid_send_msg', { GroupId: 'staff', Members_Account: ['u1'], ShutUpTime: 60 });
  await ok('forbid_send_msg', { GroupId: 'staff', Members_Account: ['u2'], MuteTime: 4_294_967_295 });
  const { MemberList } = await ok('get_group_member_info', {
    GroupId: 'staff',
    MemberInfoFilter: ['MuteUntil'],
  });
  const until = Math.floor(rest.clock.now() / 1000) + 60;
  const times = new Map(
    (MemberList as { Member_Account: string; MuteUntil: number; ShutUpUntil: number }[]).map((one) => [
      one.Member_Account,
      [one.MuteUntil, one.ShutUpUntil],
    ]),
  );
  assert.deepEqual(times.get('u1'), [until, until]);
  assert.deepEqual(times.get('u2'), [4_294_967_295, 4_294_967_295]);
  assert.deepEqual(times.get('u3'), [0, 0]);
  await ok('delete_group_member', {
    GroupId: 'staff',
    MemberToDel_Account: ['u1', 'ghost'],
    Silence: 1,
    Reason: 'r',
  });
  assert.equal((await list({})).MemberNum, 3);
});

test('a Community is paged by Next', async () => {
  await ok('add_group_member', { GroupId: '@TGS#_town', MemberList: members('u2', 'u3') });
  const page = (Next: string) =>
    ok('get_group_member_info', { GroupId: '@TGS#_town', Limit: 2, Next, MemberInfoFilter: ['Account'] });
  const first = await page('');
  assert.deepEqual(first.MemberList, members('owner', 'u2'));
  const second = await page(String(first.Next));
  assert.deepEqual([second.MemberList, second.Next], [members('u3'), '']);
});

test('a user has only so many groups', async () => {
  for (let i = 0; i < 6; i++) await ok('create_group', { Type: 'Public', Name: 'n', Owner_Account: 'u4' });
  const answer = await rest.call('create_group', { Type: 'Public', Name: 'n', Owner_Account: 'u4' });
  assert.equal(answer.ErrorCode, ERRORS.TOO_MANY_GROUPS_OF_USER.code);
});

test('a disbanded group is gone, and its id can be used again', async () => {
  await ok('create_group', { Type: 'Public', Name: 'n', GroupId: 'short' });
  await ok('send_group_msg', { GroupId: 'short', Random: 1, MsgBody: text('hi') });
  await ok('destroy_group', { GroupId: 'short' });
  assert.equal((await rest.call('destroy_group', { GroupId: 'short' })).ErrorCode, 10010);
  await ok('create_group', { Type: 'Public', Name: 'n', GroupId: 'short' });
  assert.deepEqual(await ok('group_msg_get_simple', { GroupId: 'short', ReqMsgNumber: 5 }), {
    GroupId: 'short',
    IsFinished: 1,
    RspMsgList: [],
  });
});
