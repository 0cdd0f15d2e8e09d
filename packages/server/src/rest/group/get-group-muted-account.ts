import type { GetGroupMutedAccountRequest, GetGroupMutedAccountResponse } from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { mutedUsers } from '../../service/members.ts';
import { encodeMuted } from '../../wire/members.ts';
import { decodeTopic } from '../../wire/topic.ts';

export async function getGroupMutedAccount(
  deps: ServiceDeps,
  caller: Caller,
  request: GetGroupMutedAccountRequest,
): Promise<GetGroupMutedAccountResponse | Refusal> {
  const place = { groupId: request.GroupId, ...decodeTopic(request.TopicId) };
  const users = await mutedUsers(deps, caller, place);
  return isRefusal(users) ? users : encodeMuted(request.GroupId, users);
}
