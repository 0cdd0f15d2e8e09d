import type { Role } from '../../../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { decideAddMembers, decideDeleteMembers } from '../../../domain/membership.ts';
import { muteEnd } from '../../../domain/mute.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { AddMembers, DeleteMembers, MuteMembers, ResultMap } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { change, liveGroup } from './live-group.ts';
import { appendTip } from './tips.ts';

/** `seconds` that mean for ever (tencent-rest-group C1.13). */

export function applyAddMembers(tables: Tables, command: AddMembers): ResultMap['addMembers'] {
  const { app } = command;
  const found = liveGroup(tables, app, command.groupId);
  if ('kind' in found) return found;
  const { streamId } = found.group;
  const decision = decideAddMembers(
    found.group,
    command.userIds.map((userId) => ({
      userId,
      exists: tables.accounts.get(app, userId) !== undefined,
      isMember: tables.members.isMember(streamId, userId),
      groupsOfUser: tables.members.groupsOf(app, userId, tables.rules.groupsPerUser),
    })),
    tables.rules,
  );
  if (decision.kind === 'refused') {
    if (decision.error === 'GROUP_FULL') appendFull(tables, found, command);
    return decision;
  }
  const joinTime = Math.floor(command.now / 1000);
  for (const userId of decision.added) {
    const member = { userId, role: 'Member' as Role, ordinal: found.nextOrdinal, joinTime, data: [] };
    tables.members.add(streamId, app, member);
    found.nextOrdinal += 1;
  }
  if (decision.added.length > 0) {
    change(tables, found, { memberNum: found.group.memberNum + decision.added.length });
    const facts = { operator: command.operator, joinType: 'Invited', members: decision.added } as const;
    appendTip(tables, found, 'group.members.joined', command, facts, command.silent);
  }
  if (decision.full) appendFull(tables, found, command);
  return { kind: 'done', members: decision.results };
}

/** Told of each join that filled the group, and of each that failed because it is full (tencent-webhooks C.12). */
function appendFull(tables: Tables, state: GroupState, command: AddMembers): void {
  const { memberNum, maxMemberNum } = state.group;
  appendFact(tables, state, 'group.full', command, { memberNum, maxMemberNum });
}

export function applyDeleteMembers(tables: Tables, command: DeleteMembers): ResultMap['deleteMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const decision = decideDeleteMembers(found.group, command.userIds);
  if (decision.kind === 'refused') return decision;
  const { streamId } = found.group;
  const gone = [...new Set(command.userIds)].filter((userId) => tables.members.remove(streamId, userId));
  if (gone.length === 0) return { kind: 'done' };
  change(tables, found, {
    memberNum: found.group.memberNum - gone.length,
    ...(decision.ownerLeaves ? { owner: '' } : {}),
  });
  const reason = command.reason === undefined ? {} : { reason: command.reason };
  const facts = { operator: command.operator, exitType: 'Kicked', members: gone, ...reason } as const;
  appendTip(tables, found, 'group.members.left', command, facts, command.silent);
  return { kind: 'done' };
}

export function applyMuteMembers(tables: Tables, command: MuteMembers): ResultMap['muteMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { group } = found;
  if (!GROUP_TYPE_TRAITS[group.type].memberMute) {
    return refuse('PERMISSION_DENIED', `members of a ${group.type} group cannot be muted`);
  }
  const missing = command.userIds.find((userId) => tables.accounts.get(command.app, userId) === undefined);
  if (missing !== undefined) return refuse('ACCOUNT_NOT_FOUND', `account "${missing}" does not exist`);
  const now = Math.floor(command.now / 1000);
  const until = muteEnd(now, command.seconds);
  for (const userId of command.userIds) tables.members.mute(group.streamId, userId, until);
  const facts = { operator: command.operator, members: command.userIds, until };
  appendFact(tables, found, 'group.members.muted', command, facts);
  return { kind: 'done' };
}
