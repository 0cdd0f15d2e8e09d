import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';
import { topicIdProblem } from './topic-id.ts';

/** A topic as people ask for it. */
export interface TopicProfile {
  readonly topic: Group;
  readonly customString: string;
  /** Of the user who asks, in this topic: unix seconds, 0 for not muted. */
  readonly muteUntil: number;
  /** Highest `MsgSeq` that this user has read in it. */
  readonly readSeq: number;
}

export interface CreateTopicRequest {
  readonly groupId: string;
  readonly topicId?: string;
  /** From another system, with ids that its server has made. */
  readonly imported: boolean;
}

/** What the store knows when a topic is to be created. */
export interface CreateTopicState {
  readonly community: Group;
  /** Somebody has the wanted id now. */
  readonly taken: boolean;
  readonly topics: number;
}

/** May this topic be created (tencent-rest-group C1.23, C1.27)? */
export function createTopicRefusal(
  { groupId, topicId, imported }: CreateTopicRequest,
  { community, taken, topics }: CreateTopicState,
  rules: Pick<Rules, 'topicsPerCommunity'>,
): Refusal | undefined {
  const off = topicsRefusal(community);
  if (off !== undefined) return off;
  const problem = topicId === undefined ? undefined : topicIdProblem(topicId, groupId, imported);
  if (problem !== undefined) return refuse('INVALID_GROUP_ID', `TopicId "${topicId}": ${problem}`);
  if (taken) {
    const code = imported ? 'GROUP_ID_IN_USE' : 'GROUP_ID_IN_USE_BY_OWNER';
    return refuse(code, `TopicId: topic "${topicId}" exists; choose another id or delete it first`);
  }
  if (topics < rules.topicsPerCommunity) return undefined;
  return refuse('TOO_MANY_GROUPS_OF_USER', `community "${groupId}" has ${topics} topics, its limit`);
}

/** Why a group has no topics; undefined for a Community that was created with them. */
export function topicsRefusal({ groupId, type, supportTopic }: Group): Refusal | undefined {
  if (!GROUP_TYPE_TRAITS[type].topics) {
    return refuse('PERMISSION_DENIED', `group "${groupId}" is of type ${type}, which has no topics`);
  }
  if (supportTopic) return undefined;
  return refuse('TOPICS_OFF', `community "${groupId}" was created without SupportTopic, so it has no topics`);
}

/** What of a topic is changed; absent: it stays. */
export interface TopicChanges {
  readonly name?: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
  readonly muteAll?: boolean;
}

const TOLD = ['name', 'introduction', 'notification', 'faceUrl'] as const;

/** Of the changes those that are any, and which of them the webhook tells (tencent-webhooks C.19). */
export function topicChanges(
  topic: Group,
  wanted: TopicChanges,
): {
  readonly changed: TopicChanges;
  readonly told: Readonly<Partial<Record<(typeof TOLD)[number], string>>>;
} {
  const differs = ([key, value]: [string, unknown]) =>
    value !== undefined && value !== topic[key as keyof TopicChanges];
  const changed = Object.fromEntries(Object.entries(wanted).filter(differs)) as TopicChanges;
  const told = Object.fromEntries(
    TOLD.flatMap((key) => (changed[key] === undefined ? [] : [[key, changed[key]]])),
  );
  return { changed, told };
}
