import type { ImportGroupMsgRequest, ImportGroupMsgResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { importMessages } from '../../service/message-sources.ts';
import { decodeImport, encodeImported } from '../../wire/import-messages.ts';

export async function importGroupMsg(
  deps: ServiceDeps,
  caller: Caller,
  request: ImportGroupMsgRequest,
): Promise<ImportGroupMsgResponse | Refusal> {
  const wanted = decodeImport(request);
  if (isRefusal(wanted)) return wanted;
  const result = await importMessages(deps, caller, wanted);
  return isRefusal(result) ? result : encodeImported(result.messages);
}
