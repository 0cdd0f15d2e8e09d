import { NoFields, SetUnreadMsgNumRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { setUnread } from '../../service/message-details.ts';
import { decodeUnread } from '../../wire/receipts.ts';
import { handler } from '../command.ts';

export const setUnreadMsgNum = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await setUnread(deps, caller, decodeUnread(request));
  return isRefusal(result) ? result : {};
});
