import { type Refusal, refuse } from '../../../domain/refusal.ts';
import { topicsRefusal } from '../../../domain/topic.ts';
import type { InPlace } from '../../command-base.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';

/** The group that a command is about. */
export function liveGroup(tables: Tables, app: number, groupId: string): GroupState | Refusal {
  return tables.groups.get(app, groupId) ?? refuse('GROUP_NOT_FOUND', `group "${groupId}" does not exist`);
}

/** The topic that a command is about, or the group when it names none. */
export function livePlace(
  tables: Tables,
  { app, groupId, topicId }: Pick<InPlace, 'app' | 'groupId' | 'topicId'>,
): GroupState | Refusal {
  const group = liveGroup(tables, app, groupId);
  if ('kind' in group || topicId === undefined) return group;
  return liveTopic(tables, group, topicId);
}

export function liveTopic(tables: Tables, { group }: GroupState, topicId: string): GroupState | Refusal {
  const topic = tables.groups.topic(group.app, topicId);
  if (topic?.group.groupId === group.groupId) return topic;
  return (
    topicsRefusal(group) ??
    refuse('GROUP_NOT_FOUND', `topic "${topicId}" of "${group.groupId}" does not exist, or was deleted`)
  );
}

/** Each change of the profile is counted, and its second kept. */
export function changeProfile(
  tables: Tables,
  state: GroupState,
  changes: Partial<GroupState['group']>,
  now: number,
): void {
  const { group } = state;
  const lastInfoTime = Math.max(group.lastInfoTime, Math.floor(now / 1000));
  state.group = { ...group, ...changes, infoSeq: group.infoSeq + 1, lastInfoTime };
  tables.groups.touchProfile(state);
}

/** Changes the group in memory; it is written with the batch. */
export function change(tables: Tables, state: GroupState, changes: Partial<GroupState['group']>): void {
  state.group = { ...state.group, ...changes };
  tables.groups.touch(state);
}

/** `From_Account` of what an admin does for somebody: an account, or an admin himself. */
export function operatorRefusal(
  tables: Tables,
  {
    app,
    operator,
    operatorIsAdmin,
  }: { readonly app: number; readonly operator: string; readonly operatorIsAdmin: boolean },
): Refusal | undefined {
  if (operatorIsAdmin || tables.accounts.get(app, operator) !== undefined) return undefined;
  return refuse('OPERATOR_INVALID', `From_Account "${operator}" does not exist; import the account first`);
}
