import type { GetGroupMemberInfoRequest, GetGroupMemberInfoResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { listMembers } from '../../service/members.ts';
import { decodeMembersWanted, encodeMembers } from '../../wire/members.ts';

export async function getGroupMemberInfo(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupMemberInfoRequest,
): Promise<GetGroupMemberInfoResponse | Refusal> {
  const list = await listMembers(deps, caller, decodeMembersWanted(request));
  return isRefusal(list) ? list : encodeMembers(list, request);
}
