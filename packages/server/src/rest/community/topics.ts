import {
  CreateTopicRequest,
  CreateTopicResponse,
  DestroyTopicRequest,
  DestroyTopicResponse,
  GetTopicRequest,
  GetTopicResponse,
  ImportTopicRequest,
  ModifyTopicRequest,
  NoFields,
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
import { handler } from '../command.ts';

export const createTopic = handler(CreateTopicRequest, CreateTopicResponse, (deps, caller, request) =>
  create(deps, caller, request, false),
);

export const importTopic = handler(ImportTopicRequest, CreateTopicResponse, (deps, caller, request) =>
  create(deps, caller, request, true),
);

async function create(
  deps: ServiceDeps,
  caller: Caller,
  request: CreateTopicRequest | ImportTopicRequest,
  imported: boolean,
): Promise<CreateTopicResponse | Refusal> {
  const result = await service.createTopic(deps, caller, { ...decodeNewTopic(request), imported });
  return isRefusal(result) ? result : { TopicId: result.topicId };
}

export const modifyTopic = handler(ModifyTopicRequest, NoFields, async (deps, caller, request) => {
  const result = await service.modifyTopic(deps, caller, decodeTopicChange(request));
  return isRefusal(result) ? result : {};
});

export const destroyTopic = handler(
  DestroyTopicRequest,
  DestroyTopicResponse,
  async (deps, caller, request) => {
    const result = await service.destroyTopics(deps, caller, request.GroupId, request.TopicIdList);
    return isRefusal(result) ? result : encodeDestroyed(request.TopicIdList, result.destroyed);
  },
);

export const getTopic = handler(GetTopicRequest, GetTopicResponse, async (deps, caller, request) => {
  const found = await service.topics(deps, caller, decodeTopicsWanted(request));
  return isRefusal(found) ? found : encodeTopics(found.topics, found.member, request);
});
