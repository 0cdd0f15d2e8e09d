import Type from 'typebox';
import { boundedText, groupId, names, optional, uint32 } from './fields.ts';

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
  TopicName: boundedText(30, 'Name of the topic'),
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

export interface CreateTopicResponse {
  readonly TopicId: string;
}

/** `million_group_open_http_svc/modify_topic`; only what is named changes. Source: tencent-rest-group C1.26. */
export const ModifyTopicRequest = Type.Object({
  GroupId: groupId('Community with topics'),
  TopicId: TOPIC_ID,
  TopicName: optional(boundedText(30, 'Name of the topic')),
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

export interface DestroyTopicResponse {
  readonly DestroyResultItem: readonly {
    readonly TopicId: string;
    /** 0, or 110003: there is no such topic any more. */
    readonly ErrorCode: number;
    readonly ErrorInfo: string;
  }[];
}

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

export interface TopicInfo {
  readonly TopicId: string;
  /** The community, under both spellings. */
  readonly GroupID: string;
  readonly GroupId: string;
  readonly TopicName: string;
  readonly FaceUrl: string;
  readonly Notification: string;
  readonly Introduction: string;
  readonly CustomString: string;
  /** `MsgSeq` of the next message in the topic. */
  readonly NextMsgSeq: number;
  /** Unix seconds; `LastMsgTime` 0 before the first message. */
  readonly CreateTime: number;
  readonly LastMsgTime: number;
  readonly MuteAllMember: 'On' | 'Off';
  /** The same as 0 or 1, as newer SDKs read it. */
  readonly ShutUpAllFlag: 0 | 1;
}

/** Of the member who asks. */
export interface TopicSelfInfo {
  /** Unix seconds of the end of his mute in the topic; 0: not muted. */
  readonly ShutUpTime: number;
  readonly MuteTime: number;
  /** Highest `MsgSeq` he has read. */
  readonly MsgSeq: number;
  readonly MsgFlag: string;
}

export interface GetTopicResponse {
  readonly TopicAndSelfInfo: readonly {
    /** 0, or 110003: there is no such topic any more. */
    readonly ErrorCode: number;
    readonly ErrorInfo: string;
    readonly SelfInfo?: TopicSelfInfo;
    readonly TopicInfo: Partial<TopicInfo>;
  }[];
}
