import type { PendingChange } from '@confab-im/protocol';
import { banRefusal } from '../domain/ban.ts';
import type { Group, Member, Role } from '../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type {
  AddMembers,
  BanMembers,
  DeleteMembers,
  ImportMembers,
  ModifyMember,
  MuteMembers,
  ResultMap,
} from '../store/commands.ts';
import type { RestrictedPage } from '../store/store.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';
import { pendingPlace } from './pending-change.ts';

type Request<C> = Omit<C, 'type' | 'now' | 'app' | 'operator' | 'from'>;

/** Members read from the store at a time: longer reads would hold up the commits behind them. */
const PAGE = 2_000;
/** Without a limit of the caller's; more members than these have to be paged (10054). */
const MAX_UNPAGED_MEMBERS = 10_000;
const MAX_COMMUNITY_PAGE = 100;
/** More muted users than these do not fit the 1 MB that an answer may have. */
const MAX_MUTED_PER_ANSWER = 8_000;

/**
 * Adds users to a group: rules first, then the app backends that want to be asked about those who would join, then the commit, in
 * which the rules run again and nobody joins who was not asked about and let in.
 */
export async function addMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<AddMembers>,
): Promise<ResultMap['addMembers']> {
  const { store, beforeWebhook, clock } = deps;
  const { operator, app, traceparent } = caller;
  const command: AddMembers = {
    ...{ ...request, ...commandBase(deps, caller) },
    ...{ type: 'addMembers', operator },
  };
  const { groupId } = command;
  if (!beforeWebhook.matchesChange(app, 'group.before-invite', groupId)) return store.commit(command);
  const preview = await store.previewChange(command);
  // A refusal may have to be told, which only a commit does.
  if (preview.kind === 'refused' || preview.joining.length === 0) {
    return store.commit({ ...command, letIn: [] });
  }
  const { groupType, joining } = preview;
  const question: PendingChange = {
    ...{ kind: 'group.before-invite', ...pendingPlace(command, { groupId, groupType }) },
    ...{ operator, members: joining },
  };
  const verdict = await beforeWebhook.askChange(app, question, traceparent);
  if (verdict.kind === 'refused') return verdict;
  const letIn = joining.filter((userId) => !verdict.refusedMembers.includes(userId));
  return store.commit({ ...command, now: clock.now(), letIn });
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

export function banMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<BanMembers>,
): Promise<ResultMap['banMembers']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'banMembers', operator });
}

export function modifyMember(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<ModifyMember>,
): Promise<ResultMap['modifyMember']> {
  const { operator } = caller;
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'modifyMember', operator });
}

export function importMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: Request<ImportMembers>,
): Promise<ResultMap['importMembers']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'importMembers' });
}

/** The role of each of these users, null for those who are no members (tencent-rest-group C1.12). */
export async function rolesOf(
  deps: ServiceDeps,
  caller: Caller,
  request: { readonly groupId: string; readonly userIds: readonly string[] },
): Promise<readonly (Role | null)[] | Refusal> {
  const page = await deps.store.roles({ ...request, app: caller.app });
  if (page === undefined) return missing(request.groupId);
  return keepsNoList(page.group) ?? page.roles;
}

/** Everybody who is muted in a group now (tencent-rest-group C1.14): there is no paging. */
export async function mutedUsers(
  deps: ServiceDeps,
  caller: Caller,
  place: { readonly groupId: string; readonly topicId?: string },
): Promise<RestrictedPage['users'] | Refusal> {
  const now = Math.floor(deps.clock.now() / 1000);
  const users: RestrictedPage['users'][number][] = [];
  for (;;) {
    const page = await deps.store.restricted({
      app: caller.app,
      ...place,
      kind: 'mute',
      now,
      offset: users.length,
      limit: PAGE,
    });
    if (page === undefined) return missingPlace(place);
    users.push(...page.users);
    if (!page.more) return users;
    if (users.length >= MAX_MUTED_PER_ANSWER) {
      const where = place.topicId === undefined ? 'group' : 'topic';
      return refuse('ANSWER_TOO_LONG', `over ${MAX_MUTED_PER_ANSWER} users are muted in this ${where}`);
    }
  }
}

