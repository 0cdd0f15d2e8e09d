import type { CreateGroupRequest, CreateGroupResponse, GroupType } from '@confab-im/protocol';
import type { ApplyJoinOption, InviteJoinOption, KeyValue, Role } from '../domain/group.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { groupTypeOf } from './group-type.ts';

export interface GroupToCreate {
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
  readonly appDefinedData?: readonly KeyValue[];
  readonly members?: readonly MemberToCreate[];
}

interface MemberToCreate {
  readonly userId: string;
  readonly role?: Role;
  readonly appDefinedData?: readonly KeyValue[];
}

export function decodeCreateGroup(request: CreateGroupRequest): GroupToCreate | Refusal {
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
    ...(request.AppDefinedData !== undefined && { appDefinedData: request.AppDefinedData }),
    ...(request.MemberList !== undefined && { members: request.MemberList.map(member) }),
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
