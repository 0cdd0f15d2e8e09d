import { NoFields, GroupMsgReceiptRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { reportReceipts } from '../../service/message-details.ts';
import { decodeReceiptReport } from '../../wire/receipts.ts';
import { handler } from '../command.ts';

export const groupMsgReceipt = handler(Request, NoFields, async (deps, caller, request) => {
  const wanted = decodeReceiptReport(request);
  if (isRefusal(wanted)) return wanted;
  const result = await reportReceipts(deps, caller, wanted);
  return isRefusal(result) ? result : {};
});
