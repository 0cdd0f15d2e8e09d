import {
  SendBroadcastMsgRequest as Request,
  SendBroadcastMsgResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { broadcast } from '../../service/message-sources.ts';
import { decodeBroadcast } from '../../wire/notify.ts';
import { handler } from '../command.ts';

export const sendBroadcastMsg = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeBroadcast(request);
  if (isRefusal(wanted)) return wanted;
  const result = await broadcast(deps, caller, wanted);
  return isRefusal(result) ? result : { MsgSeq: result.msgSeq };
});
