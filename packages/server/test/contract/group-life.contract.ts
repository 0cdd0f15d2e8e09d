import { GroupBaseInfo, MemberInfo } from '@confab-im/protocol';
import type { Contract } from './contract.ts';
import { group, groupWith, members, message } from './scene.ts';

const S = 'group_open_http_svc';

const present = (value: unknown): boolean => value !== undefined;

/** tencent-rest-group C1.1 to C1.5. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/create_group`,
    api: 47,
    cases: [
      {
        title: 'creates a group of the fields given, with its members',
        request: {
          Type: 'Public',
          GroupId: 'g',
          Name: 'name',
          Owner_Account: 'owner',
          Introduction: 'intro',
          Notification: 'notice',
          FaceUrl: 'https://example.com/g.png',
          MaxMemberCount: 50,
          ApplyJoinOption: 'FreeAccess',
          MemberList: [{ Member_Account: 'u1', Role: 'Admin' }, { Member_Account: 'u2' }],
        },
        answer: { GroupId: 'g', Type: undefined },
        afterwards: [
          [
            'get_group_info',
            { GroupIdList: ['g'] },
            {
              GroupInfo: [
                {
                  GroupId: 'g',
                  Type: 'Public',
                  Name: 'name',
                  Owner_Account: 'owner',
                  Introduction: 'intro',
                  Notification: 'notice',
                  FaceUrl: 'https://example.com/g.png',
                  MaxMemberNum: 50,
                  ApplyJoinOption: 'FreeAccess',
                  MemberNum: 3,
                  NextMsgSeq: 1,
                  MemberList: [
                    { Member_Account: 'owner', Role: 'Owner' },
                    { Member_Account: 'u1', Role: 'Admin' },
                    { Member_Account: 'u2', Role: 'Member' },
                  ],
                },
              ],
            },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackBeforeCreateGroup',
            Type: 'Public',
            Name: 'name',
            Operator_Account: 'administrator',
            Owner_Account: 'owner',
            MemberList: [{ Member_Account: 'u1' }, { Member_Account: 'u2' }],
            EventTime: Number.isInteger,
          },
          {
            CallbackCommand: 'Group.CallbackAfterCreateGroup',
            GroupId: 'g',
            Type: 'Public',
            Name: 'name',
            Operator_Account: 'administrator',
            Owner_Account: 'owner',
            MemberList: [{ Member_Account: 'u1' }, { Member_Account: 'u2' }],
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'who is named twice, and the owner among the members, is told once',
        request: {
          Type: 'Public',
          Name: 'n',
          GroupId: 'twice',
          Owner_Account: 'owner',
          MemberList: [
            { Member_Account: 'u1' },
            { Member_Account: 'owner' },
            { Member_Account: 'u1', Role: 'Admin' },
            { Member_Account: 'u2' },
          ],
        },
        answer: { GroupId: 'twice' },
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateGroup' },
          {
            CallbackCommand: 'Group.CallbackAfterCreateGroup',
            MemberList: [{ Member_Account: 'u1' }, { Member_Account: 'u2' }],
          },
        ],
      },
      {
        title: 'makes an id when none is given; a group may have no owner',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateGroup' },
          { CallbackCommand: 'Group.CallbackAfterCreateGroup' },
        ],
        request: { Type: 'Meeting', Name: 'n' },
        answer: { GroupId: /^@TGS#[A-Z0-9]+$/ },
      },
      {
        title: 'the type by its new name is answered by its old one',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateGroup' },
          { CallbackCommand: 'Group.CallbackAfterCreateGroup' },
        ],
        request: { Type: 'Work', Name: 'n', GroupId: 'w' },
        answer: { GroupId: 'w' },
        afterwards: [['get_group_info', { GroupIdList: ['w'] }, { GroupInfo: [{ Type: 'Private' }] }]],
      },
      {
        title: 'a Community tells its type',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateGroup' },
          { CallbackCommand: 'Group.CallbackAfterCreateGroup' },
        ],
        request: { Type: 'Community', Name: 'n' },
        answer: { GroupId: /^@TGS#_@TGS#/, Type: 'Community', HugeGroupFlag: 0 },
      },
      {
        title: 'custom fields of the group and of its members; the options a type does not have are left out',
        request: {
          Type: 'AVChatRoom',
          Name: 'n',
          GroupId: 'g',
          InviteJoinOption: 'DisableInvite',
          AppDefinedData: [{ Key: 'City', Value: 'Lübeck' }],
        },
        answer: { GroupId: 'g' },
        afterwards: [
          [
            'get_group_info',
            { GroupIdList: ['g'] },
            {
              GroupInfo: [
                { InviteJoinOption: 'FreeAccess', AppDefinedData: [{ Key: 'City', Value: 'Lübeck' }] },
              ],
            },
          ],
        ],
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateGroup' },
          {
            CallbackCommand: 'Group.CallbackAfterCreateGroup',
            UserDefinedDataList: [{ Key: 'City', Value: 'Lübeck' }],
          },
        ],
      },
      {
        title: '11 custom fields of the group',
        request: {
          Type: 'Public',
          Name: 'n',
          AppDefinedData: Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })),
        },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '6 custom fields of a member',
        request: {
          Type: 'Public',
          Name: 'n',
          MemberList: [
            {
              Member_Account: 'u1',
              AppMemberDefinedData: Array.from({ length: 6 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })),
            },
          ],
        },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a custom field of 513 bytes',
        request: { Type: 'Public', Name: 'n', AppDefinedData: [{ Key: 'k', Value: 'x'.repeat(513) }] },
        refused: 'INVALID_PARAMETERS',
      },
      { title: 'no Name', request: { Type: 'Public' }, refused: 'INVALID_PARAMETERS' },
      { title: 'an unknown Type', request: { Type: 'BChatRoom', Name: 'n' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'a Name of 33 bytes',
        request: { Type: 'Public', Name: '一'.repeat(11) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a GroupId of 49 bytes',
        request: { Type: 'Public', Name: 'n', GroupId: 'x'.repeat(49) },
        refused: 'INVALID_GROUP_ID',
      },
      {
        title: 'a GroupId with the prefix of the server',
        request: { Type: 'Public', Name: 'n', GroupId: '@TGS#mine' },
        refused: 'INVALID_GROUP_ID',
      },
      {
        title: 'a Community without its prefix',
        request: { Type: 'Community', Name: 'n', GroupId: 'town' },
        refused: 'INVALID_GROUP_ID',
      },
      {
        title: 'an owner who does not exist',
        request: { Type: 'Public', Name: 'n', Owner_Account: 'ghost' },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      {
        title: 'a member who does not exist',
        request: { Type: 'Public', Name: 'n', MemberList: members('ghost') },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      {
        title: 'an id in use',
        given: [group('Public', 'g')],
        request: { Type: 'Public', Name: 'n', GroupId: 'g' },
        refused: 'GROUP_ID_IN_USE',
      },
      {
        title: 'an id in use by the same owner',
        given: [group('Public', 'g')],
        request: { Type: 'Public', Name: 'n', GroupId: 'g', Owner_Account: 'owner' },
        refused: 'GROUP_ID_IN_USE_BY_OWNER',
      },
      {
        title: '101 members',
        request: { Type: 'Public', Name: 'n', MemberList: Array(101).fill({ Member_Account: 'u1' }) },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'more members than the type may have',
        rules: { maxMembers: { Private: 2, Public: 2, ChatRoom: 2, AVChatRoom: 2, Community: 2 } },
        request: { Type: 'Public', Name: 'n', MemberList: members('u1', 'u2', 'u3') },
        refused: 'TOO_MANY_MEMBERS',
      },
      {
        title: 'the owner has as many groups as he may',
        rules: { groupsPerUser: 1 },
        given: [group('Public', 'g')],
        request: { Type: 'Public', Name: 'n', Owner_Account: 'owner' },
        refused: 'TOO_MANY_GROUPS_OF_USER',
      },
      {
        title: 'the app has as many groups as it may',
        rules: { groupsPerApp: 1 },
        given: [group('Public', 'g')],
        request: { Type: 'Public', Name: 'n' },
        refused: 'TOO_MANY_GROUPS_OF_APP',
      },
      {
        title: 'the app has as many AVChatRooms as it may',
        rules: { avChatRoomsPerApp: 1 },
        given: [group('AVChatRoom', 'g')],
        request: { Type: 'AVChatRoom', Name: 'n' },
        refused: 'TOO_MANY_AVCHATROOMS',
      },
      {
        title: 'members in an AVChatRoom',
        request: { Type: 'AVChatRoom', Name: 'n', MemberList: members('u1') },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'an admin in a Work group',
        request: { Type: 'Work', Name: 'n', MemberList: [{ Member_Account: 'u1', Role: 'Admin' }] },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/destroy_group`,
    api: 48,
    cases: [
      {
        title: 'the group is gone, and its id is free',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateGroup' },
          { CallbackCommand: 'Group.CallbackAfterGroupDestroyed' },
          { CallbackCommand: 'Group.CallbackAfterCreateGroup' },
        ],
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g' },
        answer: {},
        afterwards: [
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ ErrorCode: 10010 }] }],
          ['create_group', { Type: 'Public', Name: 'n', GroupId: 'g' }, { GroupId: 'g' }],
        ],
      },
      {
        title: 'the owner and the name are told, not who did it',
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g' },
        answer: {},
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupDestroyed',
            GroupId: 'g',
            Type: 'Public',
            Name: 'g',
            Owner_Account: 'owner',
            MemberList: members('owner', 'u1'),
            Operator_Account: undefined,
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'of a Community the members are not told',
        given: [group('Community', '@TGS#_g', 'u1')],
        request: { GroupId: '@TGS#_g' },
        answer: {},
        webhooks: [
          { CallbackCommand: 'Group.CallbackAfterGroupDestroyed', Type: 'Community', MemberList: undefined },
        ],
      },
      { title: 'no GroupId', request: {}, refused: 'INVALID_PARAMETERS' },
      { title: 'not a group id', request: { GroupId: 'é' }, refused: 'INVALID_GROUP_ID' },
      { title: 'no such group', request: { GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
    ],
  },
  {
    command: `${S}/get_appid_group_list`,
    api: 46,
    cases: [
      {
        title: 'a page of the groups, and where to go on',
        given: [group('Public', 'a'), group('Work', 'b'), group('Public', 'c')],
        request: { Limit: 2 },
        answer: {
          TotalCount: 3,
          GroupIdList: [{ GroupId: 'a' }, { GroupId: 'b' }],
          Next: (next) => Number(next) > 0,
        },
        webhooks: [],
      },
      {
        title: 'only those of a type',
        given: [group('Public', 'a'), group('Work', 'b')],
        request: { GroupType: 'Private' },
        answer: { TotalCount: 1, GroupIdList: [{ GroupId: 'b' }], Next: 0 },
      },
      {
        title: 'the other name of the filter, and of the type',
        given: [group('Public', 'a'), group('Work', 'b')],
        request: { Type: 'Work' },
        answer: { TotalCount: 1, GroupIdList: [{ GroupId: 'b' }], Next: 0 },
      },
      {
        title: 'a type that no group can have',
        given: [group('Public', 'a')],
        request: { GroupType: 'BChatRoom' },
        answer: { TotalCount: 0, GroupIdList: [], Next: 0 },
      },
      { title: 'a Limit of 10,001', request: { Limit: 10_001 }, refused: 'INVALID_PARAMETERS' },
      { title: 'a negative Next', request: { Next: -1 }, refused: 'INVALID_PARAMETERS' },
    ],
  },
  {
    command: `${S}/get_joined_group_list`,
    api: 49,
    cases: [
      {
        title: 'the groups of a user, without Work groups that nobody has written in',
        given: [group('Public', 'a', 'u1'), group('Work', 'b', 'u1'), group('Public', 'c')],
        request: { Member_Account: 'u1' },
        answer: { TotalCount: 1, GroupIdList: [{ GroupId: 'a' }] },
        webhooks: [],
      },
      {
        title: 'a Work group appears with its first message',
        given: [group('Work', 'b', 'u1'), message('b', 'u1', 'first')],
        request: { Member_Account: 'u1' },
        answer: { TotalCount: 1, GroupIdList: [{ GroupId: 'b' }] },
      },
      {
        title: 'with fields of the group and of the user in it',
        given: [group('Public', 'a', 'u1'), group('Work', 'b', 'u1')],
        request: {
          Member_Account: 'u1',
          WithNoActiveGroups: 1,
          GroupType: 'Work',
          ResponseFilter: { GroupBaseInfoFilter: ['Name', 'Type'], SelfInfoFilter: ['Role'] },
        },
        answer: {
          TotalCount: 1,
          GroupIdList: [{ GroupId: 'b', Name: 'b', Type: 'Private', SelfInfo: { Role: 'Member' } }],
        },
      },
      {
        title: 'with every field there is',
        given: [
          groupWith('Community', '@TGS#_c', { SupportTopic: 1, AppDefinedData: [{ Key: 'k', Value: 'v' }] }),
        ],
        request: {
          Member_Account: 'owner',
          ResponseFilter: {
            GroupBaseInfoFilter: [...Object.keys(GroupBaseInfo.properties), 'AppDefinedData'],
            SelfInfoFilter: Object.keys(MemberInfo.properties),
          },
        },
        answer: {
          GroupIdList: [
            {
              ...Object.fromEntries(Object.keys(GroupBaseInfo.properties).map((name) => [name, present])),
              AppDefinedData: [{ Key: 'k', Value: 'v' }],
              SelfInfo: Object.fromEntries(Object.keys(MemberInfo.properties).map((name) => [name, present])),
            },
          ],
        },
      },
      {
        title: 'a page',
        given: [group('Public', 'a', 'u1'), group('Public', 'b', 'u1'), group('Public', 'c', 'u1')],
        request: { Member_Account: 'u1', Limit: 1, Offset: 1 },
        answer: { TotalCount: 3, GroupIdList: (list) => Array.isArray(list) && list.length === 1 },
      },
      { title: 'no account', request: {}, refused: 'INVALID_PARAMETERS' },
      {
        title: 'an account that does not exist',
        request: { Member_Account: 'ghost' },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      {
        title: 'a Limit of 5,001',
        request: { Member_Account: 'u1', Limit: 5_001 },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/get_group_info`,
    api: 50,
    cases: [
      {
        title: 'one entry for each group asked for, with a code of its own',
        given: [group('Public', 'a', 'u1'), group('AVChatRoom', 'b')],
        request: { GroupIdList: ['a', 'nope', 'é', 'b'] },
        answer: {
          GroupInfo: [
            {
              GroupId: 'a',
              ErrorCode: 0,
              Appid: 1400000001,
              MuteAllMember: 'Off',
              ShutUpAllMember: 'Off',
              MemberList: [{ Member_Account: 'owner' }, { Member_Account: 'u1' }],
            },
            { GroupId: 'nope', ErrorCode: 10010 },
            { GroupId: 'é', ErrorCode: 10015 },
            { GroupId: 'b', ErrorCode: 0, MemberList: undefined },
          ],
        },
        webhooks: [],
      },
      {
        title: 'only the fields of the filter',
        given: [group('Public', 'a', 'u1')],
        request: {
          GroupIdList: ['a'],
          ResponseFilter: { GroupBaseInfoFilter: ['Name', 'ShutUpAllMember'], MemberInfoFilter: ['Account'] },
        },
        answer: {
          GroupInfo: [
            {
              Name: 'a',
              MuteAllMember: 'Off',
              ShutUpAllMember: 'Off',
              Owner_Account: undefined,
              MemberList: [{ Member_Account: 'owner', Role: undefined }, { Member_Account: 'u1' }],
            },
          ],
        },
      },
      {
        title: 'custom fields by their keys, of the group and of its members',
        given: [
          [
            'create_group',
            {
              Type: 'Public',
              GroupId: 'a',
              Name: 'a',
              AppDefinedData: [
                { Key: 'x', Value: '1' },
                { Key: 'y', Value: '2' },
              ],
              MemberList: [
                {
                  Member_Account: 'u1',
                  AppMemberDefinedData: [
                    { Key: 'm', Value: '3' },
                    { Key: 'n', Value: '4' },
                  ],
                },
              ],
            },
          ],
        ],
        request: {
          GroupIdList: ['a'],
          ResponseFilter: {
            GroupBaseInfoFilter: ['NextMsgSeq'],
            MemberInfoFilter: ['Role'],
            AppDefinedDataFilter_Group: ['y'],
            AppDefinedDataFilter_GroupMember: ['n'],
          },
        },
        answer: {
          GroupInfo: [
            {
              GroupId: 'a',
              Name: undefined,
              NextMsgSeq: 1,
              AppDefinedData: [{ Key: 'y', Value: '2' }],
              MemberList: [
                { Member_Account: 'u1', Role: 'Member', AppMemberDefinedData: [{ Key: 'n', Value: '4' }] },
              ],
            },
          ],
        },
      },
      {
        title: 'a filter of base fields alone leaves the members out',
        given: [group('Public', 'a', 'u1')],
        request: { GroupIdList: ['a'], ResponseFilter: { GroupBaseInfoFilter: ['Name'] } },
        answer: { GroupInfo: [{ Name: 'a', MemberList: undefined, AppDefinedData: undefined }] },
      },
      { title: 'no groups', request: { GroupIdList: [] }, refused: 'INVALID_PARAMETERS' },
      { title: '51 groups', request: { GroupIdList: Array(51).fill('g') }, refused: 'INVALID_PARAMETERS' },
    ],
  },
];
