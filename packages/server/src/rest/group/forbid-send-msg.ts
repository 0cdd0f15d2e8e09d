import type { ForbidSendMsgRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { muteMembers } from '../../service/members.ts';
import { decodeForbidSendMsg } from '../../wire/members.ts';

export async function forbidSendMsg(
  deps: ServiceDeps,
  caller: Caller,
  request: ForbidSendMsgRequest,
): Promise<object | Refusal> {
  const wanted = decodeForbidSendMsg(request);
  if (isRefusal(wanted)) return wanted;
  const result = await muteMembers(deps, caller, wanted);
  return isRefusal(result) ? result : {};
}
