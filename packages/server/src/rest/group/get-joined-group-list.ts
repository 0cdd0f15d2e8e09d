import {
  GetJoinedGroupListRequest as Request,
  GetJoinedGroupListResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { joinedGroups } from '../../service/groups.ts';
import { decodeJoinedGroups, encodeJoinedGroups } from '../../wire/joined-groups.ts';
import { handler } from '../command.ts';

export const getJoinedGroupList = handler(Request, Response, async (deps, caller, request) => {
  const wanted = decodeJoinedGroups(request);
  if (wanted === undefined) return { TotalCount: 0, GroupIdList: [] };
  const page = await joinedGroups(deps, caller, wanted);
  return isRefusal(page) ? page : encodeJoinedGroups(page, request.ResponseFilter);
});
