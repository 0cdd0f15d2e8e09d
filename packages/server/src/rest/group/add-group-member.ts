import type { AddGroupMemberRequest, AddGroupMemberResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { addMembers } from '../../service/members.ts';
import { encodeAdded } from '../../wire/members.ts';

export async function addGroupMember(
  deps: ServiceDeps,
  caller: Caller,
  request: AddGroupMemberRequest,
): Promise<AddGroupMemberResponse | Refusal> {
  const result = await addMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.MemberList.map(({ Member_Account }) => Member_Account),
    silent: (request.Silence ?? 0) > 0,
  });
  return isRefusal(result) ? result : encodeAdded(result.members);
}
