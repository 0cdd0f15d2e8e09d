import type { Contract } from './contract.ts';
import { ACCOUNT_SERVICE, group, message, text } from './scene.ts';

const FOR_EVER = 4_294_967_295;
const SET = 'openconfigsvr/setnospeaking';
const GET = 'openconfigsvr/getnospeaking';
const send = (From_Account: string) => ({ GroupId: 'g', From_Account, Random: 1, MsgBody: text('x') });

/** tencent-rest-user C3.5, C3.6, D7 and D8. */
export const contracts: readonly Contract[] = [
  {
    command: `${ACCOUNT_SERVICE}/kick`,
    api: 87,
    differences: [
      'UserSigs made in an earlier second than the call are refused with 70052; there are no clients yet whose connections could end.',
    ],
    cases: [
      { title: 'UserSigs made before are worthless', request: { UserID: 'u1' }, answer: {}, webhooks: [] },
      { title: 'the old name Identifier', request: { Identifier: 'u1' }, answer: {} },
      { title: 'no account', request: {}, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'an account that does not exist', request: { UserID: 'ghost' }, refused: 'USER_NOT_FOUND' },
    ],
  },
  {
    command: 'openim/query_online_status',
    otherNames: ['openim/querystate'],
    api: 88,
    differences: ['No client can connect to this server yet, so every account is Offline.'],
    cases: [
      {
        title: 'each account that exists, under the old name of the field too',
        request: { To_Account: ['u1', 'ghost'] },
        answer: {
          QueryResult: [{ To_Account: 'u1', Status: 'Offline', State: 'Offline', Detail: undefined }],
          ErrorList: [{ To_Account: 'ghost', ErrorCode: 70107 }],
        },
        webhooks: [],
      },
      {
        title: 'with the platforms',
        request: { To_Account: ['u1'], IsNeedDetail: 1 },
        answer: { QueryResult: [{ To_Account: 'u1', Detail: [] }], ErrorList: [] },
      },
      { title: 'none that exists', request: { To_Account: ['ghost'] }, refused: 'USER_NOT_FOUND' },
      { title: 'no accounts', request: {}, refused: 'TO_ACCOUNT_INVALID' },
      { title: 'numbers for accounts', request: { To_Account: [1] }, refused: 'TO_ACCOUNT_INVALID' },
      {
        title: '501 accounts',
        request: { To_Account: Array(501).fill('u1') },
        refused: 'TOO_MANY_RECEIVERS',
      },
    ],
  },
  {
    command: SET,
    api: 104,
    cases: [
      {
        title: 'a muted account sends to no group',
        given: [group('Public', 'g', 'u1')],
        request: { Set_Account: 'u1', GroupmsgNospeakingTime: 7_200 },
        answer: {},
        afterwards: [
          [GET, { Get_Account: 'u1' }, { C2CmsgNospeakingTime: 0, GroupmsgNospeakingTime: 7_200 }],
          ['send_group_msg', send('u1'), { ErrorCode: 10017 }],
          ['send_group_msg', send('owner'), { ErrorCode: 0 }],
        ],
        // Nobody is asked about the message that was refused.
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeSendMsg', From_Account: 'owner' },
          { CallbackCommand: 'Group.CallbackSendMsgException', From_Account: 'u1', ErrorCode: 10017 },
          { CallbackCommand: 'Group.CallbackAfterSendMsg', From_Account: 'owner' },
        ],
      },
      {
        title: 'for ever; each time stands alone',
        given: [[SET, { Set_Account: 'u1', C2CmsgNospeakingTime: 60 }]],
        request: { Set_Account: 'u1', GroupmsgNospeakingTime: FOR_EVER },
        answer: {},
        afterwards: [
          [GET, { Get_Account: 'u1' }, { C2CmsgNospeakingTime: 60, GroupmsgNospeakingTime: FOR_EVER }],
        ],
      },
      {
        title: '0 ends the mute',
        given: [
          group('Public', 'g', 'u1'),
          [SET, { Set_Account: 'u1', GroupmsgNospeakingTime: FOR_EVER }],
          message('g', 'owner', 'hello'),
        ],
        request: { Set_Account: 'u1', GroupmsgNospeakingTime: 0 },
        answer: {},
        afterwards: [['send_group_msg', send('u1'), { ErrorCode: 0, MsgSeq: 2 }]],
      },
      { title: 'no account', request: { GroupmsgNospeakingTime: 1 }, refused: 'MUTE_ACCOUNT_MISSING' },
      {
        title: 'an account that does not exist',
        request: { Set_Account: 'ghost', GroupmsgNospeakingTime: 1 },
        refused: 'MUTE_ACCOUNT_INVALID',
      },
      { title: 'no time', request: { Set_Account: 'u1' }, refused: 'MUTE_TIME_MISSING' },
      {
        title: 'a time over 32 bits',
        request: { Set_Account: 'u1', GroupmsgNospeakingTime: 2 ** 32 },
        refused: 'MUTE_TIME_MISSING',
      },
    ],
  },
  {
    command: GET,
    api: 105,
    cases: [
      {
        title: 'nobody is muted at first',
        request: { Get_Account: 'u1' },
        answer: { C2CmsgNospeakingTime: 0, GroupmsgNospeakingTime: 0 },
        webhooks: [],
      },
      { title: 'no account', request: {}, refused: 'MUTE_GET_ACCOUNT_MISSING' },
      {
        title: 'an account that does not exist',
        request: { Get_Account: 'ghost' },
        refused: 'MUTE_GET_ACCOUNT_INVALID',
      },
    ],
  },
  {
    command: 'open_msg_svc/get_history',
    api: 107,
    differences: [
      'MsgTime is in UTC.',
      'The files are made when they are asked for and served by this server; until they are ready the answer is 1004.',
      'Messages of groups that were disbanded since, and those recalled since, are not in them.',
    ],
    cases: [
      {
        title: 'the files of an hour that is over, with their sums and where they are',
        given: [group('Public', 'g', 'u1'), message('g', 'u1', 'hello')],
        later: 3_600_000,
        request: { ChatType: 'Group', MsgTime: '2025010100' },
        answer: {
          File: [
            {
              URL: /^http:\/\/127\.0\.0\.1:\d+\/archive\/1400000001\/2025010100\.gz\?/,
              ExpireTime: '2025-01-02 01:00:00',
              FileSize: (size) => Number(size) > 100,
              FileMD5: /^[0-9a-f]{32}$/,
              GzipSize: (size) => Number(size) > 50,
              GzipMD5: /^[0-9a-f]{32}$/,
            },
          ],
        },
        webhooks: [],
      },
      {
        title: 'an hour that is not over',
        request: { ChatType: 'Group', MsgTime: '2025010100' },
        refused: 'ARCHIVE_NOT_READY',
      },
      {
        title: 'an hour without messages',
        request: { ChatType: 'Group', MsgTime: '2024123123' },
        refused: 'ARCHIVE_NOT_READY',
      },
      {
        title: 'one-to-one messages, of which there are none',
        request: { ChatType: 'C2C', MsgTime: '2024123123' },
        refused: 'ARCHIVE_NOT_READY',
      },
      {
        title: 'an hour eight days ago',
        request: { ChatType: 'Group', MsgTime: '2024122400' },
        refused: 'ARCHIVE_EXPIRED',
      },
      {
        title: 'no hour',
        request: { ChatType: 'Group', MsgTime: '2025013225' },
        refused: 'ARCHIVE_PARAMETERS',
      },
      { title: 'no ChatType', request: { MsgTime: '2024123123' }, refused: 'ARCHIVE_PARAMETERS' },
    ],
  },
  {
    command: 'openconfigsvr/getappinfo',
    api: 106,
    differences: [
      'One entry, of today in UTC: nothing is counted by day. It tells how many groups there are; what this server has none of (clients that connect, one-to-one messages, pushes, relations) is 0; counts of group messages, senders, joins, accounts and webhooks are left out, /metrics and the log have them.',
    ],
    cases: [
      {
        title: 'how many groups there are',
        given: [
          group('Public', 'g'),
          group('AVChatRoom', 'h'),
          group('Work', 'gone'),
          ['destroy_group', { GroupId: 'gone' }],
        ],
        request: {},
        answer: {
          Result: [
            { Date: '20250101', AppId: /^\d+$/, GroupAllGroupNum: '2', C2CUpMsgNum: '0', MaxOnlineNum: '0' },
          ],
        },
        webhooks: [],
      },
      {
        title: 'the fields asked for, of those that are known',
        request: { RequestField: ['GroupAllGroupNum', 'GroupUpMsgNum'] },
        answer: {
          Result: [{ Date: /^20\d{6}$/, GroupAllGroupNum: '0', AppId: undefined, GroupUpMsgNum: undefined }],
        },
      },
      { title: 'RequestField no list', request: { RequestField: 'Date' }, refused: 'CONFIG_JSON_INVALID' },
    ],
  },
  {
    command: 'ConfigSvc/GetIPList',
    api: 108,
    differences: [
      'The addresses of the machine that answers, whatever nettype says; behind a proxy or a translating router others are seen.',
    ],
    cases: [
      {
        title: 'the addresses of this machine',
        request: {},
        answer: { IPList: Array.isArray },
        webhooks: [],
      },
      { title: 'no object', request: [], refused: 'JSON_INVALID' },
    ],
  },
];
