import type { GetGroupBanMemberRequest, GetGroupBanMemberResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { bannedUsers } from '../../service/members.ts';
import { encodeBanned } from '../../wire/members.ts';

const MOST = 100;

export async function getGroupBanMember(
  deps: ServiceDeps,
  caller: Caller,
  { GroupId, Limit, Offset }: GetGroupBanMemberRequest,
): Promise<GetGroupBanMemberResponse | Refusal> {
  const page = await bannedUsers(deps, caller, { groupId: GroupId, offset: Offset, limit: Limit || MOST });
  return isRefusal(page) ? page : encodeBanned(page, Offset);
}
