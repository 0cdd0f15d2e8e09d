import type { ModifyGroupMsgRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { modifyMessage } from '../../service/message-changes.ts';
import { decodeModification } from '../../wire/message-changes.ts';

export async function modifyGroupMsg(
  deps: ServiceDeps,
  caller: Caller,
  request: ModifyGroupMsgRequest,
): Promise<object | Refusal> {
  const wanted = decodeModification(request);
  if (isRefusal(wanted)) return wanted;
  const result = await modifyMessage(deps, caller, wanted);
  return isRefusal(result) ? result : {};
}
