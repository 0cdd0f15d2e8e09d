import type { SendGroupMsgRequest, SendGroupMsgResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { sendMessage } from '../../service/messages.ts';
import { decodeSendMessage, encodeSent } from '../../wire/send-message.ts';

export async function sendGroupMsg(
  deps: ServiceDeps,
  caller: Caller,
  request: SendGroupMsgRequest,
): Promise<SendGroupMsgResponse | Refusal> {
  const message = decodeSendMessage(request);
  if (isRefusal(message)) return message;
  const result = await sendMessage(deps, caller, message);
  return isRefusal(result) ? result : encodeSent(result);
}
