import Type from 'typebox';
import { type Answered, codeOf, count, list, oneOrZero, onOrOff, seconds, text } from './answer.ts';
import { boundedName, boundedText, groupId, MSG_FLAGS, names, optional, uint32 } from './fields.ts';

/** The longest id: that of the community, `@TOPIC#_` and the rest. Source: tencent-rest-types-errors E.3. */
const TOPIC_ID = Type.String({
  pattern: '^[\\x20-\\x7e]{1,96}$',
  description: 'Topic: 1 to 96 printable ASCII characters',
});

/** The table says a number, the samples send a text (tencent-rest G.1 no. 18). */
const fromAccount = optional(
  Type.Union([
    Type.String({ pattern: '^[\\x20-\\x7e]{1,32}$', description: 'Who does it; absent: the calling admin' }),
    Type.Integer({ minimum: 0, description: 'The same as a number' }),
  ]),
);

const profile = {
  CustomString: optional(boundedText(3_000, 'Whatever the app keeps with the topic')),
  FaceUrl: optional(boundedText(100, 'URL of the avatar')),
  Notification: optional(boundedText(300, 'Notice')),
  Introduction: optional(boundedText(240, 'Introduction')),
};

const newTopic = {
  GroupId: groupId('Community with topics'),
  TopicId: optional(TOPIC_ID),
  TopicName: boundedName(30, 'Name of the topic'),
  From_Account: fromAccount,
  ...profile,
};

/** `million_group_open_http_svc/create_topic`. Source: tencent-rest-group C1.23. */
export const CreateTopicRequest = Type.Object(newTopic);
export type CreateTopicRequest = Type.Static<typeof CreateTopicRequest>;

/** `group_open_http_svc/import_topic`; a `CreateTime` of 0 is absent. Source: tencent-rest-group C1.27. */
export const ImportTopicRequest = Type.Object({
  ...newTopic,
  Type: optional(Type.Enum(['Community'])),
  CreateTime: optional(uint32('When it was created, unix seconds')),
});
export type ImportTopicRequest = Type.Static<typeof ImportTopicRequest>;

export const CreateTopicResponse = Type.Object({ TopicId: text('The new topic') });
export type CreateTopicResponse = Answered<typeof CreateTopicResponse>;

/** `million_group_open_http_svc/modify_topic`; only what is named changes. Source: tencent-rest-group C1.26. */
export const ModifyTopicRequest = Type.Object({
  GroupId: groupId('Community with topics'),
  TopicId: TOPIC_ID,
  TopicName: optional(boundedName(30, 'Name of the topic')),
  From_Account: fromAccount,
  ...profile,
  MuteAllMember: optional(Type.Enum(['On', 'Off'], { description: 'Only owner and admins may send' })),
  ShutUpAllMember: optional(Type.Enum(['On', 'Off'], { description: 'Old name of MuteAllMember' })),
});
export type ModifyTopicRequest = Type.Static<typeof ModifyTopicRequest>;

const MAX_TOPICS = 1_000;

/** `million_group_open_http_svc/destroy_topic`. Source: tencent-rest-group C1.24. */
export const DestroyTopicRequest = Type.Object({
  GroupId: groupId('Community with topics'),
  TopicIdList: Type.Array(TOPIC_ID, { minItems: 1, maxItems: MAX_TOPICS, description: 'Which topics' }),
});
export type DestroyTopicRequest = Type.Static<typeof DestroyTopicRequest>;

const ofTopic = {
  ErrorCode: codeOf('0, or 110003: there is no such topic any more'),
  ErrorInfo: text('Empty, or why not'),
};

export const DestroyTopicResponse = Type.Object({
  DestroyResultItem: list(Type.Object({ TopicId: text('The topic'), ...ofTopic }), 'In the order named'),
});
export type DestroyTopicResponse = Answered<typeof DestroyTopicResponse>;

/** `million_group_open_http_svc/get_topic`. Source: tencent-rest-group C1.25. */
export const GetTopicRequest = Type.Object({
  GroupId: groupId('Community with topics'),
  From_Account: fromAccount,
  TopicIdList: optional(
    Type.Array(TOPIC_ID, { maxItems: MAX_TOPICS, description: 'Which topics; absent or empty: all' }),
  ),
  ResponseFilter: optional(names('Fields of TopicInfo; absent: all')),
});
export type GetTopicRequest = Type.Static<typeof GetTopicRequest>;

export const TopicInfo = Type.Object({
  TopicId: text('The topic'),
  GroupID: text('Its community'),
  GroupId: text('Other name of GroupID'),
  TopicName: text('Name'),
  FaceUrl: text('URL of the avatar'),
  Notification: text('Notice'),
  Introduction: text('Introduction'),
  CustomString: text('What the app keeps with the topic'),
  NextMsgSeq: count('MsgSeq of the next message in the topic'),
  CreateTime: seconds('When it was created'),
  LastMsgTime: seconds('Latest message; 0 before the first'),
  MuteAllMember: onOrOff('Only owner and admins may send'),
  ShutUpAllFlag: oneOrZero('The same as newer SDKs read it'),
});
export type TopicInfo = Answered<typeof TopicInfo>;

export const TopicSelfInfo = Type.Object(
  {
    ShutUpTime: seconds('End of his mute in the topic; 0: not muted'),
    MuteTime: seconds('Other name of ShutUpTime'),
    MsgSeq: count('Highest MsgSeq he has read'),
    MsgFlag: Type.Enum(MSG_FLAGS, { description: 'How he is told of messages' }),
  },
  { description: 'The member who asks' },
);
export type TopicSelfInfo = Answered<typeof TopicSelfInfo>;

export const GetTopicResponse = Type.Object({
  TopicAndSelfInfo: list(
    Type.Object({
      ...ofTopic,
      SelfInfo: optional(TopicSelfInfo),
      TopicInfo: Type.Object({
        ...Type.Partial(TopicInfo).properties,
        TopicId: TopicInfo.properties.TopicId,
      }),
    }),
    'In the order asked for',
  ),
});
export type GetTopicResponse = Answered<typeof GetTopicResponse>;
