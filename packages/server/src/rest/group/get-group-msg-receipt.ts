import {
  GetGroupMsgReceiptRequest as Request,
  GetGroupMsgReceiptResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { receipts } from '../../service/message-details.ts';
import { decodeReceipts, encodeReceipts } from '../../wire/receipts.ts';
import { handler } from '../command.ts';

export const getGroupMsgReceipt = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeReceipts(request);
  if (isRefusal(wanted)) return wanted;
  const result = await receipts(deps, caller, wanted);
  return isRefusal(result) ? result : encodeReceipts(wanted, result.receipts);
});
