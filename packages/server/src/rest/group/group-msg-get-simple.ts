import type { GroupMsgGetSimpleRequest, GroupMsgGetSimpleResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { history } from '../../service/messages.ts';
import { decodeHistory, encodeHistory } from '../../wire/history.ts';

export async function groupMsgGetSimple(
  deps: ServiceDeps,
  caller: Caller,
  request: GroupMsgGetSimpleRequest,
): Promise<GroupMsgGetSimpleResponse | Refusal> {
  const result = await history(deps, caller, decodeHistory(request));
  return isRefusal(result) ? result : encodeHistory(request, result.entries);
}
