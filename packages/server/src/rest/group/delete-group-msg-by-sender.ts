import type { DeleteGroupMsgBySenderRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { recallMessagesOf } from '../../service/message-changes.ts';
import { decodeRecallOf } from '../../wire/message-changes.ts';

export async function deleteGroupMsgBySender(
  deps: ServiceDeps,
  caller: Caller,
  request: DeleteGroupMsgBySenderRequest,
): Promise<object | Refusal> {
  const result = await recallMessagesOf(deps, caller, decodeRecallOf(request));
  return isRefusal(result) ? result : {};
}
