import { fieldsRefusal, MAX_MEMBER_FIELDS, mergeFields } from './custom-fields.ts';
import type { Group, KeyValue, MsgFlag, Role } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';

export interface MemberChanges {
  readonly role?: 'Admin' | 'Member';
  readonly msgFlag?: MsgFlag;
  readonly nameCard?: string;
  /** Sets these keys; an empty value takes one away. */
  readonly appDefinedData?: readonly KeyValue[];
  /** From now on; 0 ends the mute. */
  readonly muteSeconds?: number;
}

/** A member as the store has him. */
export interface MemberState {
  readonly role: Role;
  readonly msgFlag: MsgFlag;
  readonly nameCard: string;
  readonly data: readonly KeyValue[];
}

export interface MemberDecision {
  readonly kind: 'modify';
  /** What is different now; empty when nothing is. */
  readonly changes: Partial<MemberState>;
  /** What app backends are told of (tencent-webhooks C.20). */
  readonly told: { readonly role?: 'Admin' | 'Member'; readonly nameCard?: string };
  readonly muteSeconds?: number;
}

/** May this member be changed so (tencent-rest-group C1.11)? */
export function decideModifyMember(
  group: Group,
  userId: string,
  member: MemberState | undefined,
  given: MemberChanges,
): MemberDecision | Refusal {
  const refusal = typeRefusal(group, given);
  if (refusal !== undefined) return refusal;
  if (member === undefined) {
    return refuse('INVALID_PARAMETERS', `Member_Account: "${userId}" is not a member of "${group.groupId}"`);
  }
  const { role, msgFlag, nameCard, appDefinedData = [] } = given;
  if (role !== undefined && member.role === 'Owner') {
    return refuse('PERMISSION_DENIED', `Role: "${userId}" owns "${group.groupId}"; change the owner first`);
  }
  const data = mergeFields(member.data, appDefinedData);
  const tooMany = fieldsRefusal('AppMemberDefinedData', data, MAX_MEMBER_FIELDS);
  if (tooMany !== undefined) return tooMany;
  const told = {
    ...(role !== undefined && role !== member.role && { role }),
    ...(nameCard !== undefined && nameCard !== member.nameCard && { nameCard }),
  };
  return {
    kind: 'modify',
    changes: {
      ...told,
      ...(msgFlag !== undefined && msgFlag !== member.msgFlag && { msgFlag }),
      ...(appDefinedData.length > 0 && { data }),
    },
    told,
    ...(given.muteSeconds !== undefined &&
      GROUP_TYPE_TRAITS[group.type].memberMute && { muteSeconds: given.muteSeconds }),
  };
}

function typeRefusal({ type }: Group, { role, muteSeconds }: MemberChanges): Refusal | undefined {
  const traits = GROUP_TYPE_TRAITS[type];
  if (!traits.membersStored) {
    return refuse('PERMISSION_DENIED', `a group of type ${type} keeps no profiles of members`);
  }
  if (role === 'Admin' && !traits.adminsAllowed) {
    return refuse('PERMISSION_DENIED', `Role: a group of type ${type} has no admins`);
  }
  // Some SDKs send the end of a mute with everything.
  if ((muteSeconds ?? 0) > 0 && !traits.memberMute) {
    return refuse('PERMISSION_DENIED', `MuteTime: members of a group of type ${type} cannot be muted`);
  }
  return undefined;
}
