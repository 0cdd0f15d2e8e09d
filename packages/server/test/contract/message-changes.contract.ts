import type { Call, Case, Contract, Question } from './contract.ts';
import { group, inTopic, message, NEWS, TOWN, text, townWithTopics } from './scene.ts';

const S = 'group_open_http_svc';
const TALK: readonly Call[] = [
  group('Public', 'g', 'u1'),
  message('g', 'u1', 'one'),
  message('g', 'owner', 'two'),
];
const ROOM = [group('AVChatRoom', 'g')];

function history(...shows: readonly object[]): Question {
  const body = { GroupId: 'g', ReqMsgNumber: 5, WithRecalledMsg: 1 };
  return [
    'group_msg_get_simple',
    body,
    { RspMsgList: shows as readonly { readonly [field: string]: never }[] },
  ];
}

const RECALL = { GroupId: 'g', MsgSeqList: [{ MsgSeq: 1 }] };
const REMOVE = { GroupId: 'g', Sender_Account: 'u1' };
const CHANGE = { GroupId: 'g', MsgSeq: 1, MsgBody: text('new') };

const HIDDEN = { From_Account: 'u1', IsPlaceMsg: 2, MsgSeq: 1, MsgTimeStamp: 1_735_689_600, MsgBody: [] };

function notTheGroups(request: object, malformed: 'INVALID_PARAMETERS' | 'MESSAGE_REQUEST_INVALID'): Case[] {
  return [
    { title: 'no group', request: { ...request, GroupId: undefined }, refused: malformed },
    { title: 'not a group id', request: { ...request, GroupId: 'é' }, refused: 'INVALID_GROUP_ID' },
    { title: 'no such group', request: { ...request, GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
    {
      title: 'a topic of a group without topics',
      given: TALK,
      request: { ...request, TopicId: 't' },
      refused: 'PERMISSION_DENIED',
    },
  ];
}

const TOPIC = { GroupId: TOWN, TopicId: NEWS };
const IN_TOPIC = [...townWithTopics('u1'), inTopic(message(TOWN, 'u1', 'hello'))];

/** tencent-rest-message C2.5, C2.7 and C2.8. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/group_msg_recall`,
    api: 17,
    differences: ['A message that was recalled already is answered with 10032.'],
    cases: [
      {
        title: 'each number has its answer, under both names; the history shows that there was a message',
        given: TALK,
        request: { GroupId: 'g', MsgSeqList: [{ MsgSeq: 1 }, { MsgSeq: 7 }], Reason: 'typo' },
        answer: {
          RecallRetList: [
            { MsgSeq: 1, RetCode: 0 },
            { MsgSeq: 7, RetCode: 10030 },
          ],
          Results: [
            { MsgSeq: 1, RetCode: 0 },
            { MsgSeq: 7, RetCode: 10030 },
          ],
        },
        afterwards: [
          history({ MsgSeq: 2, IsPlaceMsg: 0 }, HIDDEN),
          [
            'group_msg_get_simple',
            { GroupId: 'g', ReqMsgNumber: 1, ReqMsgSeq: 1 },
            { RspMsgList: [{ MsgSeq: 1, IsPlaceMsg: 1, From_Account: '', MsgBody: [] }] },
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterRecallMsg',
            GroupId: 'g',
            Type: 'Public',
            Operator_Account: 'administrator',
            MsgSeqList: [{ MsgSeq: 1 }],
            EventTime: Number.isInteger,
          },
        ],
      },
      {
        title: 'in a topic: its numbers, and its own webhook',
        given: IN_TOPIC,
        request: { ...TOPIC, MsgSeqList: [{ MsgSeq: 1 }] },
        answer: { RecallRetList: [{ MsgSeq: 1, RetCode: 0 }] },
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterRecallMsg',
            ...TOPIC,
            Type: 'Community',
            MsgSeqList: [{ MsgSeq: 1 }],
          },
        ],
      },
      {
        title: 'a second recall finds nothing to recall',
        given: [...TALK, ['group_msg_recall', RECALL]],
        request: RECALL,
        answer: { RecallRetList: [{ MsgSeq: 1, RetCode: 10032 }] },
        webhooks: [],
      },
      ...notTheGroups(RECALL, 'INVALID_PARAMETERS'),
      { title: 'an AVChatRoom', given: ROOM, request: RECALL, refused: 'RECALL_UNSUPPORTED' },
      { title: 'no numbers', request: { GroupId: 'g', MsgSeqList: [] }, refused: 'INVALID_PARAMETERS' },
      {
        title: '11 numbers',
        request: { GroupId: 'g', MsgSeqList: Array(11).fill({ MsgSeq: 1 }) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a number that is a text',
        request: { GroupId: 'g', MsgSeqList: [{ MsgSeq: '1' }] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a reason over 100 bytes',
        request: { ...RECALL, Reason: '一'.repeat(34) },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/delete_group_msg_by_sender`,
    api: 15,
    cases: [
      {
        title: 'what one user has sent is recalled, and nobody is told',
        given: [...TALK, message('g', 'u1', 'three')],
        request: REMOVE,
        answer: {},
        afterwards: [history({ MsgSeq: 3, IsPlaceMsg: 2 }, { MsgSeq: 2, IsPlaceMsg: 0 }, HIDDEN)],
        webhooks: [],
      },
      { title: 'an AVChatRoom says OK', given: ROOM, request: REMOVE, answer: {}, webhooks: [] },
      ...notTheGroups(REMOVE, 'INVALID_PARAMETERS'),
      { title: 'no sender', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'a sender that is no text',
        request: { GroupId: 'g', Sender_Account: 7 },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: 'openim/modify_group_msg',
    api: 12,
    differences: [
      'For what the document has no code: 10010 without such a group, 10007 in an AVChatRoom, 10030 without such a message, 10032 for one that was recalled, 80002 for one that is too long.',
    ],
    cases: [
      {
        title: 'the history shows the new body; the custom data stay',
        given: [
          group('Public', 'g', 'u1'),
          ['send_group_msg', { GroupId: 'g', Random: 1, MsgBody: text('old'), CloudCustomData: 'data' }],
        ],
        request: CHANGE,
        answer: {},
        afterwards: [history({ MsgSeq: 1, IsPlaceMsg: 0, MsgBody: text('new'), CloudCustomData: 'data' })],
        webhooks: [],
      },
      {
        title: 'custom data alone',
        given: TALK,
        request: { GroupId: 'g', MsgSeq: 1, CloudCustomData: 'data' },
        answer: {},
        afterwards: [history({ MsgSeq: 2 }, { MsgSeq: 1, MsgBody: text('one'), CloudCustomData: 'data' })],
        webhooks: [],
      },
      ...notTheGroups(CHANGE, 'MESSAGE_REQUEST_INVALID'),
      {
        title: 'nothing to change',
        request: { GroupId: 'g', MsgSeq: 1 },
        refused: 'MESSAGE_REQUEST_INVALID',
      },
      { title: 'no MsgSeq', request: { ...CHANGE, MsgSeq: undefined }, refused: 'MESSAGE_REQUEST_INVALID' },
      {
        title: 'a MsgBody that is no list',
        request: { ...CHANGE, MsgBody: 'hi' },
        refused: 'MSG_BODY_NOT_A_LIST',
      },
      { title: 'an empty MsgBody', request: { ...CHANGE, MsgBody: [] }, refused: 'MSG_BODY_INVALID' },
      {
        title: 'an element that is none',
        given: TALK,
        request: { ...CHANGE, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: {} }] },
        refused: 'MSG_BODY_INVALID',
      },
      {
        title: '12,001 bytes',
        given: TALK,
        request: { ...CHANGE, MsgBody: text('x'.repeat(12_001)) },
        refused: 'BODY_TOO_LONG',
      },
      { title: 'an AVChatRoom', given: ROOM, request: CHANGE, refused: 'PERMISSION_DENIED' },
      {
        title: 'no such message',
        given: TALK,
        request: { ...CHANGE, MsgSeq: 9 },
        refused: 'MESSAGE_NOT_FOUND',
      },
      {
        title: 'a message that was recalled',
        given: [...TALK, ['group_msg_recall', RECALL]],
        request: CHANGE,
        refused: 'RECALL_DENIED',
      },
    ],
  },
];
