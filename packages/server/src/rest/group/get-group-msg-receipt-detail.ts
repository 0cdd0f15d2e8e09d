import type { GetGroupMsgReceiptDetailRequest, GetGroupMsgReceiptDetailResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { receiptMembers } from '../../service/message-details.ts';
import { decodeReceiptDetail, encodeReceiptDetail } from '../../wire/receipts.ts';

export async function getGroupMsgReceiptDetail(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupMsgReceiptDetailRequest,
): Promise<GetGroupMsgReceiptDetailResponse | Refusal> {
  const wanted = decodeReceiptDetail(request);
  if (isRefusal(wanted)) return wanted;
  const result = await receiptMembers(deps, caller, wanted);
  return isRefusal(result) ? result : encodeReceiptDetail(wanted, result);
}
