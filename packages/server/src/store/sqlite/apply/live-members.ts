import { type LiveMember, liveRefusal, markMembers } from '../../../domain/live-members.ts';
import type { LiveResultMap, MarkLiveMembers } from '../../live-commands.ts';
import type { Tables } from '../tables.ts';
import { liveGroup } from './live-group.ts';

export function applyMarkLiveMembers(
  tables: Tables,
  command: MarkLiveMembers,
): LiveResultMap['markLiveMembers'] {
  const { app, groupId, how, now } = command;
  const state = liveGroup(tables, app, groupId);
  if ('kind' in state) return state;
  const refusal = liveRefusal(state.group);
  if (refusal !== undefined) return refusal;
  const { streamId } = state.group;
  const known = command.members.filter(({ userId }) => tables.accounts.get(app, userId) !== undefined);
  const before = liveMembersOf(tables.values.get(streamId, 'live'));
  const marked = markMembers(before, known, how, Math.floor(now / 1000));
  if (marked.kind === 'refused') return marked;
  tables.values.put(streamId, 'live', JSON.stringify(marked.members));
  tables.groups.touch(state);
  return { kind: 'done', members: marked.done };
}

export function liveMembersOf(value: string | undefined): readonly LiveMember[] {
  return value === undefined ? [] : (JSON.parse(value) as LiveMember[]);
}
