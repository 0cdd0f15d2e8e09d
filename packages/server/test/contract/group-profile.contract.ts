import type { Case, Contract } from './contract.ts';
import { group, groupWith, message, text } from './scene.ts';

const S = 'group_open_http_svc';
const G = [group('Public', 'g', 'u1', 'u2')];
const info = (GroupId: string, fields: object) =>
  ['get_group_info', { GroupIdList: [GroupId] }, { GroupInfo: [{ GroupId, ...fields }] }] as const;
const keys = (count: number) => Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));

/** tencent-rest-group C1.6, C1.7 and C1.15. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/modify_group_base_info`,
    api: 51,
    differences: [
      'Custom fields need not be declared; a group has at most 10.',
      'A setting that the group does not have is refused (10007) unless it says what holds anyway.',
      'InviteJoinOption is kept and answered; it is about clients that invite, and none can connect yet.',
      'EnablePermission and DefaultPermission are kept and answered, but there are no permission groups yet.',
    ],
    cases: [
      {
        title: 'changes the fields given, counts the change, and leaves the others',
        given: G,
        request: {
          GroupId: 'g',
          Name: 'new',
          Introduction: 'intro',
          Notification: 'notice',
          FaceUrl: 'https://example.com/g.png',
          MaxMemberNum: 50,
          ApplyJoinOption: 'FreeAccess',
          InviteJoinOption: 'DisableInvite',
          MuteAllMember: 'On',
          HistoryMsgBeforeJoin: 'On',
        },
        answer: {},
        afterwards: [
          info('g', {
            Name: 'new',
            Introduction: 'intro',
            Notification: 'notice',
            FaceUrl: 'https://example.com/g.png',
            Owner_Account: 'owner',
            MaxMemberNum: 50,
            ApplyJoinOption: 'FreeAccess',
            InviteJoinOption: 'DisableInvite',
            MuteAllMember: 'On',
            ShutUpAllMember: 'On',
            HistoryMsgBeforeJoin: 'On',
            InfoSeq: 2,
            MemberNum: 3,
            NextMsgSeq: 2,
          }),
          ['group_msg_get_simple', { GroupId: 'g', ReqMsgNumber: 5 }, { RspMsgList: [{ IsSystemMsg: 1 }] }],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupInfoChanged',
            GroupId: 'g',
            Type: 'Public',
            Operator_Account: 'administrator',
            Name: 'new',
            Introduction: 'intro',
            Notification: 'notice',
            FaceUrl: 'https://example.com/g.png',
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'what is as it was is no change',
        given: G,
        request: { GroupId: 'g', Name: 'g', MuteAllMember: 'Off' },
        answer: {},
        afterwards: [info('g', { InfoSeq: 1, NextMsgSeq: 1 })],
        webhooks: [],
      },
      {
        title: 'the old name ShutUpAllMember mutes all but owner, admins and app admins',
        given: [...G, message('g', 'u1', 'before')],
        request: { GroupId: 'g', ShutUpAllMember: 'On' },
        answer: {},
        afterwards: [
          ['send_group_msg', message('g', 'u1', 'member')[1], { ErrorCode: 10017 }],
          ['send_group_msg', message('g', 'owner', 'owner')[1], { ErrorCode: 0 }],
          ['send_group_msg', { GroupId: 'g', Random: 1, MsgBody: text('app admin') }, { ErrorCode: 0 }],
        ],
      },
      {
        title:
          'custom fields: sets the keys given, an empty value takes one away; that alone is told to nobody',
        given: [
          groupWith('Public', 'g', {
            AppDefinedData: [
              { Key: 'a', Value: '1' },
              { Key: 'b', Value: '2' },
            ],
          }),
        ],
        request: {
          GroupId: 'g',
          AppDefinedData: [
            { Key: 'a', Value: '' },
            { Key: 'b', Value: '3' },
            { Key: 'c', Value: '\u0000' },
          ],
        },
        answer: {},
        afterwards: [
          info('g', {
            AppDefinedData: [
              { Key: 'b', Value: '3' },
              { Key: 'c', Value: '\u0000' },
            ],
            InfoSeq: 2,
            NextMsgSeq: 1,
          }),
        ],
        webhooks: [],
      },
      {
        title: 'settings that the type does not have may say what holds anyway',
        webhooks: [{ CallbackCommand: 'Group.CallbackAfterGroupInfoChanged' }],
        given: [group('Community', '@TGS#_g')],
        request: {
          GroupId: '@TGS#_g',
          ApplyJoinOption: 'FreeAccess',
          HistoryMsgBeforeJoin: 'On',
          EnablePermission: 0,
          Name: 'n',
        },
        answer: {},
        afterwards: [
          info('@TGS#_g', { Name: 'n', ApplyJoinOption: 'FreeAccess', HistoryMsgBeforeJoin: 'On' }),
        ],
      },
      ...(
        [
          ['Community', '@TGS#_g', { ApplyJoinOption: 'DisableApply' }],
          ['Community', '@TGS#_g', { HistoryMsgBeforeJoin: 'Off' }],
          ['Community', '@TGS#_g', { EnablePermission: 1 }],
          ['Work', 'g', { ApplyJoinOption: 'FreeAccess' }],
          ['Public', 'g', { DefaultPermission: 1 }],
          ['AVChatRoom', 'g', { InviteJoinOption: 'DisableInvite' }],
          ['AVChatRoom', 'g', { HistoryMsgBeforeJoin: 'On' }],
        ] as const
      ).map(
        ([type, GroupId, setting]): Case => ({
          title: `${Object.keys(setting).join()} in a ${type} group, which has no such setting`,
          given: [group(type, GroupId)],
          request: { GroupId, Name: 'n', ...setting },
          refused: 'PERMISSION_DENIED',
        }),
      ),
      ...(
        [
          ['Work', 'g', 1],
          ['Meeting', 'g', 2],
          ['AVChatRoom', 'g', 1],
          ['Community', '@TGS#_g', 2],
        ] as const
      ).map(
        ([type, GroupId, NextMsgSeq]): Case => ({
          title: `a new name of a ${type} group is told; its tip ${NextMsgSeq === 2 ? 'takes a number' : 'is in no history'}`,
          given: [group(type, GroupId)],
          request: { GroupId, Name: 'n' },
          answer: {},
          afterwards: [info(GroupId, { Name: 'n', NextMsgSeq })],
          webhooks: [{ CallbackCommand: 'Group.CallbackAfterGroupInfoChanged', GroupId, Name: 'n' }],
        }),
      ),
      {
        title: 'MaxMemberNum counts for nothing in an AVChatRoom',
        webhooks: [{ CallbackCommand: 'Group.CallbackAfterGroupInfoChanged' }],
        given: [group('AVChatRoom', 'g')],
        request: { GroupId: 'g', MaxMemberNum: 1, Introduction: 'i' },
        answer: {},
        afterwards: [info('g', { Introduction: 'i', MaxMemberNum: 10_000_000 })],
      },
      {
        title: 'From_Account shows as the one who did it; only what has changed is told',
        given: G,
        request: { GroupId: 'g', Name: 'n', From_Account: 'u1' },
        answer: {},
        afterwards: [
          [
            'group_msg_get_simple',
            { GroupId: 'g', ReqMsgNumber: 1 },
            { RspMsgList: [{ From_Account: 'u1' }] },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterGroupInfoChanged',
            Operator_Account: 'u1',
            Name: 'n',
            Introduction: undefined,
            Notification: undefined,
            FaceUrl: undefined,
          },
        ],
      },
      { title: 'no GroupId', request: { Name: 'n' }, refused: 'INVALID_PARAMETERS' },
      { title: 'not a group id', request: { GroupId: 'é' }, refused: 'INVALID_GROUP_ID' },
      { title: 'no such group', request: { GroupId: 'nope', Name: 'n' }, refused: 'GROUP_NOT_FOUND' },
      {
        title: 'a Name of 33 bytes',
        given: G,
        request: { GroupId: 'g', Name: '一'.repeat(11) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an Introduction of 241 bytes',
        given: G,
        request: { GroupId: 'g', Introduction: 'x'.repeat(241) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a Notification of 301 bytes',
        given: G,
        request: { GroupId: 'g', Notification: 'x'.repeat(301) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a FaceUrl of 101 bytes',
        given: G,
        request: { GroupId: 'g', FaceUrl: 'x'.repeat(101) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a switch that is neither On nor Off',
        given: G,
        request: { GroupId: 'g', MuteAllMember: 1 },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'more members than the type may have',
        given: G,
        request: { GroupId: 'g', MaxMemberNum: 6_001 },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '11 custom fields',
        given: G,
        request: { GroupId: 'g', AppDefinedData: keys(11) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a From_Account that does not exist',
        given: G,
        request: { GroupId: 'g', Name: 'n', From_Account: 'ghost' },
        refused: 'OPERATOR_INVALID',
      },
    ],
  },
  {
    command: `${S}/import_group`,
    api: 52,
    differences: [
      'A CreateTime in the future is refused (10004).',
      'MaxMemberCount defaults to the limit of the type, as of a group that is created.',
    ],
    cases: [
      {
        title: 'a group of the time given, with its owner, and a word to nobody',
        request: {
          Type: 'Public',
          GroupId: 'g',
          Name: 'name',
          Owner_Account: 'owner',
          Introduction: 'intro',
          MaxMemberCount: 50,
          ApplyJoinOption: 'DisableApply',
          AppDefinedData: [{ Key: 'k', Value: 'v' }],
          CreateTime: 1_600_000_000,
        },
        answer: { GroupId: 'g' },
        afterwards: [
          info('g', {
            Name: 'name',
            CreateTime: 1_600_000_000,
            MaxMemberNum: 50,
            ApplyJoinOption: 'DisableApply',
            AppDefinedData: [{ Key: 'k', Value: 'v' }],
            NextMsgSeq: 1,
            MemberList: [{ Member_Account: 'owner', Role: 'Owner', JoinTime: 1_600_000_000 }],
          }),
        ],
        webhooks: [],
      },
      {
        title: 'a CreateTime of 0 is now; the server makes an id when none is given',
        request: { Type: 'Community', Name: 'n', CreateTime: 0 },
        answer: { GroupId: /^@TGS#_@TGS#/ },
      },
      { title: 'no Name', request: { Type: 'Public' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'an AVChatRoom',
        request: { Type: 'AVChatRoom', Name: 'n' },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'an id in use',
        given: G,
        request: { Type: 'Public', Name: 'n', GroupId: 'g' },
        refused: 'GROUP_ID_IN_USE',
      },
      {
        title: 'a CreateTime in the future',
        request: { Type: 'Public', Name: 'n', CreateTime: 4_000_000_000 },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an owner who does not exist',
        request: { Type: 'Public', Name: 'n', Owner_Account: 'ghost' },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      {
        title: '11 custom fields',
        request: { Type: 'Public', Name: 'n', AppDefinedData: keys(11) },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/change_group_owner`,
    api: 59,
    cases: [
      {
        title: 'the new owner owns the group, the old one is a member like others',
        given: G,
        request: { GroupId: 'g', NewOwner_Account: 'u1' },
        answer: {},
        afterwards: [
          info('g', {
            Owner_Account: 'u1',
            InfoSeq: 2,
            NextMsgSeq: 2,
            MemberList: [
              { Member_Account: 'owner', Role: 'Member' },
              { Member_Account: 'u1', Role: 'Owner' },
              { Member_Account: 'u2', Role: 'Member' },
            ],
          }),
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterChangeGroupOwner',
            GroupId: 'g',
            Type: 'Public',
            Operator_Account: 'administrator',
            OldOwner_Account: 'owner',
            NewOwner_Account: 'u1',
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'a group without an owner gets one',
        webhooks: [{ CallbackCommand: 'Group.CallbackAfterChangeGroupOwner' }],
        given: [
          ['create_group', { Type: 'Work', GroupId: 'g', Name: 'n', MemberList: [{ Member_Account: 'u1' }] }],
        ],
        request: { GroupId: 'g', NewOwner_Account: 'u1' },
        answer: {},
        afterwards: [info('g', { Owner_Account: 'u1' })],
      },
      {
        title: 'the old owner may leave then; From_Account shows as the one who did it',
        given: G,
        request: { GroupId: 'g', NewOwner_Account: 'u1', From_Account: 'owner' },
        answer: {},
        afterwards: [
          ['delete_group_member', { GroupId: 'g', MemberToDel_Account: ['u1'] }, { ErrorCode: 10009 }],
        ],
        webhooks: [{ CallbackCommand: 'Group.CallbackAfterChangeGroupOwner', Operator_Account: 'owner' }],
      },
      {
        title: 'the owner himself: nothing changes',
        given: G,
        request: { GroupId: 'g', NewOwner_Account: 'owner' },
        answer: {},
        afterwards: [info('g', { Owner_Account: 'owner', InfoSeq: 1, NextMsgSeq: 1 })],
        webhooks: [],
      },
      { title: 'no new owner', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'who is no member',
        given: G,
        request: { GroupId: 'g', NewOwner_Account: 'u3' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { GroupId: 'g', NewOwner_Account: 'u1' },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'no such group',
        request: { GroupId: 'nope', NewOwner_Account: 'u1' },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'a From_Account that does not exist',
        given: G,
        request: { GroupId: 'g', NewOwner_Account: 'u1', From_Account: 'ghost' },
        refused: 'OPERATOR_INVALID',
      },
    ],
  },
];
