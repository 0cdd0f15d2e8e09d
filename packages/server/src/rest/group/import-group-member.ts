import type { ImportGroupMemberRequest, ImportGroupMemberResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { importMembers } from '../../service/members.ts';
import { decodeImported, encodeAdded } from '../../wire/members.ts';

export async function importGroupMember(
  deps: ServiceDeps,
  caller: Caller,
  request: ImportGroupMemberRequest,
): Promise<ImportGroupMemberResponse | Refusal> {
  const members = request.MemberList.map(decodeImported);
  const result = await importMembers(deps, caller, { groupId: request.GroupId, members });
  return isRefusal(result) ? result : encodeAdded(result.members);
}
