import type {
  AddGroupMemberResponse,
  ForbidSendMsgRequest,
  GetGroupMemberInfoRequest,
  GetGroupMemberInfoResponse,
} from '@confab-im/protocol';
import type { Group, Member, Role } from '../domain/group.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { encodeMember, fieldFilter } from './group-info.ts';
import { topicRefusal } from './topic.ts';

export interface MembersWanted {
  readonly groupId: string;
  readonly roles?: readonly Role[];
  readonly offset: number;
  readonly limit?: number;
}

/** `Next` is the cursor of a Community: the position to go on from, as text (tencent-rest-group C1.10). */
export function decodeMembersWanted(request: GetGroupMemberInfoRequest): MembersWanted {
  const roles = request.MemberRoleFilter;
  return {
    groupId: request.GroupId,
    ...(roles !== undefined && roles.length > 0 && { roles }),
    offset: request.Next ? Number(request.Next) : (request.Offset ?? 0),
    ...(request.Limit && { limit: request.Limit }),
  };
}

export function encodeMembers(
  list: { readonly group: Group; readonly members: readonly Member[]; readonly more: boolean },
  offset: number,
  request: GetGroupMemberInfoRequest,
): GetGroupMemberInfoResponse {
  const filter = fieldFilter(request.MemberInfoFilter);
  const keys = request.AppDefinedDataFilter_GroupMember;
  const next = list.more ? String(offset + list.members.length) : '';
  return {
    MemberNum: list.group.memberNum,
    MemberList: list.members.map((member) => encodeMember(member, filter, keys)),
    ...(list.group.type === 'Community' && { Next: next }),
  };
}

export function encodeAdded(
  members: readonly { readonly userId: string; readonly result: number }[],
): AddGroupMemberResponse {
  return { MemberList: members.map(({ userId, result }) => ({ Member_Account: userId, Result: result })) };
}

export interface MuteWanted {
  readonly groupId: string;
  readonly userIds: readonly string[];
  readonly seconds: number;
}

export function decodeForbidSendMsg(request: ForbidSendMsgRequest): MuteWanted | Refusal {
  const seconds = request.MuteTime ?? request.ShutUpTime;
  if (seconds === undefined) {
    return refuse('INVALID_PARAMETERS', 'MuteTime: is missing; send the seconds, 0 ends the mute');
  }
  return (
    topicRefusal(request.TopicId) ?? { groupId: request.GroupId, userIds: request.Members_Account, seconds }
  );
}
