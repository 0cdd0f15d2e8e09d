import { NoFields, ForbidSendMsgRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { muteMembers } from '../../service/members.ts';
import { decodeForbidSendMsg } from '../../wire/members.ts';
import { handler } from '../command.ts';

export const forbidSendMsg = handler(Request, NoFields, async (deps, caller, request) => {
  const wanted = decodeForbidSendMsg(request);
  if (isRefusal(wanted)) return wanted;
  const result = await muteMembers(deps, caller, wanted);
  return isRefusal(result) ? result : {};
});
