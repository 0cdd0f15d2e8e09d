import type { Call, Case, Contract } from './contract.ts';
import { group } from './scene.ts';

const S = 'group_open_http_svc';
const A = 'group_open_avchatroom_http_svc';
const ROOM = [group('AVChatRoom', 'live')];

const mark = (...MemberList: readonly object[]): Call => [
  `${A}/modify_user_info`,
  { GroupId: 'live', CommandType: 1, MemberList },
];
const marks = (Member_Account: string, ...Marks: readonly number[]) => ({ Member_Account, Marks });
const CROWD = [...ROOM, mark(marks('u1', 500), marks('u2', 500, 600, 1_000))];
const ONLY_CONNECTED = ['Nobody is connected yet: online are those with the mark 500.'];

function elsewhere(fields: object): readonly Case[] {
  return [
    { title: 'no such group', request: { GroupId: 'nope', ...fields }, refused: 'GROUP_NOT_FOUND' },
    { title: 'no group', request: fields, refused: 'INVALID_PARAMETERS' },
    {
      title: 'a Public group',
      given: [group('Public', 'g')],
      request: { GroupId: 'g', ...fields },
      refused: 'PERMISSION_DENIED',
    },
  ];
}

/** tencent-rest-group C1.20 to C1.22. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/get_online_member_num`,
    api: 69,
    differences: ONLY_CONNECTED,
    cases: [
      {
        title: 'nobody',
        given: ROOM,
        request: { GroupId: 'live' },
        answer: { OnlineMemberNum: 0 },
        webhooks: [],
      },
      {
        title: 'who is always online, hidden or not',
        given: CROWD,
        request: { GroupId: 'live' },
        answer: { OnlineMemberNum: 2 },
      },
      ...elsewhere({}),
    ],
  },
  {
    command: `${A}/get_members`,
    api: 70,
    differences: ONLY_CONNECTED,
    cases: [
      {
        title: 'nobody',
        given: ROOM,
        request: { GroupId: 'live', Timestamp: 0 },
        answer: { MemberList: [], NextTimestamp: 0 },
        webhooks: [],
      },
      {
        title: 'those who are not hidden, with name and picture',
        given: [
          ...CROWD,
          [
            'im_open_login_svc/account_import',
            { UserID: 'u1', Nick: 'Una', FaceUrl: 'https://faces.example/u1' },
          ],
        ],
        request: { GroupId: 'live', Timestamp: 0 },
        answer: {
          MemberList: [
            {
              Member_Account: 'u1',
              JoinTime: 1_735_689_600,
              NickName: 'Una',
              Avatar: 'https://faces.example/u1',
            },
          ],
          NextTimestamp: 0,
        },
      },
      {
        title: 'those with a mark, also the hidden',
        given: CROWD,
        request: { GroupId: 'live', Timestamp: 0, Mark: 1_000 },
        answer: { MemberList: [{ Member_Account: 'u2' }] },
      },
      ...elsewhere({ Timestamp: 0 }),
    ],
  },
  {
    command: `${A}/modify_user_info`,
    api: 71,
    differences: ONLY_CONNECTED,
    cases: [
      {
        title: 'marks are set for those who are online; the others are left out',
        given: CROWD,
        request: { GroupId: 'live', CommandType: 1, MemberList: [marks('u1', 1_001), marks('u3', 1_001)] },
        answer: { CommandType: 1, MemberList: [marks('u1', 1_001)] },
        afterwards: [
          [`${A}/get_members`, { GroupId: 'live', Mark: 1_001 }, { MemberList: [{ Member_Account: 'u1' }] }],
        ],
        webhooks: [],
      },
      {
        title: 'who loses the mark 500 is offline',
        given: CROWD,
        request: { GroupId: 'live', CommandType: 2, MemberList: [marks('u1', 500)] },
        answer: { CommandType: 2, MemberList: [marks('u1', 500)] },
        afterwards: [['get_online_member_num', { GroupId: 'live' }, { OnlineMemberNum: 1 }]],
      },
      {
        title: 'nobody of them is online',
        given: CROWD,
        request: { GroupId: 'live', CommandType: 1, MemberList: [marks('u3', 1_001)] },
        refused: 'NOT_ONLINE',
      },
      {
        title: 'no account',
        given: ROOM,
        request: { GroupId: 'live', CommandType: 1, MemberList: [marks('ghost', 500)] },
        refused: 'NOT_ONLINE',
      },
      {
        title: 'a number that is no mark',
        given: CROWD,
        request: { GroupId: 'live', CommandType: 1, MemberList: [marks('u1', 999)] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an unknown CommandType',
        given: CROWD,
        request: { GroupId: 'live', CommandType: 3, MemberList: [marks('u1', 1_000)] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '501 members',
        given: ROOM,
        request: { GroupId: 'live', CommandType: 1, MemberList: Array(501).fill(marks('u1', 500)) },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      ...elsewhere({ CommandType: 1, MemberList: [marks('u1', 500)] }),
    ],
  },
];
