import type { Call, Case, Contract } from './contract.ts';
import { group, inTopic, message, NEWS, TOWN, text, townWithTopics } from './scene.ts';

const S = 'group_open_http_svc';
const EXT = 'openim_msg_ext_http_svc';

const ASKING = {
  GroupId: 'g',
  From_Account: 'u1',
  Random: 1,
  MsgBody: text('read this'),
  NeedReadReceipt: 1,
};
const G: readonly Call[] = [
  group('Public', 'g', 'u1', 'u2', 'u3'),
  ['send_group_msg', ASKING],
  message('g', 'u1', 'no receipt'),
];
const READ: Call = ['group_msg_receipt', { GroupId: 'g', From_Account: 'u2', MsgSeqList: [{ MsgSeq: 1 }] }];
const ASKED = { GroupId: 'g', MsgSeqList: [{ MsgSeq: 1 }] };

const SUPPORTING = { ...ASKING, SupportMessageExtension: 1 };
const PAIRS: readonly Call[] = [
  group('Public', 'g', 'u1'),
  ['send_group_msg', SUPPORTING],
  message('g', 'u1', 'no extensions'),
];
const SET = {
  GroupId: 'g',
  MsgSeq: 1,
  OperateType: 1,
  ExtensionList: [
    { Key: 'vote-a', Value: '1', Seq: 0 },
    { Key: 'vote-b', Value: '2' },
  ],
};
const WRITTEN: readonly Call[] = [...PAIRS, [`${EXT}/group_set_key_values`, SET]];
const COMMUNITY = [group('Community', '@TGS#_c')];

