import type { GetAppInfoRequest, GetAppInfoResponse } from '@confab-im/protocol';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { groupIds } from '../../service/groups.ts';
import { encodeOperationsDay } from '../../wire/operations-day.ts';

/** Of today alone: nothing is counted by day. */
export async function getAppInfo(
  deps: ServiceDeps,
  caller: Caller,
  { RequestField }: GetAppInfoRequest,
): Promise<GetAppInfoResponse> {
  const { total } = await groupIds(deps, caller, { after: 0, limit: 1 });
  const { app } = caller;
  return { Result: [encodeOperationsDay(deps.clock.now(), { app, groups: total }, RequestField)] };
}
