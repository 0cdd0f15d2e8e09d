import { NoFields, ModifyGroupMsgRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { modifyMessage } from '../../service/message-changes.ts';
import { decodeModification } from '../../wire/message-changes.ts';
import { handler } from '../command.ts';

export const modifyGroupMsg = handler(Request, NoFields, async (deps, caller, request) => {
  const wanted = decodeModification(request);
  if (isRefusal(wanted)) return wanted;
  const result = await modifyMessage(deps, caller, wanted);
  return isRefusal(result) ? result : {};
});
