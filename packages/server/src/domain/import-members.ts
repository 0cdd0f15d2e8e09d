import type { Group, Role } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Candidate, candidateRefusal } from './membership.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Rules } from './rules.ts';

export interface ImportCandidate extends Candidate {
  readonly admin: boolean;
  /** Unix seconds; absent: now. */
  readonly joinTime?: number;
  readonly unread: number;
}

export interface ImportDecision {
  readonly kind: 'import';
  readonly joining: readonly {
    readonly userId: string;
    readonly role: Role;
    readonly joinTime: number;
    readonly readSeq: number;
  }[];
  /** As the wire answers: 0 failed, 1 imported, 2 already a member; in the order asked for. */
  readonly results: readonly { readonly userId: string; readonly result: 0 | 1 | 2 }[];
}

/** Who of the candidates is a member from now on (tencent-rest-group C1.17). Each has a result of his own, and nothing else is told. */
export function decideImportMembers(
  group: Group,
  candidates: readonly ImportCandidate[],
  rules: Rules,
  nowSeconds: number,
): ImportDecision | Refusal {
  const traits = GROUP_TYPE_TRAITS[group.type];
  if (!traits.importable) {
    return refuse('PERMISSION_DENIED', `members of a group of type ${group.type} cannot be imported`);
  }
  const joining = new Map<string, ImportDecision['joining'][number]>();
  const results: { userId: string; result: 0 | 1 | 2 }[] = [];
  for (const candidate of candidates) {
    const { userId, admin, joinTime = nowSeconds, unread } = candidate;
    if (candidate.isMember || joining.has(userId)) {
      results.push({ userId, result: 2 });
      continue;
    }
    const room = group.maxMemberNum - group.memberNum - joining.size;
    const fits = joinTime >= group.createTime && joinTime <= nowSeconds && (!admin || traits.adminsAllowed);
    if (!fits || candidateRefusal(candidate, room, group, rules) !== undefined) {
      results.push({ userId, result: 0 });
      continue;
    }
    const readSeq = Math.max(0, group.nextMsgSeq - 1 - unread);
    joining.set(userId, { userId, role: admin ? 'Admin' : 'Member', joinTime, readSeq });
    results.push({ userId, result: 1 });
  }
  return { kind: 'import', joining: [...joining.values()], results };
}
