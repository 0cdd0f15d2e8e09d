import { NoFields, DeleteGroupMsgBySenderRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { recallMessagesOf } from '../../service/message-changes.ts';
import { decodeRecallOf } from '../../wire/message-changes.ts';
import { handler } from '../command.ts';

export const deleteGroupMsgBySender = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await recallMessagesOf(deps, caller, decodeRecallOf(request));
  return isRefusal(result) ? result : {};
});
