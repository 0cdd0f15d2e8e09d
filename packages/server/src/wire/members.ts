import type {
  AddGroupMemberResponse,
  ForbidSendMsgRequest,
  GetGroupBanMemberResponse,
  GetGroupMemberInfoRequest,
  GetGroupMemberInfoResponse,
  GetGroupMutedAccountResponse,
  GetRoleInGroupResponse,
  ImportGroupMemberRequest,
  ModifyGroupMemberInfoRequest,
} from '@confab-im/protocol';
import type { Group, KeyValue, Member, MsgFlag, Role } from '../domain/group.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { encodeMember, fieldFilter } from './group-info.ts';
import { decodeTopic } from './topic.ts';

export interface MembersWanted {
  readonly groupId: string;
  readonly roles?: readonly Role[];
  readonly after?: number;
  readonly offset: number;
  readonly limit?: number;
}

/** `Next` is the cursor of a Community: the position of the last member given, as text (tencent-rest-group C1.10). */
export function decodeMembersWanted(request: GetGroupMemberInfoRequest): MembersWanted {
  const roles = request.MemberRoleFilter;
  return {
    groupId: request.GroupId,
    ...(roles !== undefined && roles.length > 0 && { roles }),
    ...(request.Next ? { after: Number(request.Next), offset: 0 } : { offset: request.Offset ?? 0 }),
    ...(request.Limit && { limit: request.Limit }),
  };
}

export function encodeMembers(
  list: {
    readonly group: Group;
    readonly members: readonly Member[];
    readonly last: number;
    readonly more: boolean;
  },
  request: GetGroupMemberInfoRequest,
): GetGroupMemberInfoResponse {
  const filter = fieldFilter(request.MemberInfoFilter);
  const keys = request.AppDefinedDataFilter_GroupMember;
  const next = list.more ? String(list.last) : '';
  return {
    MemberNum: list.group.memberNum,
    MemberList: list.members.map((member) => encodeMember(member, filter, keys)),
    ...(list.group.type === 'Community' && { Next: next }),
  };
}

export function encodeAdded(
  members: readonly { readonly userId: string; readonly result: 0 | 1 | 2 }[],
): AddGroupMemberResponse {
  return { MemberList: members.map(({ userId, result }) => ({ Member_Account: userId, Result: result })) };
}

export interface MemberToImport {
  readonly userId: string;
  readonly admin: boolean;
  /** Unix seconds. */
  readonly joinTime?: number;
  readonly unread: number;
}

export function decodeImported(item: ImportGroupMemberRequest['MemberList'][number]): MemberToImport {
  return {
    userId: item.Member_Account,
    admin: item.Role === 'Admin',
    ...(item.JoinTime && { joinTime: item.JoinTime }),
    unread: item.UnreadMsgNum ?? 0,
  };
}

export interface MemberToModify {
  readonly groupId: string;
  readonly userId: string;
  readonly role?: 'Admin' | 'Member';
  readonly msgFlag?: MsgFlag;
  readonly nameCard?: string;
  readonly appDefinedData?: readonly KeyValue[];
  readonly muteSeconds?: number;
}

export function decodeModifyMember(request: ModifyGroupMemberInfoRequest): MemberToModify {
  const { Role, MsgFlag, NameCard, AppMemberDefinedData } = request;
  const muteSeconds = request.MuteTime ?? request.ShutUpTime ?? request.ShutUpUntil;
  return {
    groupId: request.GroupId,
    userId: request.Member_Account,
    ...(Role !== undefined && { role: Role }),
    ...(MsgFlag !== undefined && { msgFlag: MsgFlag }),
    ...(NameCard !== undefined && { nameCard: NameCard }),
    ...(AppMemberDefinedData !== undefined && { appDefinedData: AppMemberDefinedData }),
    ...(muteSeconds !== undefined && { muteSeconds }),
  };
}

export function encodeRoles(
  userIds: readonly string[],
  roles: readonly (Role | null)[],
): GetRoleInGroupResponse {
  return {
    UserIdList: userIds.map((Member_Account, i) => ({ Member_Account, Role: roles[i] ?? 'NotMember' })),
  };
}

/** `until` in unix seconds. Old and new names side by side (tencent-rest A.8). */
export function encodeMuted(
  GroupId: string,
  users: readonly { readonly userId: string; readonly until: number }[],
): GetGroupMutedAccountResponse {
  return {
    GroupId,
    MutedAccountList: users.map(({ userId, until }) => ({ Member_Account: userId, MutedUntil: until })),
    ShuttedUinList: users.map(({ userId, until }) => ({ Member_Account: userId, ShuttedUntil: until })),
  };
}

/** `until` in unix seconds. */
export function encodeBanned(
  page: {
    readonly users: readonly { readonly userId: string; readonly until: number }[];
    readonly more: boolean;
  },
  offset: number,
): GetGroupBanMemberResponse {
  return {
    BannedAccountList: page.users.map(({ userId, until }) => ({
      Member_Account: userId,
      BannedUntil: until,
    })),
    NextOffset: page.more ? offset + page.users.length : 0,
  };
}

export interface MuteWanted {
  readonly groupId: string;
  readonly topicId?: string;
  readonly userIds: readonly string[];
  readonly seconds: number;
}

export function decodeForbidSendMsg(request: ForbidSendMsgRequest): MuteWanted | Refusal {
  const seconds = request.MuteTime ?? request.ShutUpTime;
  if (seconds === undefined) {
    return refuse('INVALID_PARAMETERS', 'MuteTime: is missing; send the seconds, 0 ends the mute');
  }
  return {
    groupId: request.GroupId,
    ...decodeTopic(request.TopicId),
    userIds: request.Members_Account,
    seconds,
  };
}
