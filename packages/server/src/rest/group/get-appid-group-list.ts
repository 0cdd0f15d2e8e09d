import {
  GetAppidGroupListRequest as Request,
  GetAppidGroupListResponse as Response,
} from '@confab-im/protocol';
import { groupIds } from '../../service/groups.ts';
import { groupTypeOf } from '../../wire/group-type.ts';
import { handler } from '../command.ts';

const MAX_GROUPS = 10_000;

export const getAppidGroupList = handler(Request, Response, async (deps, caller, request) => {
  const typeName = request.GroupType ?? request.Type;
  const type = typeName ? groupTypeOf(typeName) : undefined;
  if (typeName && type === undefined) return { TotalCount: 0, GroupIdList: [], Next: 0 };
  const page = await groupIds(deps, caller, {
    ...(type !== undefined && { type }),
    after: request.Next ?? 0,
    limit: request.Limit || MAX_GROUPS,
  });
  const GroupIdList = page.groupIds.map((GroupId) => ({ GroupId }));
  return { TotalCount: page.total, GroupIdList, Next: page.next };
});
