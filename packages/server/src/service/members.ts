import type { Group, Member, Role } from '../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { AddMembers, DeleteMembers, MuteMembers, ResultMap } from '../store/commands.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

type Request<C> = Omit<C, 'type' | 'now' | 'app' | 'operator'>;

/** Members read from the store at a time: longer reads would hold up the commits behind them. */
const PAGE = 2_000;
/** Without a limit of the caller's; more members than these have to be paged (10054). */
const MAX_UNPAGED_MEMBERS = 10_000;
const MAX_COMMUNITY_PAGE = 100;

export function addMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<AddMembers>,
): Promise<ResultMap['addMembers']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'addMembers', operator });
}

export function deleteMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<DeleteMembers>,
): Promise<ResultMap['deleteMembers']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'deleteMembers', operator });
}

export function muteMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<MuteMembers>,
): Promise<ResultMap['muteMembers']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'muteMembers', operator });
}

export interface MemberListRequest {
  readonly groupId: string;
  readonly roles?: readonly Role[];
  readonly offset: number;
  /** Absent: all. */
  readonly limit?: number;
}

export interface MemberList {
  readonly group: Group;
  readonly members: readonly Member[];
  readonly more: boolean;
}

/** Members in the order they joined. A Community gives at most 100 at a time (tencent-rest-group C1.10). */
export async function listMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: MemberListRequest,
): Promise<MemberList | Refusal> {
  const { groupId } = request;
  const [group] = await deps.store.groups(caller.app, [groupId]);
  if (group === undefined) return missing(groupId);
  if (!GROUP_TYPE_TRAITS[group.type].membersStored) {
    return refuse(
      'PERMISSION_DENIED',
      `group "${groupId}" is of type ${group.type}, which keeps no list of members`,
    );
  }
  const most = group.type === 'Community' ? MAX_COMMUNITY_PAGE : MAX_UNPAGED_MEMBERS;
  const wanted = Math.min(request.limit ?? most, most);
  const list = await readMembers(deps, caller, request, wanted);
  if (list === undefined) return missing(groupId);
  if (request.limit === undefined && list.more && group.type !== 'Community') {
    return refuse(
      'PAGING_REQUIRED',
      `group "${groupId}" has over ${most} members; ask with Limit and Offset`,
    );
  }
  return list;
}

/** All members of a group, or undefined when there are more than `limit`. */
export async function membersUpTo(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
  limit: number,
): Promise<readonly Member[] | undefined> {
  const list = await readMembers(deps, caller, { groupId, offset: 0 }, limit);
  return list?.more === true ? undefined : (list?.members ?? []);
}

async function readMembers(
  deps: ServiceDeps,
  caller: Caller,
  { groupId, roles, offset }: MemberListRequest,
  wanted: number,
): Promise<MemberList | undefined> {
  const members: Member[] = [];
  for (;;) {
    const page = await deps.store.members({
      app: caller.app,
      groupId,
      ...(roles !== undefined && { roles }),
      offset: offset + members.length,
      limit: Math.min(PAGE, wanted - members.length),
    });
    if (page === undefined) return undefined;
    members.push(...page.members);
    const done = !page.more || page.members.length === 0 || members.length >= wanted;
    if (done) return { group: page.group, members, more: page.more };
  }
}

function missing(groupId: string): Refusal {
  return refuse(
    'GROUP_NOT_FOUND',
    `group "${groupId}" does not exist; check the GroupId or create the group`,
  );
}
