import type { Call, Case, Contract } from './contract.ts';
import { group, groupWith, members, NEWS, TOWN, text } from './scene.ts';

const M = 'million_group_open_http_svc';
const S = 'group_open_http_svc';
const CHAT = `${TOWN}@TOPIC#_chat`;

const town = groupWith('Community', TOWN, { SupportTopic: 1, MemberList: members('u1') });
const topic = (TopicId: string, fields: object = {}): Call => [
  `${M}/create_topic`,
  { GroupId: TOWN, TopicId, TopicName: 'n', ...fields },
];
const info = (TopicInfo: Readonly<Record<string, string | number | undefined>>) =>
  ({ TopicAndSelfInfo: [{ ErrorCode: 0, TopicInfo }] }) as const;
const gone = [
  `${M}/get_topic`,
  { GroupId: TOWN, TopicIdList: [NEWS] },
  { TopicAndSelfInfo: [{ ErrorCode: 110_003, TopicInfo: { TopicId: NEWS } }] },
] as const;

/** What every command about topics refuses; `fields` are those that it needs besides the group. */
function withoutTopics(fields: object): readonly Case[] {
  return [
    { title: 'no such group', request: { GroupId: 'nope', ...fields }, refused: 'GROUP_NOT_FOUND' },
    { title: 'no group', request: fields, refused: 'INVALID_PARAMETERS' },
    {
      title: 'a Public group',
      given: [group('Public', 'g')],
      request: { GroupId: 'g', ...fields },
      refused: 'PERMISSION_DENIED',
    },
    {
      title: 'a Community without topics',
      given: [group('Community', '@TGS#_village')],
      request: { GroupId: '@TGS#_village', ...fields },
      refused: 'TOPICS_OFF',
    },
  ];
}

/** What creating and importing refuse alike. */
const creating: readonly Case[] = [
  ...withoutTopics({ TopicName: 'n' }),
  { title: 'no name', given: [town], request: { GroupId: TOWN }, refused: 'INVALID_PARAMETERS' },
  {
    title: 'an empty name',
    given: [town],
    request: { GroupId: TOWN, TopicName: '' },
    refused: 'INVALID_PARAMETERS',
  },
  {
    title: 'a name of 31 bytes',
    given: [town],
    request: { GroupId: TOWN, TopicName: 'x'.repeat(31) },
    refused: 'INVALID_PARAMETERS',
  },
  {
    title: 'a CustomString of 3,001 bytes',
    given: [town],
    request: { GroupId: TOWN, TopicName: 'n', CustomString: 'x'.repeat(3_001) },
    refused: 'INVALID_PARAMETERS',
  },
  {
    title: 'the id of a topic elsewhere',
    given: [town],
    request: { GroupId: TOWN, TopicName: 'n', TopicId: '@TGS#_city@TOPIC#_news' },
    refused: 'INVALID_GROUP_ID',
  },
  {
    title: 'a creator without an account',
    given: [town],
    request: { GroupId: TOWN, TopicName: 'n', From_Account: 'ghost' },
    refused: 'OPERATOR_INVALID',
  },
  {
    title: 'the community has as many topics as it may',
    given: [town, topic(NEWS)],
    rules: { topicsPerCommunity: 1 },
    request: { GroupId: TOWN, TopicName: 'n' },
    refused: 'TOO_MANY_GROUPS_OF_USER',
  },
];

