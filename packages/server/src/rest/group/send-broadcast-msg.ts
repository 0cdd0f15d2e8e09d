import type { SendBroadcastMsgRequest, SendBroadcastMsgResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { broadcast } from '../../service/message-sources.ts';
import { decodeBroadcast } from '../../wire/notify.ts';

export async function sendBroadcastMsg(
  deps: ServiceDeps,
  caller: Caller,
  request: SendBroadcastMsgRequest,
): Promise<SendBroadcastMsgResponse | Refusal> {
  const wanted = decodeBroadcast(request);
  if (isRefusal(wanted)) return wanted;
  const result = await broadcast(deps, caller, wanted);
  return isRefusal(result) ? result : { MsgSeq: result.msgSeq };
}
