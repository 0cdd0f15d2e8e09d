import type { GroupType } from '@confab-im/protocol';
import { fieldsRefusal, MAX_GROUP_FIELDS, MAX_MEMBER_FIELDS } from './custom-fields.ts';
import type { ApplyJoinOption, KeyValue, Role } from './group.ts';
import { groupIdProblem } from './group-id.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';

export interface CreateGroupRequest {
  readonly groupType: GroupType;
  readonly owner?: string;
  readonly groupId?: string;
  readonly maxMemberNum?: number;
  readonly applyJoinOption?: ApplyJoinOption;
  readonly supportTopic?: boolean;
  readonly appDefinedData?: readonly KeyValue[];
  readonly members?: readonly {
    readonly userId: string;
    readonly role?: Role;
    readonly appDefinedData?: readonly KeyValue[];
  }[];
}

/** What the store knows when a group is to be created. */
export interface CreateGroupState {
  /** The group that holds the wanted id now. */
  readonly holder?: { readonly owner: string };
  readonly missingAccounts: readonly string[];
  readonly groupsOfOwner: number;
  readonly groupsOfApp: number;
  readonly avChatRoomsOfApp: number;
}

export interface CreateGroupDecision {
  readonly kind: 'create';
  readonly maxMemberNum: number;
  readonly applyJoinOption: ApplyJoinOption;
  /** The owner first, nobody twice; empty where members have no rows. */
  readonly members: readonly { readonly userId: string; readonly role: Role }[];
}

/** May this group be created, and as what (tencent-rest-group C1.1; types-errors E.2, E.3)? */
export function decideCreateGroup(
  request: CreateGroupRequest,
  state: CreateGroupState,
  rules: Rules,
): CreateGroupDecision | Refusal {
  const { groupType, owner, groupId } = request;
  const traits = GROUP_TYPE_TRAITS[groupType];
  if (request.supportTopic === true) {
    if (!traits.topics) {
      return refuse('INVALID_PARAMETERS', `SupportTopic: a group of type ${groupType} has no topics`);
    }
    if (rules.topicsPerCommunity === 0) {
      return refuse('TOPICS_OFF', 'SupportTopic: limits.topicsPerCommunity of this server is 0');
    }
  }
  const idProblem = groupId === undefined ? undefined : groupIdProblem(groupId, groupType);
  if (idProblem !== undefined) return refuse('INVALID_GROUP_ID', `GroupId "${groupId}": ${idProblem}`);
  const wanted = request.members ?? [];
  if (!traits.membersStored && wanted.length > 0) {
    return refuse('PERMISSION_DENIED', `MemberList: a group of type ${groupType} is created without members`);
  }
  const admin = traits.adminsAllowed ? undefined : wanted.find((member) => member.role === 'Admin');
  if (admin !== undefined) {
    return refuse(
      'INVALID_PARAMETERS',
      `MemberList: a group of type ${groupType} has no admins ("${admin.userId}")`,
    );
  }
  const tooMany =
    fieldsRefusal('AppDefinedData', request.appDefinedData ?? [], MAX_GROUP_FIELDS) ??
    wanted
      .map((member) => fieldsRefusal('AppMemberDefinedData', member.appDefinedData ?? [], MAX_MEMBER_FIELDS))
      .find((refusal) => refusal !== undefined);
  if (tooMany !== undefined) return tooMany;
  const limit = rules.maxMembers[groupType];
  if ((request.maxMemberNum ?? 0) > limit) {
    return refuse('INVALID_PARAMETERS', `MaxMemberCount: at most ${limit} for a group of type ${groupType}`);
  }
  const missing = state.missingAccounts[0];
  if (missing !== undefined)
    return refuse('ACCOUNT_NOT_FOUND', `account "${missing}" does not exist; import it first`);
  if (state.holder !== undefined) return idInUse(groupId ?? '', owner, state.holder);
  const quota = quotaRefusal(groupType, owner, state, rules);
  if (quota !== undefined) return quota;
  const members = membersAtCreation(owner, traits.membersStored ? wanted : undefined);
  const maxMemberNum =
    request.maxMemberNum === undefined || request.maxMemberNum <= 0 ? limit : request.maxMemberNum;
  if (members.length > maxMemberNum) {
    return refuse(
      'TOO_MANY_MEMBERS',
      `the group would have ${members.length} members, its limit is ${maxMemberNum}`,
    );
  }
  const applyJoinOption = traits.applyJoinOptionUsable
    ? (request.applyJoinOption ?? 'NeedPermission')
    : traits.fixedApplyJoinOption;
  return { kind: 'create', maxMemberNum, applyJoinOption, members };
}

function idInUse(groupId: string, owner: string | undefined, holder: { readonly owner: string }): Refusal {
  return owner !== undefined && owner === holder.owner
    ? refuse('GROUP_ID_IN_USE_BY_OWNER', `group "${groupId}" exists and "${owner}" owns it; disband it first`)
    : refuse('GROUP_ID_IN_USE', `group "${groupId}" exists; choose another id or disband it first`);
}

function quotaRefusal(
  type: GroupType,
  owner: string | undefined,
  state: CreateGroupState,
  rules: Rules,
): Refusal | undefined {
  if (rules.groupsPerApp > 0 && state.groupsOfApp >= rules.groupsPerApp) {
    return refuse('TOO_MANY_GROUPS_OF_APP', `the app has ${state.groupsOfApp} groups, its limit`);
  }
  if (
    type === 'AVChatRoom' &&
    rules.avChatRoomsPerApp > 0 &&
    state.avChatRoomsOfApp >= rules.avChatRoomsPerApp
  ) {
    return refuse('TOO_MANY_AVCHATROOMS', `the app has ${state.avChatRoomsOfApp} AVChatRooms, its limit`);
  }
  if (owner !== undefined && isInTooManyGroups(state.groupsOfOwner, rules)) {
    return refuse(
      'TOO_MANY_GROUPS_OF_USER',
      `"${owner}" is in ${state.groupsOfOwner} groups, the limit of a user`,
    );
  }
  return undefined;
}

/** 0 groups per user: no limit. */
export function isInTooManyGroups(
  groupsOfUser: number,
  { groupsPerUser }: Pick<Rules, 'groupsPerUser'>,
): boolean {
  return groupsPerUser > 0 && groupsOfUser >= groupsPerUser;
}

function membersAtCreation(
  owner: string | undefined,
  wanted: CreateGroupRequest['members'],
): readonly { readonly userId: string; readonly role: Role }[] {
  if (wanted === undefined) return [];
  const roles = new Map<string, Role>();
  if (owner !== undefined) roles.set(owner, 'Owner');
  for (const { userId, role } of wanted) {
    if (!roles.has(userId)) roles.set(userId, role === 'Admin' ? 'Admin' : 'Member');
  }
  return [...roles].map(([userId, role]) => ({ userId, role }));
}
