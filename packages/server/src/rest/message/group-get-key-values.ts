import type { GroupGetKeyValuesRequest, GroupGetKeyValuesResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { extensions } from '../../service/message-details.ts';
import { decodeGetPairs, encodePairs } from '../../wire/key-values.ts';

export async function groupGetKeyValues(
  deps: ServiceDeps,
  caller: Caller,
  request: GroupGetKeyValuesRequest,
): Promise<GroupGetKeyValuesResponse | Refusal> {
  const wanted = decodeGetPairs(request);
  if (isRefusal(wanted)) return wanted;
  const result = await extensions(deps, caller, wanted);
  return isRefusal(result) ? result : encodePairs(result);
}
