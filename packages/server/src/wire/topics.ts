import {
  type CreateTopicRequest,
  type DestroyTopicResponse,
  ERRORS,
  type GetTopicRequest,
  type GetTopicResponse,
  type ImportTopicRequest,
  type ModifyTopicRequest,
  type TopicInfo,
  type TopicSelfInfo,
} from '@confab-im/protocol';
import type { Member } from '../domain/group.ts';
import type { TopicProfile } from '../domain/topic.ts';

export interface NewTopic {
  readonly groupId: string;
  readonly topicId?: string;
  readonly creator?: string;
  readonly name: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
  readonly customString?: string;
  readonly createTime?: number;
}

export function decodeNewTopic(request: CreateTopicRequest | ImportTopicRequest): NewTopic {
  const createTime = 'CreateTime' in request ? request.CreateTime : undefined;
  return {
    groupId: request.GroupId,
    ...(request.TopicId !== undefined && { topicId: request.TopicId }),
    ...decodeActor(request.From_Account),
    name: request.TopicName,
    ...decodeProfile(request),
    ...(createTime && { createTime }),
  };
}

export function decodeTopicChange(request: ModifyTopicRequest) {
  const mute = request.MuteAllMember ?? request.ShutUpAllMember;
  return {
    groupId: request.GroupId,
    topicId: request.TopicId,
    ...decodeActor(request.From_Account),
    ...(request.TopicName !== undefined && { name: request.TopicName }),
    ...decodeProfile(request),
    ...(mute !== undefined && { muteAll: mute === 'On' }),
  };
}

export function decodeTopicsWanted(request: GetTopicRequest) {
  const { creator: userId } = decodeActor(request.From_Account);
  return {
    groupId: request.GroupId,
    ...(request.TopicIdList?.length && { topicIds: request.TopicIdList }),
    ...(userId !== undefined && { userId }),
  };
}

function decodeActor(account: string | number | undefined): { readonly creator?: string } {
  return account === undefined ? {} : { creator: String(account) };
}

function decodeProfile(request: CreateTopicRequest | ModifyTopicRequest) {
  const { CustomString, FaceUrl, Notification, Introduction } = request;
  return {
    ...(CustomString !== undefined && { customString: CustomString }),
    ...(FaceUrl !== undefined && { faceUrl: FaceUrl }),
    ...(Notification !== undefined && { notification: Notification }),
    ...(Introduction !== undefined && { introduction: Introduction }),
  };
}

/** In the order asked for, if topics were named; of one that is not there any more only its id (110003). */
export function encodeTopics(
  topics: readonly TopicProfile[],
  member: Member | undefined,
  { TopicIdList = [], ResponseFilter }: GetTopicRequest,
): GetTopicResponse {
  const byId = new Map(topics.map((profile) => [profile.topic.topicId ?? '', profile]));
  const ids = TopicIdList.length > 0 ? TopicIdList : [...byId.keys()];
  return {
    TopicAndSelfInfo: ids.map((TopicId) => {
      const found = byId.get(TopicId);
      return found === undefined
        ? { ...gone(TopicId), TopicInfo: { TopicId } }
        : {
            ErrorCode: 0,
            ErrorInfo: '',
            ...(member && { SelfInfo: encodeSelf(found, member) }),
            TopicInfo: picked(encodeTopic(found), ResponseFilter),
          };
    }),
  };
}

function encodeSelf({ muteUntil, readSeq }: TopicProfile, { msgFlag }: Member): TopicSelfInfo {
  return { ShutUpTime: muteUntil, MuteTime: muteUntil, MsgSeq: readSeq, MsgFlag: msgFlag };
}

function encodeTopic({ topic, customString }: TopicProfile): TopicInfo {
  return {
    TopicId: topic.topicId ?? '',
    GroupID: topic.groupId,
    GroupId: topic.groupId,
    TopicName: topic.name,
    FaceUrl: topic.faceUrl,
    Notification: topic.notification,
    Introduction: topic.introduction,
    CustomString: customString,
    NextMsgSeq: topic.nextMsgSeq,
    CreateTime: topic.createTime,
    LastMsgTime: topic.lastMsgTime,
    MuteAllMember: topic.muteAll ? 'On' : 'Off',
    ShutUpAllFlag: topic.muteAll ? 1 : 0,
  };
}

/** The id is always among them; asking for one spelling of the community gives both. */
function picked(
  info: TopicInfo,
  filter: readonly string[] | undefined,
): Partial<TopicInfo> & Pick<TopicInfo, 'TopicId'> {
  if (filter === undefined || filter.length === 0) return info;
  const wanted = new Set(filter);
  if (wanted.has('GroupId') || wanted.has('GroupID')) wanted.add('GroupId').add('GroupID');
  if (wanted.has('MuteAllMember')) wanted.add('ShutUpAllFlag');
  const { TopicId, ...others } = info;
  return { TopicId, ...Object.fromEntries(Object.entries(others).filter(([name]) => wanted.has(name))) };
}

export function encodeDestroyed(
  topicIds: readonly string[],
  destroyed: readonly string[],
): DestroyTopicResponse {
  return {
    DestroyResultItem: topicIds.map((TopicId) =>
      destroyed.includes(TopicId) ? { TopicId, ErrorCode: 0, ErrorInfo: '' } : { TopicId, ...gone(TopicId) },
    ),
  };
}

function gone(topicId: string): { readonly ErrorCode: number; readonly ErrorInfo: string } {
  return {
    ErrorCode: ERRORS.TOPIC_DELETED.code,
    ErrorInfo: `topic "${topicId}" does not exist, or was deleted`,
  };
}
