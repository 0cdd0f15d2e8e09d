import type { ModifyGroupMemberInfoRequest } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { modifyMember } from '../../service/members.ts';
import { decodeModifyMember } from '../../wire/members.ts';

export async function modifyGroupMemberInfo(
  deps: ServiceDeps,
  caller: Caller,
  request: ModifyGroupMemberInfoRequest,
): Promise<object | Refusal> {
  const result = await modifyMember(deps, caller, decodeModifyMember(request));
  return isRefusal(result) ? result : {};
}