/** A page of those who are banned from a group now (tencent-rest-group C1.16). */
export async function bannedUsers(
  deps: ServiceDeps,
  caller: Caller,
  request: { readonly groupId: string; readonly offset: number; readonly limit: number },
): Promise<RestrictedPage | Refusal> {
  const now = Math.floor(deps.clock.now() / 1000);
  const page = await deps.store.restricted({ ...request, app: caller.app, kind: 'ban', now });
  return page === undefined ? missing(request.groupId) : (banRefusal(page.group, []) ?? page);
}

export interface MemberListRequest {
  readonly groupId: string;
  readonly roles?: readonly Role[];
  /** Only who joined after this position. */
  readonly after?: number;
  readonly offset: number;
  /** Absent: all. */
  readonly limit?: number;
}

export interface MemberList {
  readonly group: Group;
  readonly members: readonly Member[];
  /** Position of the last one; 0 when there is none. */
  readonly last: number;
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
  const refusal = keepsNoList(group);
  if (refusal !== undefined) return refusal;
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

/**
 * A group with all its members, in one read where they fit into a page; without them where its type keeps none. Undefined: there is no
 * such group. `limit`: when it has more members they are left out.
 */
export async function groupWithMembers(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
  limit: number,
): Promise<{ readonly group: Group; readonly members?: readonly Member[] } | undefined> {
  const { app } = caller;
  const page = await deps.store.members({ app, groupId, offset: 0, limit: Math.min(PAGE, limit) });
  if (page === undefined) return undefined;
  const { group, last: after } = page;
  if (!GROUP_TYPE_TRAITS[group.type].membersStored || group.memberNum > limit) return { group };
  const now = Math.floor(deps.clock.now() / 1000);
  const first = page.members.map((member) => asOf(now, member));
  if (!page.more) return { group, members: first };
  const rest = await readMembers(deps, caller, { groupId, after, offset: 0 }, limit - first.length);
  return rest === undefined ? undefined : { group: rest.group, members: [...first, ...rest.members] };
}

async function readMembers(
  deps: ServiceDeps,
  caller: Caller,
  { groupId, roles, after = 0, offset }: MemberListRequest,
  wanted: number,
): Promise<MemberList | undefined> {
  const members: Member[] = [];
  const now = Math.floor(deps.clock.now() / 1000);
  let from = { after, offset };
  for (;;) {
    const page = await deps.store.members({
      app: caller.app,
      groupId,
      ...(roles !== undefined && { roles }),
      ...from,
      limit: Math.min(PAGE, wanted - members.length),
    });
    if (page === undefined) return undefined;
    members.push(...page.members.map((member) => asOf(now, member)));
    const { group, last, more } = page;
    if (!more || page.members.length === 0 || members.length >= wanted) return { group, members, last, more };
    from = { after: last, offset: 0 };
  }
}

/** A mute that is over is none. `now` in unix seconds. */
export function asOf(now: number, member: Member): Member {
  return member.muteUntil > 0 && member.muteUntil <= now ? { ...member, muteUntil: 0 } : member;
}

function keepsNoList({ groupId, type }: Group): Refusal | undefined {
  return GROUP_TYPE_TRAITS[type].membersStored
    ? undefined
    : refuse('PERMISSION_DENIED', `group "${groupId}" is of type ${type}, which keeps no list of members`);
}

function missingPlace({
  groupId,
  topicId,
}: {
  readonly groupId: string;
  readonly topicId?: string;
}): Refusal {
  if (topicId === undefined) return missing(groupId);
  return refuse('GROUP_NOT_FOUND', `group "${groupId}" has no topic "${topicId}"; check GroupId and TopicId`);
}

function missing(groupId: string): Refusal {
  return refuse(
    'GROUP_NOT_FOUND',
    `group "${groupId}" does not exist; check the GroupId or create the group`,
  );
}
