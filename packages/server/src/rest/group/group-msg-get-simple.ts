import type { GroupMsgGetSimpleRequest, GroupMsgGetSimpleResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { history } from '../../service/messages.ts';
import { decodeHistory, encodeHistory } from '../../wire/history.ts';
import { topicRefusal } from '../../wire/topic.ts';

export async function groupMsgGetSimple(
  deps: ServiceDeps,
  caller: Caller,
  request: GroupMsgGetSimpleRequest,
): Promise<GroupMsgGetSimpleResponse | Refusal> {
  const refusal = topicRefusal(request.TopicId);
  if (refusal !== undefined) return refusal;
  const result = await history(deps, caller, decodeHistory(request));
  return isRefusal(result) ? result : encodeHistory(request, result.entries);
}
