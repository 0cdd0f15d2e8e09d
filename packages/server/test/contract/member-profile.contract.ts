import type { Contract } from './contract.ts';
import { group, inTopic, members, message, NEWS, TOWN, townWithTopics } from './scene.ts';

const S = 'group_open_http_svc';
/** The clock of the harness, in unix seconds. */
const NOW = 1_735_689_600;
const FOR_EVER = 4_294_967_295;
const G = [group('Public', 'g', 'u1', 'u2')];
const LIVE = [group('AVChatRoom', 'g')];
const memberList = (GroupId: string, ...list: readonly object[]) =>
  ['get_group_member_info', { GroupId }, { MemberList: list as { [key: string]: never }[] }] as const;
const sends = (GroupId: string, From_Account: string, ErrorCode: number) =>
  ['send_group_msg', message(GroupId, From_Account, 'x')[1], { ErrorCode }] as const;

/** tencent-rest-group C1.11, C1.12, C1.14, C1.16 and C1.17. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/modify_group_member_info`,
    api: 63,
    differences: ['Custom fields need not be declared; a member has at most 5.'],
    cases: [
      {
        title: 'changes the fields given, and leaves the others',
        given: G,
        request: {
          GroupId: 'g',
          Member_Account: 'u1',
          Role: 'Admin',
          MsgFlag: 'Discard',
          NameCard: 'card',
          AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
          MuteTime: 60,
        },
        answer: {},
        afterwards: [
          memberList(
            'g',
            { Member_Account: 'owner', Role: 'Owner' },
            {
              Member_Account: 'u1',
              Role: 'Admin',
              MsgFlag: 'Discard',
              NameCard: 'card',
              AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
              MuteUntil: NOW + 60,
              ShutUpUntil: NOW + 60,
              JoinTime: NOW,
            },
            { Member_Account: 'u2', Role: 'Member', NameCard: '', MuteUntil: 0 },
          ),
          [
            'group_msg_get_simple',
            { GroupId: 'g', ReqMsgNumber: 5 },
            { RspMsgList: [{ MsgSeq: 2 }, { MsgSeq: 1 }] },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterMemberFieldChanged',
            GroupId: 'g',
            Type: 'Public',
            Operator_Account: 'administrator',
            Member_Account: 'u1',
            Role: 'Admin',
            NameCard: 'card',
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'the old name ShutUpTime; 0 ends the mute, and app backends are not told of mutes',
        given: [...G, ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u1'], MuteTime: FOR_EVER }]],
        request: { GroupId: 'g', Member_Account: 'u1', ShutUpTime: 0 },
        answer: {},
        afterwards: [['get_group_muted_account', { GroupId: 'g' }, { MutedAccountList: [] }]],
        webhooks: [],
      },
      {
        title: 'ShutUpUntil holds seconds too, as one SDK sends it',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u1', ShutUpUntil: 60 },
        answer: {},
        afterwards: [
          ['get_group_muted_account', { GroupId: 'g' }, { MutedAccountList: [{ MutedUntil: NOW + 60 }] }],
        ],
      },
      {
        title: 'custom fields: an empty value takes one away',
        given: [
          ...G,
          [
            'modify_group_member_info',
            {
              GroupId: 'g',
              Member_Account: 'u1',
              AppMemberDefinedData: [
                { Key: 'a', Value: '1' },
                { Key: 'b', Value: '2' },
              ],
            },
          ],
        ],
        request: {
          GroupId: 'g',
          Member_Account: 'u1',
          AppMemberDefinedData: [
            { Key: 'a', Value: '' },
            { Key: 'c', Value: '3' },
          ],
        },
        answer: {},
        afterwards: [
          [
            'get_group_member_info',
            { GroupId: 'g', Limit: 1, Offset: 1 },
            {
              MemberList: [
                {
                  AppMemberDefinedData: [
                    { Key: 'b', Value: '2' },
                    { Key: 'c', Value: '3' },
                  ],
                },
              ],
            },
          ],
        ],
      },
      {
        title: 'an admin becomes a member again',
        webhooks: [
          { CallbackCommand: 'Group.CallbackAfterMemberFieldChanged' },
          { CallbackCommand: 'Group.CallbackSendMsgException' },
        ],
        given: [
          ...G,
          ['modify_group_member_info', { GroupId: 'g', Member_Account: 'u1', Role: 'Admin' }],
          ['modify_group_base_info', { GroupId: 'g', MuteAllMember: 'On' }],
        ],
        request: { GroupId: 'g', Member_Account: 'u1', Role: 'Member' },
        answer: {},
        afterwards: [sends('g', 'u1', 10017)],
      },
      {
        title: 'a new MsgFlag or custom field alone is told to nobody',
        given: G,
        request: {
          GroupId: 'g',
          Member_Account: 'u1',
          MsgFlag: 'Discard',
          Role: 'Member',
          AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
        },
        answer: {},
        webhooks: [],
      },
      {
        title: 'who is muted may not send',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u1', MuteTime: FOR_EVER },
        answer: {},
        afterwards: [sends('g', 'u1', 10017), sends('g', 'u2', 0)],
      },
      {
        title: 'the name card of an owner, and in a Work group the end of a mute that there is not',
        webhooks: [{ CallbackCommand: 'Group.CallbackAfterMemberFieldChanged' }],
        given: [group('Work', 'g')],
        request: { GroupId: 'g', Member_Account: 'owner', NameCard: 'boss', ShutUpUntil: 0 },
        answer: {},
        afterwards: [memberList('g', { Member_Account: 'owner', Role: 'Owner', NameCard: 'boss' })],
      },
      { title: 'no member', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'no such group',
        request: { GroupId: 'nope', Member_Account: 'u1' },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'who is no member',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u3', NameCard: 'x' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'the role of the owner',
        given: G,
        request: { GroupId: 'g', Member_Account: 'owner', Role: 'Admin' },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'to make somebody an owner',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u1', Role: 'Owner' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an admin in a Work group',
        given: [group('Work', 'g', 'u1')],
        request: { GroupId: 'g', Member_Account: 'u1', Role: 'Admin' },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'a mute in a Work group',
        given: [group('Work', 'g', 'u1')],
        request: { GroupId: 'g', Member_Account: 'u1', MuteTime: 5 },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'an AVChatRoom',
        given: LIVE,
        request: { GroupId: 'g', Member_Account: 'owner', NameCard: 'x' },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'a NameCard of 51 bytes',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u1', NameCard: 'x'.repeat(51) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an unknown MsgFlag',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u1', MsgFlag: 'Loud' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '6 custom fields',
        given: G,
        request: {
          GroupId: 'g',
          Member_Account: 'u1',
          AppMemberDefinedData: Array.from({ length: 6 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })),
        },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/get_role_in_group`,
    api: 60,
    cases: [
      {
        title: 'the role of each, in the order asked for',
        given: [...G, ['modify_group_member_info', { GroupId: 'g', Member_Account: 'u2', Role: 'Admin' }]],
        request: { GroupId: 'g', User_Account: ['u2', 'ghost', 'u1', 'owner', 'u2'] },
        answer: {
          UserIdList: [
            { Member_Account: 'u2', Role: 'Admin' },
            { Member_Account: 'ghost', Role: 'NotMember' },
            { Member_Account: 'u1', Role: 'Member' },
            { Member_Account: 'owner', Role: 'Owner' },
            { Member_Account: 'u2', Role: 'Admin' },
          ],
        },
        webhooks: [],
      },
      { title: 'no users', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: '501 users',
        request: { GroupId: 'g', User_Account: Array(501).fill('u1') },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'no such group',
        request: { GroupId: 'nope', User_Account: ['u1'] },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'an AVChatRoom',
        given: LIVE,
        request: { GroupId: 'g', User_Account: ['u1'] },
        refused: 'PERMISSION_DENIED',
      },
    ],
  },
  {
    command: `${S}/get_group_muted_account`,
    otherNames: [`${S}/get_group_shutted_uin`],
    api: 58,
    cases: [
      {
        title: 'of a topic, and not of its community',
        given: [
          ...townWithTopics('u1', 'u2'),
          inTopic(['forbid_send_msg', { GroupId: TOWN, Members_Account: ['u1'], MuteTime: FOR_EVER }]),
          ['forbid_send_msg', { GroupId: TOWN, Members_Account: ['u2'], MuteTime: FOR_EVER }],
        ],
        request: { GroupId: TOWN, TopicId: NEWS },
        answer: { MutedAccountList: [{ Member_Account: 'u1', MutedUntil: FOR_EVER }] },
      },
      {
        title: 'a topic that is not there',
        given: townWithTopics('u1'),
        request: { GroupId: TOWN, TopicId: `${TOWN}@TOPIC#_none` },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'who is muted, members or not, under old and new names',
        given: [
          ...G,
          ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u2', 'u3'], MuteTime: 60 }],
          ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u1'], MuteTime: FOR_EVER }],
          ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u2'], MuteTime: 0 }],
        ],
        request: { GroupId: 'g' },
        answer: {
          GroupId: 'g',
          MutedAccountList: [
            { Member_Account: 'u1', MutedUntil: FOR_EVER },
            { Member_Account: 'u3', MutedUntil: NOW + 60 },
          ],
          ShuttedUinList: [
            { Member_Account: 'u1', ShuttedUntil: FOR_EVER },
            { Member_Account: 'u3', ShuttedUntil: NOW + 60 },
          ],
        },
        webhooks: [],
      },
      {
        title: 'nobody',
        given: [group('Work', 'g')],
        request: { GroupId: 'g' },
        answer: { MutedAccountList: [], ShuttedUinList: [] },
      },
      { title: 'no GroupId', request: {}, refused: 'INVALID_PARAMETERS' },
      { title: 'no such group', request: { GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
    ],
  },
  {
    command: `${S}/ban_group_member`,
    api: 55,
    differences: ['A message in the name of a banned user is refused as well (10007).'],
    cases: [
      {
        title: 'who is banned may not send',
        given: LIVE,
        request: { GroupId: 'g', Members_Account: ['u1', 'u2'], Duration: 60, Description: 'spam' },
        answer: {},
        afterwards: [sends('g', 'u1', 10007), sends('g', 'u2', 10007), sends('g', 'u3', 0)],
      },
      { title: 'no users', request: { GroupId: 'g', Duration: 1 }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'no Duration',
        given: LIVE,
        request: { GroupId: 'g', Members_Account: ['u1'] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '21 users',
        request: { GroupId: 'g', Members_Account: Array(21).fill('u1'), Duration: 1 },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'a Description of 1,001 bytes',
        given: LIVE,
        request: { GroupId: 'g', Members_Account: ['u1'], Duration: 1, Description: 'x'.repeat(1_001) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a user who does not exist',
        given: LIVE,
        request: { GroupId: 'g', Members_Account: ['ghost'], Duration: 1 },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'no AVChatRoom',
        given: G,
        request: { GroupId: 'g', Members_Account: ['u1'], Duration: 1 },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'no such group',
        request: { GroupId: 'nope', Members_Account: ['u1'], Duration: 1 },
        refused: 'GROUP_NOT_FOUND',
      },
    ],
  },
  {
    command: `${S}/unban_group_member`,
    api: 56,
    cases: [
      {
        title: 'the ban is over; who was not banned does no harm',
        given: [
          ...LIVE,
          ['ban_group_member', { GroupId: 'g', Members_Account: ['u1', 'u2'], Duration: FOR_EVER }],
        ],
        request: { GroupId: 'g', Members_Account: ['u1', 'u3', 'ghost'] },
        answer: {},
        afterwards: [sends('g', 'u1', 0), sends('g', 'u2', 10007)],
      },
      { title: 'no users', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: '21 users',
        request: { GroupId: 'g', Members_Account: Array(21).fill('u1') },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'no AVChatRoom',
        given: G,
        request: { GroupId: 'g', Members_Account: ['u1'] },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'no such group',
        request: { GroupId: 'nope', Members_Account: ['u1'] },
        refused: 'GROUP_NOT_FOUND',
      },
    ],
  },
  {
    command: `${S}/get_group_ban_member`,
    api: 72,
    cases: [
      {
        title: 'a page of who is banned, and where to go on',
        given: [
          ...LIVE,
          ['ban_group_member', { GroupId: 'g', Members_Account: ['u3', 'u1'], Duration: FOR_EVER }],
          ['ban_group_member', { GroupId: 'g', Members_Account: ['u2'], Duration: 60 }],
        ],
        request: { GroupId: 'g', Limit: 2, Offset: 0 },
        answer: {
          BannedAccountList: [
            { Member_Account: 'u1', BannedUntil: FOR_EVER },
            { Member_Account: 'u2', BannedUntil: NOW + 60 },
          ],
          NextOffset: 2,
        },
        afterwards: [
          [
            'get_group_ban_member',
            { GroupId: 'g', Offset: 2 },
            { BannedAccountList: [{ Member_Account: 'u3' }], NextOffset: 0 },
          ],
        ],
        webhooks: [],
      },
      { title: 'no Offset', given: LIVE, request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'a Limit of 101',
        given: LIVE,
        request: { GroupId: 'g', Limit: 101, Offset: 0 },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'no AVChatRoom',
        given: G,
        request: { GroupId: 'g', Offset: 0 },
        refused: 'PERMISSION_DENIED',
      },
      { title: 'no such group', request: { GroupId: 'nope', Offset: 0 }, refused: 'GROUP_NOT_FOUND' },
    ],
  },
  {
    command: `${S}/import_group_member`,
    api: 61,
    cases: [
      {
        title: 'members with the role, the time and the unread messages given, and a word to nobody',
        given: [
          [
            'import_group',
            { Type: 'Public', GroupId: 'g', Name: 'n', Owner_Account: 'owner', CreateTime: NOW - 100 },
          ],
          message('g', 'owner', 'one'),
          message('g', 'owner', 'two'),
          message('g', 'owner', 'three'),
        ],
        request: {
          GroupId: 'g',
          MemberList: [
            { Member_Account: 'u1', Role: 'Admin', JoinTime: NOW - 100, UnreadMsgNum: 2 },
            { Member_Account: 'u2', UnreadMsgNum: 99 },
            { Member_Account: 'u3', JoinTime: 0 },
            { Member_Account: 'owner' },
            { Member_Account: 'ghost' },
            { Member_Account: 'u4', JoinTime: NOW - 101 },
            { Member_Account: 'u5', JoinTime: NOW + 1 },
          ],
        },
        answer: {
          MemberList: [
            { Member_Account: 'u1', Result: 1 },
            { Member_Account: 'u2', Result: 1 },
            { Member_Account: 'u3', Result: 1 },
            { Member_Account: 'owner', Result: 2 },
            { Member_Account: 'ghost', Result: 0 },
            { Member_Account: 'u4', Result: 0 },
            { Member_Account: 'u5', Result: 0 },
          ],
        },
        afterwards: [
          memberList(
            'g',
            { Member_Account: 'owner' },
            { Member_Account: 'u1', Role: 'Admin', JoinTime: NOW - 100, MsgSeq: 1 },
            { Member_Account: 'u2', Role: 'Member', JoinTime: NOW, MsgSeq: 0 },
            { Member_Account: 'u3', Role: 'Member', JoinTime: NOW, MsgSeq: 3 },
          ),
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ MemberNum: 4, NextMsgSeq: 4 }] }],
        ],
        webhooks: [],
      },
      {
        title: 'a Work group has no admins, and a full group no places',
        rules: { maxMembers: { Private: 2, Public: 2, ChatRoom: 2, AVChatRoom: 2, Community: 2 } },
        given: [group('Work', 'g')],
        request: {
          GroupId: 'g',
          MemberList: [{ Member_Account: 'u1', Role: 'Admin' }, ...members('u2', 'u3')],
        },
        answer: { MemberList: [{ Result: 0 }, { Result: 1 }, { Result: 0 }] },
        webhooks: [],
      },
      { title: 'no list', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: '301 members',
        request: { GroupId: 'g', MemberList: Array(301).fill({ Member_Account: 'u1' }) },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'an AVChatRoom',
        given: LIVE,
        request: { GroupId: 'g', MemberList: members('u1') },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'no such group',
        request: { GroupId: 'nope', MemberList: members('u1') },
        refused: 'GROUP_NOT_FOUND',
      },
    ],
  },
];
