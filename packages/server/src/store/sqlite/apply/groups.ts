import type { Group } from '../../../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import type { DeleteAccounts, DestroyGroup, ResultMap } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { change, liveGroup } from './live-group.ts';
import { appendTip } from './tips.ts';
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

/** Deletes accounts and takes them out of their groups; groups they owned stay without an owner. */
export function applyDeleteAccounts(tables: Tables, command: DeleteAccounts): ResultMap['deleteAccounts'] {
  const deleted: string[] = [];
  for (const userId of command.userIds) {
    if (!tables.accounts.delete(command.app, userId)) continue;
    deleted.push(userId);
    for (const streamId of tables.members.streamsOf(command.app, userId)) {
      const groupId = tables.groups.identity(streamId)?.groupId;
      const state = groupId === undefined ? undefined : tables.groups.get(command.app, groupId);
      tables.members.remove(streamId, userId);
      if (state === undefined || state.group.streamId !== streamId) continue;
      const owner = state.group.owner === userId ? { owner: '' } : {};
      change(tables, state, { memberNum: state.group.memberNum - 1, ...owner });
      const facts = { operator: userId, exitType: 'Quit', members: [userId] } as const;
      appendTip(tables, state, 'group.members.left', command, facts);
    }
  }
  return { kind: 'done', deleted };
}
