import type { Contract } from './contract.ts';
import { group, members } from './scene.ts';

const S = 'group_open_http_svc';
const FIVE_HUNDRED_ONE = members(...Array.from({ length: 501 }, (_, i) => `u${i}`));

/** tencent-rest-group C1.8 to C1.10 and C1.13. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/add_group_member`,
    api: 53,
    differences: ['Result is never 3: an app admin adds without waiting for anybody.'],
    cases: [
      {
        title: 'who can join has joined, and each is told apart',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeInviteJoinGroup' },
          { CallbackCommand: 'Group.CallbackAfterNewMemberJoin' },
        ],
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g', MemberList: members('u1', 'u2', 'ghost') },
        answer: {
          MemberList: [
            { Member_Account: 'u1', Result: 2 },
            { Member_Account: 'u2', Result: 1 },
            { Member_Account: 'ghost', Result: 0 },
          ],
        },
        afterwards: [['get_group_member_info', { GroupId: 'g' }, { MemberNum: 3 }]],
      },
      { title: 'no list', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'no such group',
        request: { GroupId: 'nope', MemberList: members('u1') },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { GroupId: 'g', MemberList: members('u1') },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'no account that exists',
        given: [group('Public', 'g')],
        request: { GroupId: 'g', MemberList: members('ghost') },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      {
        title: '501 members',
        given: [group('Public', 'g')],
        request: { GroupId: 'g', MemberList: FIVE_HUNDRED_ONE },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'the group is full',
        rules: { maxMembers: { Private: 2, Public: 2, ChatRoom: 2, AVChatRoom: 2, Community: 2 } },
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g', MemberList: members('u2') },
        refused: 'GROUP_FULL',
        webhooks: [{ CallbackCommand: 'Group.CallbackAfterGroupFull', GroupId: 'g', Type: undefined }],
      },
      {
        title: 'the last place is taken',
        rules: { maxMembers: { Private: 3, Public: 3, ChatRoom: 3, AVChatRoom: 3, Community: 3 } },
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g', MemberList: members('u2') },
        answer: { MemberList: [{ Member_Account: 'u2', Result: 1 }] },
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackBeforeInviteJoinGroup',
            GroupId: 'g',
            Type: 'Public',
            Operator_Account: 'administrator',
            DestinationMembers: members('u2'),
            EventTime: Number.isInteger,
          },
          {
            CallbackCommand: 'Group.CallbackAfterNewMemberJoin',
            GroupId: 'g',
            Type: 'Public',
            JoinType: 'Invited',
            Operator_Account: 'administrator',
            NewMemberList: members('u2'),
            EventTime: Number.isInteger,
          },
          { CallbackCommand: 'Group.CallbackAfterGroupFull', GroupId: 'g', EventTime: Number.isInteger },
        ],
      },
    ],
  },
  {
    command: `${S}/delete_group_member`,
    api: 54,
    cases: [
      {
        title: 'members leave; who is none does no harm',
        given: [group('Public', 'g', 'u1', 'u2')],
        request: { GroupId: 'g', MemberToDel_Account: ['u1', 'ghost'], Reason: 'r', Silence: 1 },
        answer: {},
        afterwards: [
          [
            'get_group_member_info',
            { GroupId: 'g' },
            { MemberNum: 2, MemberList: [{ Member_Account: 'owner' }, { Member_Account: 'u2' }] },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterMemberExit',
            GroupId: 'g',
            Type: 'Public',
            ExitType: 'Kicked',
            Operator_Account: 'administrator',
            ExitMemberList: members('u1'),
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { GroupId: 'g', MemberToDel_Account: ['u1'] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'the owner',
        given: [group('Public', 'g')],
        request: { GroupId: 'g', MemberToDel_Account: ['owner'] },
        refused: 'OWNER_MAY_NOT_QUIT',
      },
      {
        title: 'no such group',
        request: { GroupId: 'x', MemberToDel_Account: ['u1'] },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: '501 members',
        request: {
          GroupId: 'g',
          MemberToDel_Account: FIVE_HUNDRED_ONE.map(({ Member_Account }) => Member_Account),
        },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/get_group_member_info`,
    api: 62,
    cases: [
      {
        title: 'members in the order of joining, with the fields asked for',
        given: [group('Public', 'g', 'u1', 'u2')],
        request: { GroupId: 'g', MemberInfoFilter: ['Role'], Limit: 2, Offset: 1 },
        answer: {
          MemberNum: 3,
          MemberList: [
            { Member_Account: 'u1', Role: 'Member', JoinTime: undefined },
            { Member_Account: 'u2', Role: 'Member' },
          ],
        },
        webhooks: [],
      },
      {
        title: 'only some roles',
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g', MemberRoleFilter: ['Owner'] },
        answer: { MemberNum: 2, MemberList: [{ Member_Account: 'owner', Role: 'Owner' }] },
      },
      {
        title: 'mutes under both names',
        given: [
          group('Public', 'g', 'u1'),
          ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u1'], MuteTime: 4_294_967_295 }],
        ],
        request: { GroupId: 'g', MemberInfoFilter: ['ShutUpUntil'], MemberRoleFilter: ['Member'] },
        answer: {
          MemberList: [{ Member_Account: 'u1', MuteUntil: 4_294_967_295, ShutUpUntil: 4_294_967_295 }],
        },
      },
      {
        title: 'a Community is paged by Next',
        given: [group('Community', '@TGS#_town', 'u1', 'u2')],
        request: { GroupId: '@TGS#_town', Limit: 2, Next: '', MemberInfoFilter: ['Account'] },
        answer: { MemberList: members('owner', 'u1'), Next: /^\d+$/ },
      },
      { title: 'no such group', request: { GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
      {
        title: 'an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { GroupId: 'g' },
        refused: 'PERMISSION_DENIED',
      },
      { title: 'a Limit of 6,001', request: { GroupId: 'g', Limit: 6_001 }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'an unknown role',
        request: { GroupId: 'g', MemberRoleFilter: ['Boss'] },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/forbid_send_msg`,
    api: 57,
    cases: [
      {
        title: 'a tip tells the members, no webhook the app',
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g', Members_Account: ['u1'], MuteTime: 4_294_967_295 },
        answer: {},
        afterwards: [
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ NextMsgSeq: 2 }] }],
          ['get_group_muted_account', { GroupId: 'g' }, { MutedAccountList: [{ Member_Account: 'u1' }] }],
        ],
        webhooks: [],
      },
      {
        title: 'mutes for some seconds',
        given: [group('Public', 'g', 'u1')],
        request: { GroupId: 'g', Members_Account: ['u1'], MuteTime: 60 },
        answer: {},
        afterwards: [
          [
            'send_group_msg',
            {
              GroupId: 'g',
              From_Account: 'u1',
              Random: 1,
              MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x' } }],
            },
            { ErrorCode: 10017 },
          ],
        ],
      },
      {
        title: 'the old name ShutUpTime; 0 ends a mute',
        given: [
          group('Public', 'g', 'u1'),
          ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u1'], MuteTime: 60 }],
        ],
        request: { GroupId: 'g', Members_Account: ['u1'], ShutUpTime: 0 },
        answer: {},
        afterwards: [
          [
            'get_group_member_info',
            { GroupId: 'g', MemberInfoFilter: ['MuteUntil'], MemberRoleFilter: ['Member'] },
            { MemberList: [{ MuteUntil: 0 }] },
          ],
        ],
      },
      {
        title: '501 users',
        given: [group('Public', 'g')],
        request: {
          GroupId: 'g',
          Members_Account: FIVE_HUNDRED_ONE.map(({ Member_Account }) => Member_Account),
          MuteTime: 1,
        },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'a user who does not exist',
        given: [group('Public', 'g')],
        request: { GroupId: 'g', Members_Account: ['ghost'], MuteTime: 1 },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      { title: 'no time', request: { GroupId: 'g', Members_Account: ['u1'] }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'a time over 32 bits',
        request: { GroupId: 'g', Members_Account: ['u1'], MuteTime: 2 ** 32 },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a Work group',
        given: [group('Work', 'g', 'u1')],
        request: { GroupId: 'g', Members_Account: ['u1'], MuteTime: 5 },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'no such group',
        request: { GroupId: 'nope', Members_Account: ['u1'], MuteTime: 5 },
        refused: 'GROUP_NOT_FOUND',
      },
    ],
  },
];
