import {
  GetGroupMsgReceiptDetailRequest as Request,
  GetGroupMsgReceiptDetailResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { receiptMembers } from '../../service/message-details.ts';
import { decodeReceiptDetail, encodeReceiptDetail } from '../../wire/receipts.ts';
import { handler } from '../command.ts';

export const getGroupMsgReceiptDetail = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeReceiptDetail(request);
  if (isRefusal(wanted)) return wanted;
  const result = await receiptMembers(deps, caller, wanted);
  return isRefusal(result) ? result : encodeReceiptDetail(wanted, result);
});
