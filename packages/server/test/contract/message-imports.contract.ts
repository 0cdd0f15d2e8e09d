import type { Call, Case, Contract } from './contract.ts';
import { group, groupWith, message, NEWS, TOWN, text, townWithTopics } from './scene.ts';

const S = 'group_open_http_svc';
const G: readonly Call[] = [group('Public', 'g', 'u1')];
const NOW = 1_735_689_600;

const OLD = { From_Account: 'u1', SendTime: NOW, MsgBody: text('old') };
const IMPORT = { GroupId: 'g', MsgList: [{ ...OLD, Random: 1 }] };
const NOTICE = { GroupId: 'g', Content: 'the server stops at noon' };
const BROADCAST = { Random: 1, MsgBody: text('to all') };

function notTheGroups(request: object): Case[] {
  return [
    { title: 'no group', request: { ...request, GroupId: undefined }, refused: 'INVALID_PARAMETERS' },
    { title: 'not a group id', request: { ...request, GroupId: 'é' }, refused: 'INVALID_GROUP_ID' },
    { title: 'no such group', request: { ...request, GroupId: 'nope' }, refused: 'GROUP_NOT_FOUND' },
    {
      title: 'a topic of a group without topics',
      given: G,
      request: { ...request, TopicId: 't' },
      refused: 'PERMISSION_DENIED',
    },
  ];
}

