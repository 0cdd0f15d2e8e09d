import type {
  CreateTopicRequest,
  CreateTopicResponse,
  DestroyTopicRequest,
  DestroyTopicResponse,
  GetTopicRequest,
  GetTopicResponse,
  ImportTopicRequest,
  ModifyTopicRequest,
} from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import * as service from '../../service/topics.ts';
import {
  decodeNewTopic,
  decodeTopicChange,
  decodeTopicsWanted,
  encodeDestroyed,
  encodeTopics,
} from '../../wire/topics.ts';

export function createTopic(deps: ServiceDeps, caller: Caller, request: CreateTopicRequest) {
  return create(deps, caller, request, false);
}

export function importTopic(deps: ServiceDeps, caller: Caller, request: ImportTopicRequest) {
  return create(deps, caller, request, true);
}

async function create(
  deps: ServiceDeps,
  caller: Caller,
  request: CreateTopicRequest | ImportTopicRequest,
  imported: boolean,
): Promise<CreateTopicResponse | Refusal> {
  const result = await service.createTopic(deps, caller, { ...decodeNewTopic(request), imported });
  return isRefusal(result) ? result : { TopicId: result.topicId };
}

export async function modifyTopic(
  deps: ServiceDeps,
  caller: Caller,
  request: ModifyTopicRequest,
): Promise<object | Refusal> {
  const result = await service.modifyTopic(deps, caller, decodeTopicChange(request));
  return isRefusal(result) ? result : {};
}

export async function destroyTopic(
  deps: ServiceDeps,
  caller: Caller,
  request: DestroyTopicRequest,
): Promise<DestroyTopicResponse | Refusal> {
  const result = await service.destroyTopics(deps, caller, request.GroupId, request.TopicIdList);
  return isRefusal(result) ? result : encodeDestroyed(request.TopicIdList, result.destroyed);
}

export async function getTopic(
  deps: ServiceDeps,
  caller: Caller,
  request: GetTopicRequest,
): Promise<GetTopicResponse | Refusal> {
  const found = await service.topics(deps, caller, decodeTopicsWanted(request));
  return isRefusal(found) ? found : encodeTopics(found.topics, found.member, request);
}
