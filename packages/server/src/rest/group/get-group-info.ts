import { GetGroupInfoRequest as Request, GetGroupInfoResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { groupProfiles } from '../../service/groups.ts';
import { encodeGroupInfos, wantsMembers } from '../../wire/get-group-info.ts';
import { handler } from '../command.ts';

export const getGroupInfo = handler(Request, Response, async (deps, caller, request) => {
  const { GroupIdList, ResponseFilter } = request;
  const profiles = await groupProfiles(deps, caller, GroupIdList, wantsMembers(ResponseFilter));
  if (isRefusal(profiles)) return profiles;
  return { GroupInfo: encodeGroupInfos(GroupIdList, profiles, ResponseFilter) };
});
