import type { SetUnreadMsgNumRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { setUnread } from '../../service/message-details.ts';
import { decodeUnread } from '../../wire/receipts.ts';

export async function setUnreadMsgNum(
  deps: ServiceDeps,
  caller: Caller,
  request: SetUnreadMsgNumRequest,
): Promise<object | Refusal> {
  const result = await setUnread(deps, caller, decodeUnread(request));
  return isRefusal(result) ? result : {};
}
