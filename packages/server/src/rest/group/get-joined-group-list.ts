import type { GetJoinedGroupListRequest, GetJoinedGroupListResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { joinedGroups } from '../../service/groups.ts';
import { decodeJoinedGroups, encodeJoinedGroups } from '../../wire/joined-groups.ts';

export async function getJoinedGroupList(
  deps: ServiceDeps,
  caller: Caller,
  request: GetJoinedGroupListRequest,
): Promise<GetJoinedGroupListResponse | Refusal> {
  const wanted = decodeJoinedGroups(request);
  if (wanted === undefined) return { TotalCount: 0, GroupIdList: [] };
  const page = await joinedGroups(deps, caller, wanted);
  return isRefusal(page) ? page : encodeJoinedGroups(page, request.ResponseFilter);
}
