import type { Contract } from './contract.ts';
import { group, ACCOUNT_SERVICE as S } from './scene.ts';

const TOO_MANY = Array.from({ length: 101 }, (_, i) => `u${i}`);
const userIds = (...names: readonly string[]) => names.map((UserID) => ({ UserID }));
const imported = (...names: readonly string[]) =>
  [
    `${S}/account_check`,
    { CheckItem: userIds(...names) },
    { ResultItem: names.map((UserID) => ({ UserID, AccountStatus: 'Imported' })) },
  ] as const;

/** tencent-rest-user C3.1 to C3.4. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/account_import`,
    api: 81,
    cases: [
      {
        title: 'imports an account with its profile',
        request: { UserID: 'new', Nick: 'N', FaceUrl: 'https://example.com/n.png' },
        answer: {},
        afterwards: [imported('new')],
        webhooks: [],
      },
      {
        title: 'the old name Identifier',
        request: { Identifier: 'old' },
        answer: {},
        afterwards: [imported('old')],
      },
      { title: 'an account that exists is imported again', request: { UserID: 'u1', Nick: 'N' }, answer: {} },
      { title: 'no UserID', request: {}, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'a UserID of another type', request: { UserID: 7 }, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'a UserID of 33 bytes', request: { UserID: 'x'.repeat(33) }, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'a UserID that is not ASCII', request: { UserID: 'é' }, refused: 'ACCOUNT_PARAMETERS' },
      {
        title: 'a Nick of 501 bytes',
        request: { UserID: 'x', Nick: 'é'.repeat(251) },
        refused: 'PROFILE_VALUE_TOO_LONG',
      },
      {
        title: 'a FaceUrl of 501 bytes',
        request: { UserID: 'x', FaceUrl: 'f'.repeat(501) },
        refused: 'PROFILE_VALUE_TOO_LONG',
      },
    ],
  },
  {
    command: `${S}/multiaccount_import`,
    api: 82,
    cases: [
      {
        title: 'imports the accounts that can be, and names the others',
        request: { Accounts: ['a', 'é', 'b', ''] },
        answer: { FailAccounts: ['é', ''] },
        afterwards: [imported('a', 'b')],
        webhooks: [],
      },
      {
        title: 'the newer AccountList, with profiles',
        request: {
          AccountList: [
            { UserID: 'a', Nick: 'A', FaceUrl: 'f' },
            { UserID: 'b', Nick: 'x'.repeat(501) },
          ],
        },
        answer: { FailAccounts: ['b'] },
        afterwards: [imported('a')],
      },
      { title: 'neither list', request: {}, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'an empty list', request: { Accounts: [] }, refused: 'ACCOUNT_PARAMETERS' },
      { title: '101 accounts', request: { Accounts: TOO_MANY }, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'none that can be imported', request: { Accounts: ['é', ''] }, refused: 'ACCOUNT_PARAMETERS' },
    ],
  },
  {
    command: `${S}/account_delete`,
    api: 83,
    differences: [
      'An admin of the configuration is not deleted (70402 for that account); every account can be, on any plan.',
      'The account leaves its groups as if it quit; those it owned have no owner then (NewOwner_Account is empty in the webhook), until change_group_owner appoints one. An AVChatRoom, whose owner cannot be changed, keeps the name.',
    ],
    cases: [
      {
        title: 'deletes the accounts that exist',
        request: { DeleteItem: userIds('u1', 'ghost') },
        answer: {
          ResultItem: [
            { UserID: 'u1', ResultCode: 0, ResultInfo: '' },
            { UserID: 'ghost', ResultCode: 70107, ResultInfo: /does not exist/ },
          ],
        },
        afterwards: [
          [
            `${S}/account_check`,
            { CheckItem: userIds('u1') },
            { ResultItem: [{ UserID: 'u1', AccountStatus: 'NotImported' }] },
          ],
        ],
      },
      {
        title: 'who owned groups leaves them without an owner; another one can be appointed',
        given: [group('Public', 'g', 'u1')],
        request: { DeleteItem: userIds('owner') },
        answer: { ResultItem: [{ UserID: 'owner', ResultCode: 0 }] },
        afterwards: [
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ Owner_Account: '', MemberNum: 1 }] }],
          ['change_group_owner', { GroupId: 'g', NewOwner_Account: 'u1' }, { ErrorCode: 0 }],
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ Owner_Account: 'u1' }] }],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterMemberExit',
            GroupId: 'g',
            ExitType: 'Quit',
            Operator_Account: 'owner',
            ExitMemberList: [{ Member_Account: 'owner' }],
          },
          {
            CallbackCommand: 'Group.CallbackAfterChangeGroupOwner',
            GroupId: 'g',
            Operator_Account: 'owner',
            OldOwner_Account: 'owner',
            NewOwner_Account: '',
          },
          {
            CallbackCommand: 'Group.CallbackAfterChangeGroupOwner',
            OldOwner_Account: '',
            NewOwner_Account: 'u1',
          },
        ],
      },
      {
        title: 'an AVChatRoom keeps the name of its owner, for its owner cannot be changed',
        given: [group('AVChatRoom', 'room')],
        request: { DeleteItem: userIds('owner') },
        answer: { ResultItem: [{ UserID: 'owner', ResultCode: 0 }] },
        afterwards: [
          ['get_group_info', { GroupIdList: ['room'] }, { GroupInfo: [{ Owner_Account: 'owner' }] }],
        ],
        webhooks: [],
      },
      {
        title: 'who is deleted leaves the groups',
        given: [group('Public', 'g', 'u1')],
        request: { DeleteItem: userIds('u1') },
        answer: { ResultItem: [{ UserID: 'u1', ResultCode: 0 }] },
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterMemberExit',
            GroupId: 'g',
            ExitType: 'Quit',
            Operator_Account: 'u1',
            ExitMemberList: [{ Member_Account: 'u1' }],
          },
        ],
      },
      {
        title: 'an admin of the configuration stays',
        request: { DeleteItem: userIds('administrator') },
        answer: {
          ResultItem: [{ UserID: 'administrator', ResultCode: 70402, ResultInfo: /admin of the app/ }],
        },
      },
      { title: 'no list', request: {}, refused: 'ACCOUNT_PARAMETERS' },
      { title: 'a text for the list', request: { DeleteItem: 'u1' }, refused: 'ACCOUNT_PARAMETERS' },
      { title: '101 accounts', request: { DeleteItem: userIds(...TOO_MANY) }, refused: 'ACCOUNT_PARAMETERS' },
    ],
  },
  {
    command: `${S}/account_check`,
    api: 84,
    cases: [
      {
        title: 'tells which accounts exist',
        request: { CheckItem: userIds('u1', 'ghost') },
        answer: {
          ResultItem: [
            { UserID: 'u1', ResultCode: 0, ResultInfo: '', AccountStatus: 'Imported' },
            { UserID: 'ghost', ResultCode: 0, ResultInfo: '', AccountStatus: 'NotImported' },
          ],
        },
        webhooks: [],
      },
      { title: 'no list', request: {}, refused: 'ACCOUNT_PARAMETERS' },
      { title: '101 accounts', request: { CheckItem: userIds(...TOO_MANY) }, refused: 'ACCOUNT_PARAMETERS' },
    ],
  },
];
