import type { GetGroupInfoRequest, GetGroupInfoResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { groupProfiles } from '../../service/groups.ts';
import { encodeGroupInfos, wantsMembers } from '../../wire/get-group-info.ts';

export async function getGroupInfo(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupInfoRequest,
): Promise<GetGroupInfoResponse | Refusal> {
  const { GroupIdList, ResponseFilter } = request;
  const profiles = await groupProfiles(deps, caller, GroupIdList, wantsMembers(ResponseFilter));
  if (isRefusal(profiles)) return profiles;
  return { GroupInfo: encodeGroupInfos(GroupIdList, profiles, ResponseFilter) };
}
