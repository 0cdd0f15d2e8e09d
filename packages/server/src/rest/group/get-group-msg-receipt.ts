import type { GetGroupMsgReceiptRequest, GetGroupMsgReceiptResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { receipts } from '../../service/message-details.ts';
import { decodeReceipts, encodeReceipts } from '../../wire/receipts.ts';

export async function getGroupMsgReceipt(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupMsgReceiptRequest,
): Promise<GetGroupMsgReceiptResponse | Refusal> {
  const wanted = decodeReceipts(request);
  if (isRefusal(wanted)) return wanted;
  const result = await receipts(deps, caller, wanted);
  return isRefusal(result) ? result : encodeReceipts(wanted, result.receipts);
}
