import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Group, Member } from '../domain/group.ts';
import { encodeGroupInfos, wantsMembers } from './get-group-info.ts';
import { encodeGroup, encodeMember, fieldFilter } from './group-info.ts';
import { groupTypeOf } from './group-type.ts';
import { decodeJoinedGroups, encodeJoinedGroups } from './joined-groups.ts';

const group: Group = {
  streamId: 9,
  app: 1400000000,
  groupId: '@TGS#2ABCDEF',
  type: 'Public',
  name: 'n',
  introduction: '',
  notification: '',
  faceUrl: '',
  owner: 'u1',
  createTime: 1_700_000_000,
  infoSeq: 1,
  lastInfoTime: 1_700_000_000,
  lastMsgTime: 1_700_000_100,
  nextMsgSeq: 13,
  memberNum: 2,
  maxMemberNum: 2000,
  applyJoinOption: 'NeedPermission',
  inviteJoinOption: 'FreeAccess',
  muteAll: true,
  supportTopic: false,
  historyBeforeJoin: false,
  enablePermission: false,
  defaultPermission: 0,
  active: true,
  appDefinedData: [
    { Key: 'level', Value: '3' },
    { Key: 'other', Value: 'x' },
  ],
};
const member: Member = {
  userId: 'u1',
  role: 'Owner',
  joinTime: 1_700_000_000,
  readSeq: 12,
  msgFlag: 'AcceptAndNotify',
  lastSendMsgTime: 1_700_000_100,
  nameCard: '',
  muteUntil: 1_700_003_600,
  appDefinedData: [{ Key: 'k', Value: 'v' }],
};

test('newer type names are understood, others are none', () => {
  assert.equal(groupTypeOf('Work'), 'Private');
  assert.equal(groupTypeOf('Meeting'), 'ChatRoom');
  assert.equal(groupTypeOf('AVChatRoom'), 'AVChatRoom');
  for (const name of ['BChatRoom', 'public', 'toString', '']) assert.equal(groupTypeOf(name), undefined);
});

test('without a filter every field is there, old and new names side by side', () => {
  assert.deepEqual(encodeGroup(group, undefined), {
    GroupId: '@TGS#2ABCDEF',
    Type: 'Public',
    Name: 'n',
    Appid: 1400000000,
    Introduction: '',
    Notification: '',
    FaceUrl: '',
    Owner_Account: 'u1',
    CreateTime: 1_700_000_000,
    InfoSeq: 1,
    LastInfoTime: 1_700_000_000,
    LastMsgTime: 1_700_000_100,
    NextMsgSeq: 13,
    MemberNum: 2,
    MaxMemberNum: 2000,
    ApplyJoinOption: 'NeedPermission',
    InviteJoinOption: 'FreeAccess',
    MuteAllMember: 'On',
    ShutUpAllMember: 'On',
    HistoryMsgBeforeJoin: 'Off',
  });
  assert.deepEqual(encodeMember(member, undefined, undefined), {
    Member_Account: 'u1',
    Role: 'Owner',
    JoinTime: 1_700_000_000,
    MsgSeq: 12,
    MsgFlag: 'AcceptAndNotify',
    LastSendMsgTime: 1_700_000_100,
    NameCard: '',
    MuteUntil: 1_700_003_600,
    ShutUpUntil: 1_700_003_600,
    AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
  });
});

test('only a Community says whether it has topics', () => {
  const town = { ...group, type: 'Community', enablePermission: true, defaultPermission: 7 } as const;
  const says = (supportTopic: boolean) => {
    const info = encodeGroup({ ...town, supportTopic }, undefined);
    return [info.SupportTopic, info.EnablePermission, info.DefaultPermission];
  };
  assert.deepEqual(says(false), [0, undefined, undefined]);
  assert.deepEqual(says(true), [1, 1, 7]);
});

test('only a group with history says who sees it', () => {
  const says = (type: Group['type']) => encodeGroup({ ...group, type }, undefined).HistoryMsgBeforeJoin;
  assert.deepEqual([says('AVChatRoom'), says('Public')], [undefined, 'Off']);
});

