import type {
  GetLiveMembersRequest,
  GetLiveMembersResponse,
  GetOnlineMemberNumRequest,
  GetOnlineMemberNumResponse,
  MarkLiveMembersRequest,
  MarkLiveMembersResponse,
} from '@confab-im/protocol';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller, ServiceDeps } from '../../service/caller.ts';
import { listOnline, markLiveMembers as mark, onlineIn } from '../../service/live-members.ts';

export async function getOnlineMemberNum(
  deps: ServiceDeps,
  caller: Caller,
  request: GetOnlineMemberNumRequest,
): Promise<GetOnlineMemberNumResponse | Refusal> {
  const online = await onlineIn(deps, caller, request.GroupId);
  return isRefusal(online) ? online : { OnlineMemberNum: online.length };
}

/** At most 1,000 members have the mark that makes them online, so all of them come at once. */
export async function getLiveMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: GetLiveMembersRequest,
): Promise<GetLiveMembersResponse | Refusal> {
  const members = await listOnline(deps, caller, request.GroupId, request.Mark);
  if (isRefusal(members)) return members;
  const MemberList = members.map(({ userId, since, nick, faceUrl }) => ({
    Member_Account: userId,
    JoinTime: since,
    NickName: nick,
    Avatar: faceUrl,
  }));
  return { MemberList, NextTimestamp: 0 };
}

export async function markLiveMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: MarkLiveMembersRequest,
): Promise<MarkLiveMembersResponse | Refusal> {
  const result = await mark(deps, caller, {
    groupId: request.GroupId,
    how: request.CommandType === 1 ? 'set' : 'delete',
    members: request.MemberList.map(({ Member_Account, Marks }) => ({
      userId: Member_Account,
      marks: Marks,
    })),
  });
  if (isRefusal(result)) return result;
  const MemberList = result.members.map(({ userId, marks }) => ({ Member_Account: userId, Marks: marks }));
  return { CommandType: request.CommandType, MemberList };
}
