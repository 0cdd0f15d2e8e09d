import type { GroupMsgReceiptRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { reportReceipts } from '../../service/message-details.ts';
import { decodeReceiptReport } from '../../wire/receipts.ts';

export async function groupMsgReceipt(
  deps: ServiceDeps,
  caller: Caller,
  request: GroupMsgReceiptRequest,
): Promise<object | Refusal> {
  const wanted = decodeReceiptReport(request);
  if (isRefusal(wanted)) return wanted;
  const result = await reportReceipts(deps, caller, wanted);
  return isRefusal(result) ? result : {};
}
