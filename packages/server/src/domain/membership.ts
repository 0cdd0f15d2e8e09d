import { isInTooManyGroups } from './create-group.ts';
import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';

/** What the store knows of one user who is to be added. */
export interface Candidate {
  readonly userId: string;
  readonly exists: boolean;
  readonly isMember: boolean;
  readonly groupsOfUser: number;
  /** App backends were asked who may join, and did not let this user in. */
  readonly keptOut?: boolean;
}

export interface AddDecision {
  readonly kind: 'add';
  readonly added: readonly string[];
  /** As the wire answers: 0 failed, 1 added, 2 already a member; in the order asked for. */
  readonly results: readonly { readonly userId: string; readonly result: 0 | 1 | 2 }[];
  /** Somebody took the last place, or found none. */
  readonly full: boolean;
}

/**
 * Who of the candidates joins (tencent-rest-group C1.8). Each gets a result of his own; the call as a whole is refused,
 * with the first reason, only when it did nothing for anybody.
 */
export function decideAddMembers(
  group: Group,
  candidates: readonly Candidate[],
  rules: Rules,
): AddDecision | Refusal {
  if (!GROUP_TYPE_TRAITS[group.type].membersStored) {
    return refuse(
      'PERMISSION_DENIED',
      `members of groups of type ${group.type} join by themselves; they cannot be added`,
    );
  }
  const results: { userId: string; result: 0 | 1 | 2 }[] = [];
  const added = new Set<string>();
  let room = group.maxMemberNum - group.memberNum;
  let first: Refusal | undefined;
  for (const candidate of candidates) {
    const { userId } = candidate;
    if (candidate.isMember || added.has(userId)) {
      results.push({ userId, result: 2 });
      continue;
    }
    const refusal = candidateRefusal(candidate, room, group, rules);
    if (refusal !== undefined) {
      first ??= refusal;
      results.push({ userId, result: 0 });
      continue;
    }
    room -= 1;
    added.add(userId);
    results.push({ userId, result: 1 });
  }
  if (first !== undefined && results.every(({ result }) => result === 0)) return first;
  const full = room <= 0 && (added.size > 0 || first?.error === 'GROUP_FULL');
  return { kind: 'add', added: [...added], results, full };
}

/** Why this user cannot become a member; `room`: places that are left. */
export function candidateRefusal(
  candidate: Candidate,
  room: number,
  group: Group,
  rules: Rules,
): Refusal | undefined {
  if (!candidate.exists) {
    return refuse('ACCOUNT_NOT_FOUND', `account "${candidate.userId}" does not exist; import it first`);
  }
  if (room <= 0)
    return refuse('GROUP_FULL', `group "${group.groupId}" has ${group.maxMemberNum} members, its limit`);
  if (isInTooManyGroups(candidate.groupsOfUser, rules)) {
    return refuse(
      'TOO_MANY_GROUPS_OF_USER',
      `"${candidate.userId}" is in ${candidate.groupsOfUser} groups, the limit of a user`,
    );
  }
  if (candidate.keptOut === true) {
    return refuse('REFUSED_BY_WEBHOOK', `"${candidate.userId}" was not let in by a before-webhook`);
  }
  return undefined;
}

/** May these users be removed (tencent-rest-group C1.9; types-errors E.2)? Users who are not members count as removed. */
export function deleteMembersRefusal(group: Group, userIds: readonly string[]): Refusal | undefined {
  const traits = GROUP_TYPE_TRAITS[group.type];
  if (!traits.membersStored) {
    return refuse(
      'INVALID_PARAMETERS',
      `nobody can be removed from a group of type ${group.type}; mute or ban the user instead`,
    );
  }
  const ownerLeaves = group.owner !== '' && userIds.includes(group.owner);
  if (ownerLeaves && !traits.ownerMayLeave) {
    return refuse(
      'OWNER_MAY_NOT_QUIT',
      `"${group.owner}" owns group "${group.groupId}"; change the owner first`,
    );
  }
  return undefined;
}
