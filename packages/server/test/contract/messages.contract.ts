import type { Case, Contract } from './contract.ts';
import { group, inTopic, message, NEWS, TOWN, text, townWithTopics } from './scene.ts';

const S = 'group_open_http_svc';
const MESSAGE = { GroupId: 'g', From_Account: 'u1', Random: 7, MsgBody: text('hello') };
const G = [group('Public', 'g', 'u1')];

/** tencent-rest-message C2.1 and C2.6. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/send_group_msg`,
    api: 6,
    differences: [
      'NeedReadReceipt and SupportMessageExtension are refused (10007) where messages have none: in AVChatRoom and Community.',
    ],
    cases: [
      {
        title: 'the message has a number, stands in the history, and webhooks tell of it before and after',
        given: G,
        request: {
          ...MESSAGE,
          CloudCustomData: 'data',
          GroupAtInfo: [{ GroupAtAllFlag: 1 }, { GroupAtAllFlag: 0, GroupAt_Account: 'u1' }],
        },
        answer: { MsgSeq: 1, MsgTime: 1_735_689_600, MsgDropReason: undefined },
        afterwards: [
          [
            'group_msg_get_simple',
            { GroupId: 'g', ReqMsgNumber: 5 },
            {
              RspMsgList: [
                {
                  MsgSeq: 1,
                  From_Account: 'u1',
                  MsgRandom: 7,
                  MsgBody: text('hello'),
                  CloudCustomData: 'data',
                },
              ],
            },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackBeforeSendMsg',
            GroupId: 'g',
            Type: 'Public',
            From_Account: 'u1',
            Operator_Account: 'administrator',
            Random: 7,
            OnlineOnlyFlag: 0,
            CloudCustomData: 'data',
            MsgBody: text('hello'),
            EventTime: Number.isInteger,
            MsgSeq: undefined,
            MsgTime: undefined,
          },
          {
            CallbackCommand: 'Group.CallbackAfterSendMsg',
            GroupId: 'g',
            Type: 'Public',
            From_Account: 'u1',
            Operator_Account: 'administrator',
            Random: 7,
            MsgSeq: 1,
            MsgTime: 1_735_689_600,
            OnlineOnlyFlag: 0,
            CloudCustomData: 'data',
            MsgBody: text('hello'),
            MsgId: /^\d+-1735689600-7$/,
            GroupAtInfo: [{ GroupAtAllFlag: 1 }, { GroupAtAllFlag: 0, GroupAt_Account: 'u1' }],
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title:
          'without From_Account the calling admin is the sender; webhooks can be switched off for one message',
        given: G,
        request: {
          GroupId: 'g',
          Random: 7,
          MsgBody: text('x'),
          ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
        },
        answer: { MsgSeq: 1 },
        afterwards: [
          [
            'group_msg_get_simple',
            { GroupId: 'g', ReqMsgNumber: 1 },
            { RspMsgList: [{ From_Account: 'administrator' }] },
          ],
        ],
        webhooks: [],
      },
      {
        title: 'a message that asks for read receipts is followed by how many are to read it',
        given: G,
        request: { ...MESSAGE, NeedReadReceipt: 1 },
        answer: { MsgSeq: 1 },
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeSendMsg' },
          { CallbackCommand: 'Group.CallbackAfterSendMsg', MsgSeq: 1 },
          {
            CallbackCommand: 'Group.CallbackAfterReadReceipt',
            GroupMsgReceiptList: [{ MsgSeq: 1, ReadNum: 0, UnreadNum: 1, ReadReceiptMembers: [] }],
          },
        ],
      },
      ...(
        [
          ['AVChatRoom', 'g', { NeedReadReceipt: 1 }],
          ['AVChatRoom', 'g', { SupportMessageExtension: 1 }],
          ['Community', '@TGS#_g', { NeedReadReceipt: 1 }],
          ['Community', '@TGS#_g', { SupportMessageExtension: 1 }],
        ] as const
      ).map(
        ([type, GroupId, asked]): Case => ({
          title: `${Object.keys(asked).join()} in a ${type} group, whose messages have none`,
          given: [group(type, GroupId)],
          request: { ...MESSAGE, GroupId, ...asked },
          refused: 'PERMISSION_DENIED',
          webhooks: [{ CallbackCommand: 'Group.CallbackSendMsgException', GroupId, ErrorCode: 10007 }],
        }),
      ),
      {
        title: 'a repetition is answered as the first one was, and told to nobody',
        given: [...G, ['send_group_msg', MESSAGE]],
        request: MESSAGE,
        answer: { MsgSeq: 1 },
        webhooks: [],
      },
      {
        title: 'into a topic, which counts by itself; webhooks before and after name it',
        given: [...townWithTopics('u1'), message(TOWN, 'u1', 'to the community')],
        request: { ...MESSAGE, GroupId: TOWN, TopicId: NEWS },
        answer: { MsgSeq: 1 },
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeSendMsg', GroupId: TOWN, TopicId: NEWS, Type: 'Community' },
          {
            CallbackCommand: 'Group.CallbackAfterSendMsg',
            GroupId: TOWN,
            TopicId: NEWS,
            Type: 'Community',
            MsgSeq: 1,
          },
        ],
      },
      {
        title: 'a topic that is not there',
        given: townWithTopics('u1'),
        request: { ...MESSAGE, GroupId: TOWN, TopicId: `${TOWN}@TOPIC#_none` },
        refused: 'GROUP_NOT_FOUND',
        webhooks: [{ CallbackCommand: 'Group.CallbackSendMsgException', ErrorCode: 10_010 }],
      },
      {
        title: 'a topic of a group without topics',
        given: G,
        request: { ...MESSAGE, TopicId: NEWS },
        refused: 'PERMISSION_DENIED',
        webhooks: [{ CallbackCommand: 'Group.CallbackSendMsgException', ErrorCode: 10_007 }],
      },
      {
        title: 'online-only, also under its other name, takes no number',
        given: G,
        request: { ...MESSAGE, MsgOnlineOnlyFlag: 1 },
        answer: { MsgSeq: 0 },
        afterwards: [['group_msg_get_simple', { GroupId: 'g', ReqMsgNumber: 1 }, { RspMsgList: [] }]],
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeSendMsg', OnlineOnlyFlag: 1 },
          { CallbackCommand: 'Group.CallbackAfterSendMsg', OnlineOnlyFlag: 1, MsgSeq: 0 },
        ],
      },
      {
        title: 'over the cap of the group the message is dropped and answered with OK',
        rules: { groupMessagesPerSecond: 1 },
        given: [...G, message('g', 'u1', 'first')],
        request: MESSAGE,
        answer: { MsgDropReason: 'MsgFreqCtrl' },
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeSendMsg' },
          { CallbackCommand: 'Group.CallbackSendMsgException', ErrorCode: 10023 },
        ],
        afterwards: [
          ['group_msg_get_simple', { GroupId: 'g', ReqMsgNumber: 5 }, { RspMsgList: [{ MsgSeq: 1 }] }],
        ],
      },
      { title: 'no MsgBody', request: { GroupId: 'g', Random: 1 }, refused: 'INVALID_PARAMETERS' },
      { title: 'no Random', request: { GroupId: 'g', MsgBody: text('x') }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'an element that is none',
        given: G,
        request: { ...MESSAGE, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: {} }] },
        refused: 'INVALID_PARAMETERS',
      },
      { title: 'not a group id', request: { ...MESSAGE, GroupId: 'é' }, refused: 'INVALID_GROUP_ID' },
      { title: 'no such group', request: { ...MESSAGE, GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
      {
        title: 'a sender who does not exist',
        given: G,
        request: { ...MESSAGE, From_Account: 'ghost' },
        refused: 'ACCOUNT_NOT_FOUND',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackSendMsgException',
            GroupId: 'g',
            ErrorCode: 10019,
            From_Account: 'ghost',
          },
        ],
      },
      {
        title: 'a sender who is muted',
        given: [...G, ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u1'], MuteTime: 60 }]],
        request: { ...MESSAGE, CloudCustomData: 'data' },
        refused: 'MUTED',
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackSendMsgException',
            GroupId: 'g',
            ErrorCode: 10017,
            Type: 'Public',
            From_Account: 'u1',
            Operator_Account: 'administrator',
            Random: 7,
            OnlineOnlyFlag: 0,
            MsgBody: text('hello'),
            ErrorInfo: /muted/,
            CloudCustomData: 'data',
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: '12,001 bytes',
        given: G,
        request: { ...MESSAGE, MsgBody: text('x'.repeat(12_001)) },
        refused: 'BODY_TOO_LONG',
        webhooks: [
          { CallbackCommand: 'Group.CallbackSendMsgException', GroupId: 'g', ErrorCode: 80002, MsgBody: [] },
        ],
      },
      {
        title: '31 mentions',
        given: G,
        request: { ...MESSAGE, GroupAtInfo: Array(31).fill({ GroupAtAllFlag: 0, GroupAt_Account: 'u1' }) },
        refused: 'TOO_MANY_MENTIONS',
      },
      {
        title: '@all in an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { ...MESSAGE, GroupAtInfo: [{ GroupAtAllFlag: 1 }] },
        refused: 'INVALID_PARAMETERS',
        webhooks: [{ CallbackCommand: 'Group.CallbackSendMsgException', GroupId: 'g', ErrorCode: 10004 }],
      },
      {
        title: 'a target in a Community',
        given: [group('Community', '@TGS#_g', 'u1')],
        request: { ...MESSAGE, GroupId: '@TGS#_g', To_Account: ['u1'] },
        refused: 'PERMISSION_DENIED',
        webhooks: [{ CallbackCommand: 'Group.CallbackSendMsgException', ErrorCode: 10007 }],
      },
      {
        title: 'over the cap of the group, where the configuration asks for an error',
        rules: { groupMessagesPerSecond: 1, onLimit: 'error' },
        given: [
          ...G,
          message('g', 'u1', 'first'),
          ['forbid_send_msg', { GroupId: 'g', Members_Account: ['u2'], MuteTime: 0 }],
        ],
        request: { ...MESSAGE, ForbidCallbackControl: ['ForbidBeforeSendMsgCallback'] },
        refused: 'MESSAGE_FREQUENCY',
        webhooks: [{ CallbackCommand: 'Group.CallbackSendMsgException', GroupId: 'g', ErrorCode: 10023 }],
      },
    ],
  },
  {
    command: `${S}/group_msg_get_simple`,
    api: 14,
    cases: [
      {
        title: 'the newest messages first, from a number downwards',
        given: [...G, message('g', 'u1', 'one'), message('g', 'owner', 'two'), message('g', 'u1', 'three')],
        request: { GroupId: 'g', ReqMsgNumber: 2, ReqMsgSeq: 2 },
        answer: {
          GroupId: 'g',
          IsFinished: 1,
          RspMsgList: [
            { MsgSeq: 2, From_Account: 'owner', IsPlaceMsg: 0, MsgPriority: 2, MsgTimeStamp: 1_735_689_600 },
            { MsgSeq: 1, From_Account: 'u1' },
          ],
        },
        webhooks: [],
      },
      {
        title: 'the messages of a topic',
        given: [...townWithTopics('u1'), message(TOWN, 'u1', 'a'), inTopic(message(TOWN, 'u1', 'b'))],
        request: { GroupId: TOWN, TopicId: NEWS, ReqMsgNumber: 5 },
        answer: { GroupId: TOWN, IsFinished: 1, RspMsgList: [{ MsgSeq: 1, MsgBody: text('b') }] },
        webhooks: [],
      },
      {
        title: 'a topic that is not there',
        given: townWithTopics('u1'),
        request: { GroupId: TOWN, TopicId: `${TOWN}@TOPIC#_none`, ReqMsgNumber: 5 },
        refused: 'GROUP_NOT_FOUND',
      },
      { title: 'no number of messages', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      { title: 'zero messages', request: { GroupId: 'g', ReqMsgNumber: 0 }, refused: 'INVALID_PARAMETERS' },
      { title: 'no such group', request: { GroupId: 'nope', ReqMsgNumber: 5 }, refused: 'GROUP_NOT_FOUND' },
      {
        title: 'an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { GroupId: 'g', ReqMsgNumber: 5 },
        refused: 'NO_ROAMING_MESSAGES',
      },
    ],
  },
];
