import {
  GroupMsgGetSimpleRequest as Request,
  GroupMsgGetSimpleResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { history } from '../../service/messages.ts';
import { decodeHistory, encodeHistory } from '../../wire/history.ts';
import { handler } from '../command.ts';

export const groupMsgGetSimple = handler(Request, Response, async (deps, caller, request) => {
  const result = await history(deps, caller, decodeHistory(request));
  return isRefusal(result) ? result : encodeHistory(request, result.entries);
});