/** tencent-rest-message C2.2 to C2.4. */
export const contracts: readonly Contract[] = [
  {
    command: `${S}/import_group_msg`,
    api: 10,
    differences: [
      'Up to 20 messages in a call, of any elements; several of one second are taken.',
      'A repetition is recognised by sender, Random, content and SendTime, and answered as the first one was.',
      'Conversation lists are none yet, so RecentContactFlag changes nothing.',
    ],
    cases: [
      {
        title: 'into a topic, which counts by itself',
        given: [...townWithTopics('u1'), message(TOWN, 'u1', 'to the community')],
        request: { GroupId: TOWN, TopicId: NEWS, MsgList: [OLD] },
        answer: { ImportMsgResult: [{ MsgSeq: 1, Result: 0 }] },
        webhooks: [],
      },
      {
        title: 'messages stand in the history with their own times, and nobody is told',
        given: G,
        request: {
          GroupId: 'g',
          MsgList: [
            { ...OLD, Random: 1 },
            { ...OLD, SendTime: NOW - 1 },
            { ...OLD, From_Account: 'owner', CloudCustomData: 'data' },
          ],
          RecentContactFlag: 1,
        },
        answer: {
          ImportMsgResult: [
            { MsgSeq: 1, MsgTime: NOW, Result: 0 },
            { MsgSeq: 0, MsgTime: NOW - 1, Result: 10004 },
            { MsgSeq: 2, MsgTime: NOW, Result: 0 },
          ],
        },
        afterwards: [
          [
            'group_msg_get_simple',
            { GroupId: 'g', ReqMsgNumber: 5 },
            {
              RspMsgList: [
                { MsgSeq: 2, From_Account: 'owner', MsgTimeStamp: NOW, CloudCustomData: 'data' },
                { MsgSeq: 1, From_Account: 'u1', MsgRandom: 1, MsgBody: text('old') },
              ],
            },
          ],
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ NextMsgSeq: 3, LastMsgTime: NOW }] }],
        ],
        webhooks: [],
      },
      {
        title: 'a repetition is answered as the first one was',
        given: [...G, ['import_group_msg', IMPORT]],
        request: IMPORT,
        answer: { ImportMsgResult: [{ MsgSeq: 1, MsgTime: NOW, Result: 0 }] },
        webhooks: [],
      },
      {
        title: 'a message that is too long, and one from the future',
        given: G,
        request: {
          GroupId: 'g',
          MsgList: [
            { ...OLD, MsgBody: text('x'.repeat(12_001)) },
            { ...OLD, SendTime: NOW + 1 },
          ],
        },
        answer: {
          ImportMsgResult: [
            { MsgSeq: 0, Result: 80002 },
            { MsgSeq: 0, Result: 10004 },
          ],
        },
        webhooks: [],
      },
      ...notTheGroups(IMPORT),
      { title: 'no messages', request: { GroupId: 'g', MsgList: [] }, refused: 'INVALID_PARAMETERS' },
      {
        title: '21 messages',
        request: { GroupId: 'g', MsgList: Array(21).fill(OLD) },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a message without its time',
        request: { GroupId: 'g', MsgList: [{ ...OLD, SendTime: undefined }] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an element that is none',
        given: G,
        request: {
          GroupId: 'g',
          MsgList: [{ ...OLD, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: {} }] }],
        },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a sender who does not exist',
        given: G,
        request: { GroupId: 'g', MsgList: [OLD, { ...OLD, From_Account: 'ghost' }] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: IMPORT,
        refused: 'PERMISSION_DENIED',
      },
    ],
  },
  {
    command: `${S}/send_group_system_notification`,
    api: 7,
    differences: ['No client can connect yet, so nobody is shown it.'],
    cases: [
      {
        title: 'it is in no history, takes no number, and no webhook tells of it',
        given: [...G, message('g', 'u1', 'one')],
        request: { ...NOTICE, ToMembers_Account: ['u1'] },
        answer: {},
        afterwards: [
          ['group_msg_get_simple', { GroupId: 'g', ReqMsgNumber: 5 }, { RspMsgList: [{ MsgSeq: 1 }] }],
          ['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ NextMsgSeq: 2 }] }],
        ],
        webhooks: [],
      },
      {
        title: 'an empty list means everybody',
        given: G,
        request: { ...NOTICE, ToMembers_Account: [] },
        answer: {},
      },
      {
        title: 'an AVChatRoom, everybody in it',
        given: [group('AVChatRoom', 'g')],
        request: NOTICE,
        answer: {},
        afterwards: [['get_group_info', { GroupIdList: ['g'] }, { GroupInfo: [{ NextMsgSeq: 1 }] }]],
        webhooks: [],
      },
      {
        title: 'a topic',
        given: townWithTopics('u1'),
        request: { ...NOTICE, GroupId: TOWN, TopicId: NEWS },
        answer: {},
        afterwards: [
          [
            'million_group_open_http_svc/get_topic',
            { GroupId: TOWN },
            { TopicAndSelfInfo: [{ TopicInfo: { NextMsgSeq: 1 } }] },
          ],
        ],
        webhooks: [],
      },
      ...notTheGroups(NOTICE),
      { title: 'no Content', request: { GroupId: 'g' }, refused: 'INVALID_PARAMETERS' },
      {
        title: '501 members',
        request: { ...NOTICE, ToMembers_Account: Array(501).fill('u1') },
        refused: 'TOO_MANY_ACCOUNTS',
      },
      {
        title: 'some of an AVChatRoom',
        given: [group('AVChatRoom', 'g')],
        request: { ...NOTICE, ToMembers_Account: ['u1'] },
        refused: 'PERMISSION_DENIED',
      },
      {
        title: '12,001 bytes',
        given: G,
        request: { ...NOTICE, Content: 'x'.repeat(12_001) },
        refused: 'BODY_TOO_LONG',
      },
    ],
  },
  {
    command: `${S}/send_broadcast_msg`,
    api: 8,
    differences: ['No client can connect yet, so nobody is shown it.'],
    cases: [
      {
        title: 'broadcasts of an app have numbers of their own',
        given: [groupWith('AVChatRoom', 'live', {})],
        request: { ...BROADCAST, From_Account: 'u1', CloudCustomData: 'data' },
        answer: { MsgSeq: 1 },
        webhooks: [],
      },
      { title: 'the calling admin is the sender', request: BROADCAST, answer: { MsgSeq: 1 } },
      { title: 'no Random', request: { MsgBody: text('x') }, refused: 'INVALID_PARAMETERS' },
      { title: 'no MsgBody', request: { Random: 1 }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'an element that is none',
        request: { Random: 1, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: {} }] },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a sender who does not exist',
        request: { ...BROADCAST, From_Account: 'ghost' },
        refused: 'ACCOUNT_NOT_FOUND',
      },
      {
        title: '12,001 bytes',
        request: { Random: 1, MsgBody: text('x'.repeat(12_001)) },
        refused: 'BODY_TOO_LONG',
      },
      {
        title: 'two in a second',
        given: [['send_broadcast_msg', BROADCAST]],
        request: BROADCAST,
        refused: 'MESSAGE_FREQUENCY',
      },
    ],
  },
];
