import { type Refusal, refuse } from '../domain/refusal.ts';
import { topicsRefusal } from '../domain/topic.ts';
import type { TopicsOfGroup, TopicsQuery } from '../store/store.ts';
import type { CreateTopic, ModifyTopic, TopicResultMap } from '../store/topic-commands.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';
import { pendingPlace } from './pending-change.ts';

type Request<C> = Omit<C, 'type' | 'now' | 'app' | 'from' | 'operator' | 'operatorIsAdmin' | 'idSeed'> & {
  /** Who does it; absent: the calling admin. */
  readonly creator?: string;
};

/** Creates a topic: rules first, then the app backends that want to be asked, then the commit. An imported one is asked of nobody. */
export async function createTopic(
  deps: ServiceDeps,
  caller: Caller,
  { creator, ...topic }: Request<CreateTopic>,
): Promise<TopicResultMap['createTopic']> {
  const { store, beforeWebhook, clock } = deps;
  const base = { ...commandBase(deps, caller), ...operatorOf(caller, creator) };
  const idSeed = deps.ids.groupIdSeed();
  const command: CreateTopic = { ...topic, ...base, type: 'createTopic', idSeed };
  const { app, groupId, operator, name } = command;
  const kind = 'group.topic.before-create';
  if (topic.imported || !beforeWebhook.matchesChange(app, kind, groupId)) return store.commit(command);
  const preview = await store.previewChange(command);
  if (preview.kind === 'refused') return preview;
  const place = pendingPlace(command, { groupId, groupType: preview.groupType });
  const verdict = await beforeWebhook.askChange(app, { kind, ...place, operator, name }, caller.traceparent);
  return verdict.kind === 'refused' ? verdict : store.commit({ ...command, now: clock.now() });
}

export function modifyTopic(
  deps: ServiceDeps,
  caller: Caller,
  { creator, ...change }: Request<ModifyTopic>,
): Promise<TopicResultMap['modifyTopic']> {
  const base = { ...commandBase(deps, caller), ...operatorOf(caller, creator) };
  return deps.store.commit({ ...change, ...base, type: 'modifyTopic' });
}

function operatorOf(caller: Caller, operator = caller.operator) {
  return { operator, operatorIsAdmin: caller.admins.includes(operator) };
}

export function destroyTopics(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
  topicIds: readonly string[],
): Promise<TopicResultMap['destroyTopics']> {
  const { operator } = caller;
  const base = commandBase(deps, caller);
  return deps.store.commit({ ...base, type: 'destroyTopics', operator, groupId, topicIds });
}

/** Topics of a community, in the order of their creation. */
export async function topics(
  deps: ServiceDeps,
  caller: Caller,
  request: Omit<TopicsQuery, 'app'>,
): Promise<TopicsOfGroup | Refusal> {
  const found = await deps.store.topics({ ...request, app: caller.app });
  if (found === undefined) {
    const detail = `group "${request.groupId}" does not exist; check the GroupId or create the group`;
    return refuse('GROUP_NOT_FOUND', detail);
  }
  return topicsRefusal(found.group) ?? found;
}
