import type { Group } from '../../../domain/group.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { createTopicRefusal, topicChanges, topicsRefusal } from '../../../domain/topic.ts';
import { makeTopicId } from '../../../domain/topic-id.ts';
import type { DestroyGroup } from '../../commands.ts';
import type { CreateTopic, DestroyTopics, ModifyTopic, TopicResultMap } from '../../topic-commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { changeProfile, liveGroup, livePlace, operatorRefusal } from './live-group.ts';

/** Mutes of a topic up to here go with it at once, more of them with the trimmer. */
const PURGE_AT_ONCE = 1_000;

/** May this topic be created? Changes nothing. */
export function decideTopic(
  tables: Tables,
  command: CreateTopic,
): Refusal | { readonly community: GroupState; readonly topicId: string } {
  const { app, groupId } = command;
  const community = liveGroup(tables, app, groupId);
  if ('kind' in community) return community;
  const topicId = command.topicId ?? makeTopicId(groupId, command.idSeed);
  const unknown = operatorRefusal(tables, command);
  if (unknown !== undefined) return unknown;
  const refusal = createTopicRefusal(
    command,
    {
      community: community.group,
      taken: tables.groups.isTaken(app, topicId),
      topics: tables.groups.topicIds(app, groupId).length,
    },
    tables.rules,
  );
  return refusal ?? { community, topicId };
}

/**
 * A topic is a stream of its own. What happens to it stands in its own log, so that a lane tells of its creation before its first
 * message and of its end after the last (docs/decisions/0024).
 */
export function applyCreateTopic(tables: Tables, command: CreateTopic): TopicResultMap['createTopic'] {
  const decided = decideTopic(tables, command);
  if ('kind' in decided) return decided;
  const { community, topicId } = decided;
  // Written with its topics, so that no two who create the last one at once miss each other.
  tables.groups.touch(community);
  const state = tables.groups.create(newTopic(community.group, topicId, command), 1);
  if (command.customString) putCustomString(tables, state, command.customString);
  // An imported topic is told to nobody (tencent-rest-group C1.27).
  if (!command.imported) {
    const { operator, name } = command;
    const facts = { operator, topicId, owner: community.group.owner, name };
    appendFact(tables, state, 'group.topic.created', command, facts);
  }
  return { kind: 'created', topicId };
}

export function applyModifyTopic(tables: Tables, command: ModifyTopic): TopicResultMap['modifyTopic'] {
  const { operator, customString, name, introduction, notification, faceUrl, muteAll } = command;
  const state = livePlace(tables, command);
  if ('kind' in state) return state;
  const unknown = operatorRefusal(tables, command);
  if (unknown !== undefined) return unknown;
  const { changed, told } = topicChanges(state.group, {
    ...(name !== undefined && { name }),
    ...(introduction !== undefined && { introduction }),
    ...(notification !== undefined && { notification }),
    ...(faceUrl !== undefined && { faceUrl }),
    ...(muteAll !== undefined && { muteAll }),
  });
  if (Object.keys(changed).length > 0) changeProfile(tables, state, changed, command.now);
  if (customString !== undefined) putCustomString(tables, state, customString);
  if (Object.keys(told).length > 0) {
    const facts = { operator, topicId: command.topicId, ...told };
    appendFact(tables, state, 'group.topic.changed', command, facts);
  }
  return { kind: 'done' };
}

export function applyDestroyTopics(tables: Tables, command: DestroyTopics): TopicResultMap['destroyTopics'] {
  const community = liveGroup(tables, command.app, command.groupId);
  if ('kind' in community) return community;
  const off = topicsRefusal(community.group);
  if (off !== undefined) return off;
  const destroyed = [...new Set(command.topicIds)].filter((topicId) =>
    destroyTopic(tables, command, topicId),
  );
  if (destroyed.length > 0) tables.groups.touch(community);
  return { kind: 'done', destroyed };
}

/** All topics of a community that is disbanded: each lane tells the end of its topic. */
export function destroyTopicsOf(tables: Tables, command: DestroyGroup): void {
  for (const topicId of tables.groups.topicIds(command.app, command.groupId))
    destroyTopic(tables, command, topicId);
}

function destroyTopic(tables: Tables, command: DestroyGroup | DestroyTopics, topicId: string): boolean {
  const state = tables.groups.topic(command.app, topicId);
  if (state?.group.groupId !== command.groupId) return false;
  const facts = { operator: command.operator, topicIds: [topicId] };
  appendFact(tables, state, 'group.topics.destroyed', command, facts);
  tables.values.purge(state.group.streamId);
  // The trimmer goes on with what is left where it sees members; a topic has none of its own.
  const left = tables.members.purge(state.group.streamId, PURGE_AT_ONCE) < PURGE_AT_ONCE ? 0 : 1;
  state.group = { ...state.group, memberNum: left };
  tables.groups.touch(state);
  tables.groups.destroy(state, command.now);
  return true;
}

export function customStringOf(value: string | undefined): string {
  return value === undefined ? '' : (JSON.parse(value) as string);
}

function putCustomString(tables: Tables, state: GroupState, text: string): void {
  tables.values.put(state.group.streamId, 'topic', JSON.stringify(text));
  tables.groups.touch(state);
}

/** As much of a group as a topic has; the rest is the community's. */
function newTopic(community: Group, topicId: string, command: CreateTopic): Omit<Group, 'streamId'> {
  const now = Math.floor(command.now / 1000);
  return {
    ...community,
    topicId,
    name: command.name,
    introduction: command.introduction ?? '',
    notification: command.notification ?? '',
    faceUrl: command.faceUrl ?? '',
    owner: '',
    createTime: command.createTime ?? now,
    infoSeq: 1,
    lastInfoTime: now,
    lastMsgTime: 0,
    nextMsgSeq: 1,
    memberNum: 0,
    muteAll: false,
    supportTopic: false,
    active: true,
    appDefinedData: [],
  };
}
