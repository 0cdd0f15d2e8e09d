import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';

/** The group that a command is about. */
export function liveGroup(tables: Tables, app: number, groupId: string): GroupState | Refusal {
  return tables.groups.get(app, groupId) ?? refuse('GROUP_NOT_FOUND', `group "${groupId}" does not exist`);
}

/** Changes the group in memory; it is written with the batch. */
export function change(tables: Tables, state: GroupState, changes: Partial<GroupState['group']>): void {
  state.group = { ...state.group, ...changes };
  tables.groups.touch(state);
}