export const contracts: readonly Contract[] = [
  {
    command: `${M}/create_topic`,
    api: 73,
    cases: [
      {
        title: 'a topic with all it can have',
        given: [town],
        request: {
          GroupId: TOWN,
          TopicId: NEWS,
          TopicName: 'News',
          From_Account: 'u1',
          CustomString: 'custom',
          FaceUrl: 'https://faces.example/n',
          Notification: 'notice',
          Introduction: 'intro',
        },
        answer: { TopicId: NEWS },
        afterwards: [
          [
            `${M}/get_topic`,
            { GroupId: TOWN },
            info({
              TopicId: NEWS,
              GroupID: TOWN,
              TopicName: 'News',
              CustomString: 'custom',
              FaceUrl: 'https://faces.example/n',
              Notification: 'notice',
              Introduction: 'intro',
              NextMsgSeq: 1,
              LastMsgTime: 0,
              MuteAllMember: 'Off',
              ShutUpAllFlag: 0,
            }),
          ],
          ['get_group_info', { GroupIdList: [TOWN] }, { GroupInfo: [{ SupportTopic: 1, NextMsgSeq: 1 }] }],
          ['get_appid_group_list', {}, { TotalCount: 1, GroupIdList: [{ GroupId: TOWN }] }],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackBeforeCreateTopic',
            Operator_Account: 'u1',
            Type: 'Community',
            Name: 'News',
            GroupId: undefined,
            TopicId: undefined,
            EventTime: undefined,
          },
          {
            CallbackCommand: 'Group.CallbackAfterCreateTopic',
            GroupId: TOWN,
            TopicId: NEWS,
            Operator_Account: 'u1',
            Owner_Account: 'owner',
            Type: 'Community',
            Name: 'News',
          },
        ],
      },
      {
        title: 'the server makes the id; a number as From_Account is a UserID of digits',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateTopic' },
          { CallbackCommand: 'Group.CallbackAfterCreateTopic' },
        ],
        given: [town, ['im_open_login_svc/account_import', { UserID: '77' }]],
        request: { GroupId: TOWN, TopicName: 'n', From_Account: 77 },
        answer: { TopicId: /^@TGS#_town@TOPIC#_@TOPIC#[A-Z0-9]{9,}$/ },
      },
      {
        title: 'an id of a topic that was deleted',
        webhooks: [
          { CallbackCommand: 'Group.CallbackBeforeCreateTopic' },
          { CallbackCommand: 'Group.CallbackAfterCreateTopic' },
        ],
        given: [town, topic(NEWS), [`${M}/destroy_topic`, { GroupId: TOWN, TopicIdList: [NEWS] }]],
        request: { GroupId: TOWN, TopicId: NEWS, TopicName: 'again' },
        answer: { TopicId: NEWS },
        afterwards: [[`${M}/get_topic`, { GroupId: TOWN }, info({ TopicName: 'again' })]],
      },
      ...creating,
      {
        title: 'the id is taken',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, TopicName: 'n' },
        refused: 'GROUP_ID_IN_USE_BY_OWNER',
      },
      {
        title: 'an id as the server makes them',
        given: [town],
        request: { GroupId: TOWN, TopicId: `${TOWN}@TOPIC#_@TOPIC#X`, TopicName: 'n' },
        refused: 'INVALID_GROUP_ID',
      },
    ],
  },
  {
    command: `${M}/destroy_topic`,
    api: 74,
    differences: [
      'Each topic is told by a webhook of its own, which comes after the last message of that topic; disbanding a community tells the end of its topics too.',
    ],
    cases: [
      {
        title: 'topics go, each with its messages; one that is not there is told apart',
        given: [
          town,
          topic(NEWS),
          topic(CHAT),
          [
            'send_group_msg',
            { GroupId: TOWN, TopicId: NEWS, From_Account: 'u1', Random: 1, MsgBody: text('x') },
          ],
        ],
        request: { GroupId: TOWN, TopicIdList: [NEWS, `${TOWN}@TOPIC#_none`] },
        answer: {
          DestroyResultItem: [
            { TopicId: NEWS, ErrorCode: 0 },
            { TopicId: `${TOWN}@TOPIC#_none`, ErrorCode: 110_003 },
          ],
        },
        afterwards: [
          gone,
          [`${M}/get_topic`, { GroupId: TOWN }, info({ TopicId: CHAT })],
          ['group_msg_get_simple', { GroupId: TOWN, TopicId: NEWS, ReqMsgNumber: 1 }, { ErrorCode: 10_010 }],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterTopicDestroyed',
            GroupId: TOWN,
            Type: 'Community',
            TopicIdList: [NEWS],
          },
        ],
      },
      ...withoutTopics({ TopicIdList: [NEWS] }),
      { title: 'no list', given: [town], request: { GroupId: TOWN }, refused: 'INVALID_PARAMETERS' },
      {
        title: 'an empty list',
        given: [town],
        request: { GroupId: TOWN, TopicIdList: [] },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${M}/get_topic`,
    api: 75,
    differences: [
      '`MsgSeq` in `SelfInfo`, the number that the member has read, is what `set_unread_msg_num` or an import made it, and 0 before.',
    ],
    cases: [
      {
        title: 'all of them, with what a member has to do with each',
        given: [
          town,
          topic(NEWS),
          topic(CHAT),
          [
            'forbid_send_msg',
            { GroupId: TOWN, TopicId: CHAT, Members_Account: ['u1'], MuteTime: 4_294_967_295 },
          ],
        ],
        request: { GroupId: TOWN, From_Account: 'u1' },
        answer: {
          TopicAndSelfInfo: [
            {
              TopicInfo: { TopicId: NEWS },
              SelfInfo: { ShutUpTime: 0, MsgSeq: 0, MsgFlag: 'AcceptAndNotify' },
            },
            {
              TopicInfo: { TopicId: CHAT },
              SelfInfo: { ShutUpTime: 4_294_967_295, MuteTime: 4_294_967_295 },
            },
          ],
        },
        webhooks: [],
      },
      {
        title: 'some, in the order asked for, with some fields; one that is not there is told apart',
        given: [town, topic(NEWS), topic(CHAT)],
        request: {
          GroupId: TOWN,
          TopicIdList: [CHAT, `${TOWN}@TOPIC#_none`, NEWS],
          ResponseFilter: ['TopicName'],
        },
        answer: {
          TopicAndSelfInfo: [
            { ErrorCode: 0, TopicInfo: { TopicId: CHAT, TopicName: 'n', NextMsgSeq: undefined } },
            { ErrorCode: 110_003, TopicInfo: { TopicId: `${TOWN}@TOPIC#_none` } },
            { ErrorCode: 0, TopicInfo: { TopicId: NEWS }, SelfInfo: undefined },
          ],
        },
      },
      {
        title: 'none, and a stranger who asks',
        given: [town],
        request: { GroupId: TOWN, From_Account: 'u5' },
        answer: { TopicAndSelfInfo: [] },
      },
      ...withoutTopics({}),
    ],
  },
  {
    command: `${M}/modify_topic`,
    api: 76,
    cases: [
      {
        title: 'the profile; what is not named stays',
        given: [town, topic(NEWS, { Introduction: 'intro', CustomString: 'c' })],
        request: {
          GroupId: TOWN,
          TopicId: NEWS,
          From_Account: 'owner',
          TopicName: 'News',
          Notification: 'notice',
          FaceUrl: 'https://faces.example/new',
          CustomString: '',
        },
        answer: {},
        afterwards: [
          [
            `${M}/get_topic`,
            { GroupId: TOWN },
            info({ TopicName: 'News', Introduction: 'intro', Notification: 'notice', CustomString: '' }),
          ],
        ],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterTopicInfoChanged',
            GroupId: TOWN,
            Type: 'Community',
            Operator_Account: 'owner',
            Name: 'News',
            Notification: 'notice',
            FaceUrl: 'https://faces.example/new',
            Introduction: undefined,
          },
        ],
      },
      {
        title: 'the introduction, which is told alone',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, Introduction: 'new' },
        answer: {},
        afterwards: [[`${M}/get_topic`, { GroupId: TOWN }, info({ TopicName: 'n', Introduction: 'new' })]],
        webhooks: [
          {
            CallbackCommand: 'Group.CallbackAfterTopicInfoChanged',
            Operator_Account: 'administrator',
            Introduction: 'new',
            Name: undefined,
          },
        ],
      },
      {
        title: 'everybody is muted but owner and admins, in this topic alone; that tells nobody',
        given: [town, topic(NEWS), topic(CHAT)],
        request: { GroupId: TOWN, TopicId: NEWS, MuteAllMember: 'On' },
        answer: {},
        afterwards: [
          [
            'send_group_msg',
            { GroupId: TOWN, TopicId: NEWS, From_Account: 'u1', Random: 1, MsgBody: text('x') },
            { ErrorCode: 10_017 },
          ],
          [
            `${M}/get_topic`,
            { GroupId: TOWN, TopicIdList: [NEWS] },
            info({ MuteAllMember: 'On', ShutUpAllFlag: 1 }),
          ],
          [
            'send_group_msg',
            { GroupId: TOWN, TopicId: NEWS, From_Account: 'owner', Random: 1, MsgBody: text('x') },
            { ErrorCode: 0, MsgSeq: 1 },
          ],
          [
            'send_group_msg',
            { GroupId: TOWN, TopicId: CHAT, From_Account: 'u1', Random: 1, MsgBody: text('x') },
            { ErrorCode: 0, MsgSeq: 1 },
          ],
        ],
      },
      {
        title: 'the old name ShutUpAllMember',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, ShutUpAllMember: 'On' },
        answer: {},
        afterwards: [[`${M}/get_topic`, { GroupId: TOWN }, info({ MuteAllMember: 'On' })]],
        webhooks: [],
      },
      {
        title: 'nothing that differs',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, TopicName: 'n' },
        answer: {},
        webhooks: [],
      },
      ...withoutTopics({ TopicId: NEWS }),
      {
        title: 'an empty name',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, TopicName: '' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'a topic that was deleted',
        given: [town, topic(NEWS), [`${M}/destroy_topic`, { GroupId: TOWN, TopicIdList: [NEWS] }]],
        request: { GroupId: TOWN, TopicId: NEWS, TopicName: 'x' },
        refused: 'GROUP_NOT_FOUND',
      },
      {
        title: 'no topic',
        given: [town],
        request: { GroupId: TOWN, TopicName: 'x' },
        refused: 'INVALID_PARAMETERS',
      },
      {
        title: 'an unknown MuteAllMember',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, MuteAllMember: 'on' },
        refused: 'INVALID_PARAMETERS',
      },
    ],
  },
  {
    command: `${S}/import_topic`,
    api: 77,
    cases: [
      {
        title: 'with its time and an id that another server has made; nobody is told',
        given: [town],
        request: {
          GroupId: TOWN,
          TopicId: `${TOWN}@TOPIC#_@TOPIC#OTHER`,
          TopicName: 'old',
          Type: 'Community',
          CreateTime: 1_600_000_000,
        },
        answer: { TopicId: `${TOWN}@TOPIC#_@TOPIC#OTHER` },
        afterwards: [[`${M}/get_topic`, { GroupId: TOWN }, info({ CreateTime: 1_600_000_000 })]],
        webhooks: [],
      },
      ...creating,
      {
        title: 'the id is taken',
        given: [town, topic(NEWS)],
        request: { GroupId: TOWN, TopicId: NEWS, TopicName: 'n' },
        refused: 'GROUP_ID_IN_USE',
      },
    ],
  },
];
