import type { Group } from '../../../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import type { DestroyGroup, ResultMap } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { change, liveGroup } from './live-group.ts';
import { destroyTopicsOf } from './topics.ts';

/** Members of a disbanded group up to here go at once, those of a larger one with the trimmer. */
const PURGE_AT_ONCE = 1_000;
/** Members that the event of a disbanding names at most. */
const MEMBERS_TOLD = 6_000;

export function applyDestroyGroup(tables: Tables, command: DestroyGroup): ResultMap['destroyGroup'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { group } = found;
  if (group.supportTopic) destroyTopicsOf(tables, command);
  appendFact(tables, found, 'group.destroyed', command, {
    operator: command.operator,
    owner: group.owner,
    name: group.name,
    ...(isTold(group) && { members: tables.members.ids(group.streamId, MEMBERS_TOLD) }),
  });
  const purgeable = group.memberNum <= PURGE_AT_ONCE;
  const purged = purgeable && tables.members.purge(group.streamId, PURGE_AT_ONCE) < PURGE_AT_ONCE;
  // The trimmer looks for what is left where there are members.
  change(tables, found, { memberNum: purged ? 0 : Math.max(1, group.memberNum) });
  tables.values.purge(group.streamId);
  tables.groups.destroy(found, command.now);
  return { kind: 'done' };
}

/** The webhook names the members at the time, but not those of a Community (tencent-webhooks C.13); one of thousands would be no use. */
function isTold({ type, memberNum }: Group): boolean {
  const { membersStored, topics } = GROUP_TYPE_TRAITS[type];
  return membersStored && !topics && memberNum <= MEMBERS_TOLD;
}
