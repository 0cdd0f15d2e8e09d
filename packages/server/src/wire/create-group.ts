import type {
  CreateGroupRequest,
  CreateGroupResponse,
  GroupType,
  ImportGroupRequest,
} from '@confab-im/protocol';
import type { ApplyJoinOption, InviteJoinOption, KeyValue, Role } from '../domain/group.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { groupTypeOf } from './group-type.ts';

export interface GroupToCreate extends GroupToBegin {
  readonly members?: readonly MemberToCreate[];
}

export interface GroupToImport extends GroupToBegin {
  /** Unix seconds. */
  readonly createTime?: number;
}

interface GroupToBegin {
  readonly groupType: GroupType;
  readonly name: string;
  readonly owner?: string;
  readonly groupId?: string;
  readonly introduction?: string;
  readonly notification?: string;
  readonly faceUrl?: string;
  readonly maxMemberNum?: number;
  readonly applyJoinOption?: ApplyJoinOption;
  readonly inviteJoinOption?: InviteJoinOption;
  readonly supportTopic?: boolean;
  readonly enablePermission?: boolean;
  readonly defaultPermission?: number;
  readonly appDefinedData?: readonly KeyValue[];
}

interface MemberToCreate {
  readonly userId: string;
  readonly role?: Role;
  readonly appDefinedData?: readonly KeyValue[];
}

export function decodeCreateGroup(request: CreateGroupRequest): GroupToCreate | Refusal {
  const group = decodeGroup(request);
  if ('kind' in group || request.MemberList === undefined) return group;
  return { ...group, members: request.MemberList.map(member) };
}

export function decodeImportGroup(request: ImportGroupRequest): GroupToImport | Refusal {
  const group = decodeGroup(request);
  return 'kind' in group || !request.CreateTime ? group : { ...group, createTime: request.CreateTime };
}

function decodeGroup(request: Omit<CreateGroupRequest, 'MemberList'>): GroupToBegin | Refusal {
  const groupType = groupTypeOf(request.Type);
  if (groupType === undefined)
    return refuse('INVALID_PARAMETERS', `Type: "${request.Type}" is no group type`);
  const maxMemberNum = request.MaxMemberCount ?? request.MaxMemberNum ?? 0;
  return {
    groupType,
    name: request.Name,
    ...(request.Owner_Account !== undefined && { owner: request.Owner_Account }),
    ...(request.GroupId !== undefined && { groupId: request.GroupId }),
    ...(request.Introduction !== undefined && { introduction: request.Introduction }),
    ...(request.Notification !== undefined && { notification: request.Notification }),
    ...(request.FaceUrl !== undefined && { faceUrl: request.FaceUrl }),
    ...(maxMemberNum > 0 && { maxMemberNum }),
    ...(request.ApplyJoinOption !== undefined && { applyJoinOption: request.ApplyJoinOption }),
    ...(request.InviteJoinOption !== undefined && { inviteJoinOption: request.InviteJoinOption }),
    ...(request.SupportTopic !== undefined && { supportTopic: request.SupportTopic > 0 }),
    ...(request.EnablePermission !== undefined && { enablePermission: request.EnablePermission > 0 }),
    ...(request.DefaultPermission !== undefined && { defaultPermission: request.DefaultPermission }),
    ...(request.AppDefinedData !== undefined && { appDefinedData: request.AppDefinedData }),
  };
}

function member(item: NonNullable<CreateGroupRequest['MemberList']>[number]): MemberToCreate {
  return {
    userId: item.Member_Account,
    ...(item.Role !== undefined && { role: item.Role }),
    ...(item.AppMemberDefinedData !== undefined && { appDefinedData: item.AppMemberDefinedData }),
  };
}

/** `Type` and `HugeGroupFlag` stand only in the answer for a Community (tencent-rest-group C1.1). */
export function encodeCreated(groupId: string, type: GroupType): CreateGroupResponse {
  return type === 'Community' ? { GroupId: groupId, Type: type, HugeGroupFlag: 0 } : { GroupId: groupId };
}