test('a filter by either name gives both', () => {
  const GroupId = group.groupId;
  assert.deepEqual(encodeGroup(group, fieldFilter(['ShutUpAllMember', 'Nonsense', 'toString'])), {
    GroupId,
    MuteAllMember: 'On',
    ShutUpAllMember: 'On',
  });
  assert.deepEqual(encodeMember(member, fieldFilter(['MuteUntil', 'Account']), undefined), {
    Member_Account: 'u1',
    MuteUntil: 1_700_003_600,
    ShutUpUntil: 1_700_003_600,
  });
  assert.deepEqual(encodeMember(member, fieldFilter(['Role']), ['k', 'z']), {
    Member_Account: 'u1',
    Role: 'Owner',
    AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
  });
});

test('members are asked for by no filter at all, or by their own', () => {
  assert.equal(wantsMembers(undefined), true);
  assert.equal(wantsMembers({}), true);
  assert.equal(wantsMembers({ GroupBaseInfoFilter: ['Name'] }), false);
  assert.equal(wantsMembers({ MemberInfoFilter: ['Role'] }), true);
  assert.equal(wantsMembers({ AppDefinedDataFilter_GroupMember: ['k'] }), true);
});

test('each group asked for has an entry in its place, with its own code', () => {
  const infos = encodeGroupInfos(
    ['@TGS#2ABCDEF', 'gone', 'é'],
    [{ group, members: [member] }, undefined, undefined],
    {
      GroupBaseInfoFilter: ['Name'],
      MemberInfoFilter: ['Role'],
      AppDefinedDataFilter_Group: ['level'],
    },
  );
  assert.deepEqual(infos[0], {
    GroupId: '@TGS#2ABCDEF',
    Name: 'n',
    ErrorCode: 0,
    ErrorInfo: '',
    AppDefinedData: [{ Key: 'level', Value: '3' }],
    MemberList: [{ Member_Account: 'u1', Role: 'Owner' }],
  });
  assert.deepEqual(
    infos.map((info) => [info.GroupId, info.ErrorCode]),
    [
      ['@TGS#2ABCDEF', 0],
      ['gone', 10010],
      ['é', 10015],
    ],
  );
});

test('joined groups: ids alone, or the fields asked for', () => {
  const page = { total: 7, groups: [{ group, self: member }] };
  assert.deepEqual(encodeJoinedGroups(page, undefined), {
    TotalCount: 7,
    GroupIdList: [{ GroupId: '@TGS#2ABCDEF' }],
  });
  assert.deepEqual(encodeJoinedGroups(page, { SelfInfoFilter: ['Role'] }).GroupIdList, [
    { GroupId: '@TGS#2ABCDEF', SelfInfo: { Role: 'Owner' } },
  ]);
  assert.deepEqual(
    encodeJoinedGroups(page, { GroupBaseInfoFilter: ['Type', 'AppDefinedData'], SelfInfoFilter: ['Account'] })
      .GroupIdList,
    [
      {
        GroupId: '@TGS#2ABCDEF',
        Type: 'Public',
        AppDefinedData: group.appDefinedData,
        SelfInfo: { Member_Account: 'u1' },
      },
    ],
  );
});

test('joined groups: what is asked of the store', () => {
  const least = { userId: 'u', withInactive: false, withHuge: false, offset: 0, limit: 10_000 };
  const decode = (changes: object) => decodeJoinedGroups({ Member_Account: 'u', ...changes });
  assert.deepEqual(decode({}), least);
  assert.deepEqual(decode({ Limit: 5, Offset: 2, WithHugeGroups: 1, WithNoActiveGroups: 1 }), {
    userId: 'u',
    withInactive: true,
    withHuge: true,
    offset: 2,
    limit: 5,
  });
  assert.deepEqual(decode({ Type: 'Meeting' }), { ...least, type: 'ChatRoom' });
  assert.deepEqual(decode({ GroupType: 'AVChatRoom' }), { ...least, type: 'AVChatRoom', withHuge: true });
  assert.deepEqual(decode({ SupportTopic: 0 }), { ...least, type: 'Community', supportTopic: false });
  assert.equal(decode({ GroupType: 'BChatRoom' }), undefined);
});
