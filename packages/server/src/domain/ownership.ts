import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';

/** May this user own the group from now on (tencent-rest-group C1.15)? `as it is`: he does already. */
export function decideChangeOwner(
  group: Group,
  newOwner: string,
  isMember: boolean,
): { readonly kind: 'change' | 'as it is' } | Refusal {
  if (!GROUP_TYPE_TRAITS[group.type].membersStored) {
    return refuse('PERMISSION_DENIED', `the owner of a group of type ${group.type} cannot be changed`);
  }
  if (!isMember) {
    return refuse(
      'INVALID_PARAMETERS',
      `NewOwner_Account: "${newOwner}" is not a member of "${group.groupId}"; add the user first`,
    );
  }
  return { kind: newOwner === group.owner ? 'as it is' : 'change' };
}
