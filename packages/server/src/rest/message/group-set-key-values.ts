import type { GroupSetKeyValuesRequest, GroupSetKeyValuesResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { writeExtensions } from '../../service/message-details.ts';
import { decodeSetPairs, encodeWritten } from '../../wire/key-values.ts';

export async function groupSetKeyValues(
  deps: ServiceDeps,
  caller: Caller,
  request: GroupSetKeyValuesRequest,
): Promise<GroupSetKeyValuesResponse | Refusal> {
  const wanted = decodeSetPairs(request);
  if (isRefusal(wanted)) return wanted;
  const result = await writeExtensions(deps, caller, wanted);
  return isRefusal(result) ? result : encodeWritten(result);
}