function notTheGroups(request: object, given: readonly Call[]): Case[] {
  return [
    { title: 'no group', request: { ...request, GroupId: undefined }, refused: 'INVALID_PARAMETERS' },
    { title: 'not a group id', request: { ...request, GroupId: 'é' }, refused: 'INVALID_GROUP_ID' },
    { title: 'no such group', request: { ...request, GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
    { title: 'a topic', given, request: { ...request, TopicId: 't' }, refused: 'TOPICS_OFF' },
    {
      title: 'a Community',
      given: COMMUNITY,
      request: { ...request, GroupId: '@TGS#_c' },
      refused: 'PERMISSION_DENIED',
    },
  ];
}

function notTheList(request: object, most: number): Case[] {
  const list = (count: number) => Array.from({ length: count }, (_, index) => ({ MsgSeq: index + 1 }));
  return [
    { title: 'no messages', request: { ...request, MsgSeqList: [] }, refused: 'INVALID_PARAMETERS' },
    {
      title: `${most + 1} messages`,
      request: { ...request, MsgSeqList: list(most + 1) },
      refused: 'INVALID_PARAMETERS',
    },
  ];
}

/** tencent-rest-message C2.9, C2.10 and C2.12; tencent-rest-user D10. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/get_group_msg_receipt`,
    api: 20,
    differences: [
      'Groups of any size have receipts: 10060 is never answered.',
      'Who has left the group is in no count and in no list.',
    ],
    cases: [
      {
        title: 'how many have read each message, of those who were members when it was sent',
        given: [...G, READ],
        request: { GroupId: 'g', MsgSeqList: [{ MsgSeq: 1 }, { MsgSeq: 2 }] },
        answer: {
          GroupMsgReceiptList: [
            { Code: 0, MsgSeq: 1, ReadNum: 1, UnreadNum: 2 },
            { Code: 10062, MsgSeq: 2, ReadNum: 0, UnreadNum: 0 },
          ],
        },
        webhooks: [],
      },
      {
        title: 'who has left the group counts no more',
        given: [...G, READ, ['delete_group_member', { GroupId: 'g', MemberToDel_Account: ['u2', 'u3'] }]],
        request: ASKED,
        answer: { GroupMsgReceiptList: [{ Code: 0, MsgSeq: 1, ReadNum: 0, UnreadNum: 1 }] },
        afterwards: [
          [
            'get_group_msg_receipt_detail',
            { GroupId: 'g', MsgSeq: 1, Filter: 1 },
            { UnreadList: [{ Unread_Account: 'owner' }] },
          ],
        ],
        webhooks: [],
      },
      ...notTheGroups(ASKED, G),
      ...notTheList(ASKED, 100),
    ],
  },
  {
    command: `${S}/get_group_msg_receipt_detail`,
    api: 19,
    differences: ['Who has left the group is in no list.'],
    cases: [
      {
        title: 'who has read it',
        given: [...G, READ],
        request: { GroupId: 'g', MsgSeq: 1, Filter: 0, Cursor: '', Count: 100 },
        answer: {
          MsgSeq: 1,
          Cursor: '',
          IsFinish: 1,
          IsFinished: 1,
          ReadList: [{ Read_Account: 'u2' }],
          UnreadList: undefined,
        },
        webhooks: [],
      },
      {
        title: 'who has not, a page at a time, under the names of the SDK',
        given: [...G, READ],
        request: { GroupId: 'g', MsgSeq: 1, Flag: 1, Num: 1 },
        answer: { Cursor: '1', IsFinish: 0, IsFinished: 0, UnreadList: [{ Unread_Account: 'owner' }] },
        afterwards: [
          [
            'get_group_msg_receipt_detail',
            { GroupId: 'g', MsgSeq: 1, Filter: 1, Cursor: '1', Count: 5 },
            { Cursor: '', IsFinish: 1, UnreadList: [{ Unread_Account: 'u3' }] },
          ],
        ],
        webhooks: [],
      },
      ...notTheGroups({ GroupId: 'g', MsgSeq: 1 }, G),
      { title: 'no MsgSeq', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'a cursor that is none',
        request: { GroupId: 'g', MsgSeq: 1, Cursor: 'x' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a message without receipts',
        given: G,
        request: { GroupId: 'g', MsgSeq: 2 },
        refused: 'RECEIPT_NOT_FOUND',
      },
      {
        title: 'a message that was recalled',
        given: [...G, ['group_msg_recall', ASKED]],
        request: { GroupId: 'g', MsgSeq: 1 },
        refused: 'RECEIPT_NOT_FOUND',
      },
    ],
  },
  {
    command: `${S}/group_msg_receipt`,
    cases: [
      {
        title: 'a member has read messages; what is no receipt is passed over',
        given: G,
        request: {
          GroupId: 'g',
          From_Account: 'u3',
          MsgSeqList: [{ MsgSeq: 1 }, { MsgSeq: 2 }, { MsgSeq: 9 }],
        },
        answer: {},
        afterwards: [
          [
            'get_group_msg_receipt',
            ASKED,
            { GroupMsgReceiptList: [{ MsgSeq: 1, ReadNum: 1, UnreadNum: 2 }] },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterReadReceipt',
            GroupId: 'g',
            Type: 'Public',
            GroupMsgReceiptList: [
              { MsgSeq: 1, ReadNum: 1, UnreadNum: 2, ReadReceiptMembers: [{ Member_Account: 'u3' }] },
            ],
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'a second report changes nothing',
        given: [...G, READ],
        request: READ[1],
        answer: {},
        webhooks: [],
      },
      ...notTheGroups(READ[1], G),
      ...notTheList(READ[1], 50),
      { title: 'no reader', request: ASKED, refused: 'INVALID_PARAMETERS' },
      {
        title: 'a reader who is no member',
        given: G,
        request: { ...READ[1], From_Account: 'u4' },
        refused: 'PERMISSION_DENIED',
      },
    ],
  },
  {
    command: `${S}/set_unread_msg_num`,
    api: 37,
    cases: [
      {
        title: 'the member has read all but the last ones',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u2', UnreadMsgNum: 1 },
        answer: {},
        afterwards: [
          [
            'get_group_member_info',
            { GroupId: 'g', Offset: 2, Limit: 1 },
            { MemberList: [{ Member_Account: 'u2', MsgSeq: 1 }] },
          ],
        ],
        webhooks: [],
      },
      {
        title: 'more than there are counts as all',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u2', UnreadMsgNum: 99 },
        answer: {},
        afterwards: [
          ['get_group_member_info', { GroupId: 'g', Offset: 2, Limit: 1 }, { MemberList: [{ MsgSeq: 0 }] }],
        ],
        webhooks: [],
      },
      {
        title: 'a Meeting says OK',
        given: [group('Meeting', 'g', 'u2')],
        request: { GroupId: 'g', Member_Account: 'u2', UnreadMsgNum: 1 },
        answer: {},
        webhooks: [],
      },
      {
        title: 'in a topic, which counts by itself',
        given: [
          ...townWithTopics('u1'),
          inTopic(message(TOWN, 'owner', 'one')),
          inTopic(message(TOWN, 'u1', 'two')),
        ],
        request: { GroupId: TOWN, TopicId: NEWS, Member_Account: 'u1', UnreadMsgNum: 1 },
        answer: {},
        afterwards: [
          [
            'million_group_open_http_svc/get_topic',
            { GroupId: TOWN, From_Account: 'u1' },
            { TopicAndSelfInfo: [{ SelfInfo: { MsgSeq: 1 } }] },
          ],
          [
            'million_group_open_http_svc/get_topic',
            { GroupId: TOWN, From_Account: 'owner' },
            { TopicAndSelfInfo: [{ SelfInfo: { MsgSeq: 0 } }] },
          ],
        ],
        webhooks: [],
      },
      ...notTheGroups({ GroupId: 'g', Member_Account: 'u2', UnreadMsgNum: 1 }, G).filter(
        ({ title }) => !['a Community', 'a topic'].includes(title),
      ),
      {
        title: 'a topic of a group without topics',
        given: G,
        request: { GroupId: 'g', TopicId: NEWS, Member_Account: 'u2', UnreadMsgNum: 1 },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: 'a topic that is not there',
        given: townWithTopics('u1'),
        request: { GroupId: TOWN, TopicId: `${TOWN}@TOPIC#_none`, Member_Account: 'u1', UnreadMsgNum: 1 },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'no number',
        request: { GroupId: 'g', Member_Account: 'u2' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'no member of the group',
        given: G,
        request: { GroupId: 'g', Member_Account: 'u5', UnreadMsgNum: 1 },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${EXT}/group_set_key_values`,
    api: 24,
    differences: ['Seq counts the writes of a message over all its pairs; of app admins it is not asked.'],
    cases: [
      {
        title: 'pairs are set, each with the next number',
        given: PAIRS,
        request: SET,
        answer: {
          Seq: 2,
          ExtensionList: [
            { ErrorCode: 0, Extension: { Key: 'vote-a', Value: '1', Seq: 1 } },
            { ErrorCode: 0, Extension: { Key: 'vote-b', Value: '2', Seq: 2 } },
          ],
        },
        webhooks: [],
      },
      {
        title: 'keys are deleted; of one that is not there it is said',
        given: WRITTEN,
        request: {
          GroupId: 'g',
          MsgSeq: 1,
          OperateType: 2,
          ExtensionList: [{ Key: 'vote-a' }, { Key: 'none' }],
        },
        answer: {
          ExtensionList: [
            { ErrorCode: 0, Extension: { Key: 'vote-a', Seq: 3 } },
            { ErrorCode: 23004, Extension: { Key: 'none' } },
          ],
        },
        afterwards: [
          [
            `${EXT}/group_get_key_values`,
            { GroupId: 'g', MsgSeq: 1 },
            { ExtensionList: [{ Key: 'vote-b', Value: '2', Seq: 2 }], LatestSeq: 3 },
          ],
        ],
        webhooks: [],
      },
      {
        title: 'all are cleared',
        given: WRITTEN,
        request: { GroupId: 'g', MsgSeq: 1, OperateType: 3 },
        answer: { Seq: 3, ExtensionList: [] },
        afterwards: [
          [
            `${EXT}/group_get_key_values`,
            { GroupId: 'g', MsgSeq: 1 },
            { CompleteFlag: 1, LatestSeq: 3, ClearSeq: 3, ExtensionList: [] },
          ],
        ],
        webhooks: [],
      },
      ...notTheGroups(SET, PAIRS),
      { title: 'no message', given: PAIRS, request: { ...SET, MsgSeq: 9 }, refused: 'EXTENSION_NOT_FOUND' },
      {
        title: 'a message that was sent without SupportMessageExtension',
        given: PAIRS,
        request: { ...SET, MsgSeq: 2 },
        refused: 'EXTENSION_UNSUPPORTED',
      },
      { title: 'an unknown operation', request: { ...SET, OperateType: 4 }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'nothing to set',
        given: PAIRS,
        request: { ...SET, ExtensionList: undefined },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a pair without a value',
        given: PAIRS,
        request: { ...SET, ExtensionList: [{ Key: 'k' }] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: '21 pairs',
        request: { ...SET, ExtensionList: Array(21).fill({ Key: 'k', Value: 'v' }) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a key over 100 bytes',
        request: { ...SET, ExtensionList: [{ Key: 'k'.repeat(101), Value: 'v' }] },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${EXT}/group_get_key_values`,
    api: 23,
    cases: [
      {
        title: 'pairs in the order of their numbers',
        given: WRITTEN,
        request: { GroupId: 'g', MsgSeq: 1 },
        answer: {
          CompleteFlag: 1,
          LatestSeq: 2,
          ClearSeq: 0,
          ExtensionList: [
            { Key: 'vote-a', Value: '1', Seq: 1 },
            { Key: 'vote-b', Value: '2', Seq: 2 },
          ],
        },
        webhooks: [],
      },
      {
        title: 'only from a number on, under the name of the SDK',
        given: WRITTEN,
        request: { GroupId: 'g', MsgSeq: 1, startSeq: 2 },
        answer: { ExtensionList: [{ Key: 'vote-b', Seq: 2 }] },
      },
      ...notTheGroups({ GroupId: 'g', MsgSeq: 1 }, PAIRS),
      { title: 'no MsgSeq', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'no message',
        given: PAIRS,
        request: { GroupId: 'g', MsgSeq: 9 },
        refused: 'EXTENSION_NOT_FOUND',
      },
      {
        title: 'a message that was sent without SupportMessageExtension',
        given: PAIRS,
        request: { GroupId: 'g', MsgSeq: 2 },
        refused: 'EXTENSION_UNSUPPORTED',
      },
    ],
  },
];
