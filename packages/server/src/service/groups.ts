import type { GroupType } from '@confab-im/protocol';
import type { Group, Member } from '../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { ChangeOwner, CreateGroup, ImportGroup, ModifyGroup, ResultMap } from '../store/commands.ts';
import type { GroupIdsPage, JoinedGroupsPage, JoinedGroupsQuery } from '../store/store.ts';
import { accountsImported } from './accounts.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';
import { asOf, groupWithMembers } from './members.ts';
import { pendingGroup } from './pending-change.ts';

type Given<C> = Omit<C, 'type' | 'now' | 'app' | 'operator' | 'operatorIsAdmin' | 'from' | 'idSeed'>;
export type NewGroup = Given<CreateGroup>;
export type GroupToImport = Given<ImportGroup>;

/** More members than these are never read for one answer; with their shortest fields they fill the 1 MB it may have. */
const MAX_MEMBERS_PER_ANSWER = 30_000;

/** Creates a group: rules first, then the app backends that want to be asked, then the commit, in which the rules run again. */
export async function createGroup(
  deps: ServiceDeps,
  caller: Caller,
  group: NewGroup,
): Promise<ResultMap['createGroup']> {
  const { store, beforeWebhook, clock } = deps;
  const idSeed = deps.ids.groupIdSeed();
  const { operator } = caller;
  const command: CreateGroup = {
    ...{ ...group, ...commandBase(deps, caller) },
    ...{ type: 'createGroup', operator, idSeed },
  };
  if (!beforeWebhook.matchesChange(caller.app, 'group.before-create', group.groupId ?? '')) {
    return store.commit(command);
  }
  const preview = await store.previewChange(command);
  if (preview.kind === 'refused') return preview;
  const verdict = await beforeWebhook.askChange(caller.app, pendingGroup(command), caller.traceparent);
  return verdict.kind === 'refused' ? verdict : store.commit({ ...command, now: clock.now() });
}

export function importGroup(
  deps: ServiceDeps,
  caller: Caller,
  group: GroupToImport,
): Promise<ResultMap['importGroup']> {
  const idSeed = deps.ids.groupIdSeed();
  const { operator } = caller;
  return deps.store.commit({ ...group, ...commandBase(deps, caller), type: 'importGroup', operator, idSeed });
}

/** `operator`: who shows as the one who did it, instead of the caller. */
export interface NamedOperator {
  readonly operator?: string;
}

export function modifyGroup(
  deps: ServiceDeps,
  caller: Caller,
  { operator, ...request }: Given<ModifyGroup> & NamedOperator,
): Promise<ResultMap['modifyGroup']> {
  const by = operatorOf(caller, operator);
  return deps.store.commit({ ...request, ...commandBase(deps, caller), ...by, type: 'modifyGroup' });
}

export function changeOwner(
  deps: ServiceDeps,
  caller: Caller,
  { operator, ...request }: Given<ChangeOwner> & NamedOperator,
): Promise<ResultMap['changeOwner']> {
  const by = operatorOf(caller, operator);
  return deps.store.commit({ ...request, ...commandBase(deps, caller), ...by, type: 'changeOwner' });
}

function operatorOf(
  caller: Caller,
  named = caller.operator,
): { readonly operator: string; readonly operatorIsAdmin: boolean } {
  return { operator: named, operatorIsAdmin: caller.admins.includes(named) };
}

export function destroyGroup(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
): Promise<ResultMap['destroyGroup']> {
  const { operator } = caller;
  return deps.store.commit({ ...commandBase(deps, caller), type: 'destroyGroup', operator, groupId });
}

export interface GroupProfile {
  readonly group: Group;
  /** Absent when members were not asked for, or the type keeps none. */
  readonly members?: readonly Member[];
}

/** Groups as they are now, in the order asked for; undefined where there is none. */
export async function groupProfiles(
  deps: ServiceDeps,
  caller: Caller,
  groupIds: readonly string[],
  withMembers: boolean,
): Promise<readonly (GroupProfile | undefined)[] | Refusal> {
  if (!withMembers) {
    const groups = await deps.store.groups(caller.app, groupIds);
    return groups.map((group) => (group === undefined ? undefined : { group }));
  }
  const profiles: (GroupProfile | undefined)[] = [];
  let room = MAX_MEMBERS_PER_ANSWER;
  for (const groupId of groupIds) {
    const profile = await groupWithMembers(deps, caller, groupId, room);
    profiles.push(profile);
    if (profile === undefined) continue;
    const { group, members } = profile;
    if (members === undefined && GROUP_TYPE_TRAITS[group.type].membersStored) {
      return refuse(
        'ANSWER_TOO_LONG',
        `GroupIdList: these groups have over ${MAX_MEMBERS_PER_ANSWER} members; ask without MemberInfoFilter or for fewer groups`,
      );
    }
    room -= members?.length ?? 0;
  }
  return profiles;
}

export interface GroupIdsRequest {
  readonly type?: GroupType;
  readonly after: number;
  readonly limit: number;
}

export function groupIds(deps: ServiceDeps, caller: Caller, request: GroupIdsRequest): Promise<GroupIdsPage> {
  return deps.store.groupIds({ ...request, app: caller.app });
}

export async function joinedGroups(
  deps: ServiceDeps,
  caller: Caller,
  request: Omit<JoinedGroupsQuery, 'app'>,
): Promise<JoinedGroupsPage | Refusal> {
  const [imported] = await accountsImported(deps, caller, [request.userId]);
  if (imported !== true && !caller.admins.includes(request.userId)) {
    return refuse(
      'ACCOUNT_NOT_FOUND',
      `Member_Account: account "${request.userId}" does not exist; import it first`,
    );
  }
  const page = await deps.store.joinedGroups({ ...request, app: caller.app });
  const now = Math.floor(deps.clock.now() / 1000);
  return { ...page, groups: page.groups.map(({ group, self }) => ({ group, self: asOf(now, self) })) };
}
