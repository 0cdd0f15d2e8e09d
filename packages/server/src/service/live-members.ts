import { listedMembers, liveRefusal, type Marking, onlineMembers } from '../domain/live-members.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { LiveResultMap } from '../store/live-commands.ts';
import type { LiveMembersOfGroup } from '../store/store.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

export type LiveUser = LiveMembersOfGroup['members'][number];

/** Who counts as online in an AVChatRoom: nobody is connected yet, so those with the mark 500. */
export async function onlineIn(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
): Promise<readonly LiveUser[] | Refusal> {
  const found = await deps.store.liveMembers({ app: caller.app, groupId });
  if (found === undefined) {
    const detail = `group "${groupId}" does not exist; check the GroupId or create the group`;
    return refuse('GROUP_NOT_FOUND', detail);
  }
  const now = Math.floor(deps.clock.now() / 1000);
  const online = new Set(onlineMembers(found.members, now).map(({ userId }) => userId));
  return liveRefusal(found.group) ?? found.members.filter(({ userId }) => online.has(userId));
}

/** Those of them that a list shows, the latest first. */
export async function listOnline(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
  mark: number | undefined,
): Promise<readonly LiveUser[] | Refusal> {
  const online = await onlineIn(deps, caller, groupId);
  if ('kind' in online) return online;
  const byId = new Map(online.map((user) => [user.userId, user]));
  return listedMembers(online, mark).flatMap(({ userId }) => byId.get(userId) ?? []);
}

export function markLiveMembers(
  deps: ServiceDeps,
  caller: Caller,
  request: { readonly groupId: string; readonly how: 'set' | 'delete'; readonly members: readonly Marking[] },
): Promise<LiveResultMap['markLiveMembers']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'markLiveMembers' });
}
