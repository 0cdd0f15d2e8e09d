import { GroupMsgRecallRequest as Request, GroupMsgRecallResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { recallMessages } from '../../service/message-changes.ts';
import { decodeRecall, encodeRecalled } from '../../wire/message-changes.ts';
import { handler } from '../command.ts';

export const groupMsgRecall = handler(Request, Response, async (deps, caller, request) => {
  const result = await recallMessages(deps, caller, decodeRecall(request));
  return isRefusal(result) ? result : encodeRecalled(result.messages);
});
