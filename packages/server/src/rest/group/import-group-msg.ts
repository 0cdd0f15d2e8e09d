import { ImportGroupMsgRequest as Request, ImportGroupMsgResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { importMessages } from '../../service/message-sources.ts';
import { decodeImport, encodeImported } from '../../wire/import-messages.ts';
import { handler } from '../command.ts';

export const importGroupMsg = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeImport(request);
  if (isRefusal(wanted)) return wanted;
  const result = await importMessages(deps, caller, wanted);
  return isRefusal(result) ? result : encodeImported(result.messages);
});
