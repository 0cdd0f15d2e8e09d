import { SendGroupMsgRequest as Request, SendGroupMsgResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { sendMessage } from '../../service/messages.ts';
import { decodeSendMessage, encodeSent } from '../../wire/send-message.ts';
import { handler } from '../command.ts';

export const sendGroupMsg = handler(Request, Response, async (deps, caller, request) => {
  const message = decodeSendMessage(request);
  if (isRefusal(message)) return message;
  const result = await sendMessage(deps, caller, message);
  return isRefusal(result) ? result : encodeSent(result);
});
