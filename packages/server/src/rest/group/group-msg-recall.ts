import type { GroupMsgRecallRequest, GroupMsgRecallResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { recallMessages } from '../../service/message-changes.ts';
import { decodeRecall, encodeRecalled } from '../../wire/message-changes.ts';

export async function groupMsgRecall(
  deps: ServiceDeps,
  caller: Caller,
  request: GroupMsgRecallRequest,
): Promise<GroupMsgRecallResponse | Refusal> {
  const result = await recallMessages(deps, caller, decodeRecall(request));
  return isRefusal(result) ? result : encodeRecalled(result.messages);
}
