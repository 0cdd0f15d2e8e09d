import { banRefusal } from '../../../domain/ban.ts';
import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { decideModifyMember } from '../../../domain/modify-member.ts';
import { muteEnd } from '../../../domain/mute.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { BanMembers, ModifyMember, MuteMembers, ResultMap } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { liveGroup, livePlace } from './live-group.ts';
import { appendTip } from './tips.ts';

export function applyModifyMember(tables: Tables, command: ModifyMember): ResultMap['modifyMember'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { group } = found;
  const { userId, operator } = command;
  const profile = tables.members.profile(group.streamId, userId);
  const decision = decideModifyMember(group, userId, profile, command);
  if (decision.kind === 'refused') return decision;
  const { changes, told, muteSeconds } = decision;
  if (Object.keys(changes).length > 0) {
    tables.members.update(group.streamId, userId, changes);
    // What is merged was read: another process that changes the same member meanwhile has to be noticed.
    tables.groups.touch(found);
  }
  if (Object.keys(told).length > 0) {
    // A new name card is told to app backends alone.
    const silent = told.role === undefined;
    appendTip(tables, found, 'group.member.changed', command, { operator, member: userId, ...told }, silent);
  }
  if (muteSeconds !== undefined) mute(tables, found, command, [userId], muteSeconds);
  return { kind: 'done' };
}

export function applyMuteMembers(tables: Tables, command: MuteMembers): ResultMap['muteMembers'] {
  const found = livePlace(tables, command);
  if ('kind' in found) return found;
  const { group } = found;
  if (!GROUP_TYPE_TRAITS[group.type].memberMute) {
    return refuse('PERMISSION_DENIED', `members of a ${group.type} group cannot be muted`);
  }
  const missing = command.userIds.find((userId) => tables.accounts.get(command.app, userId) === undefined);
  if (missing !== undefined) return refuse('ACCOUNT_NOT_FOUND', `account "${missing}" does not exist`);
  mute(tables, found, command, command.userIds, command.seconds);
  return { kind: 'done' };
}

function mute(
  tables: Tables,
  state: GroupState,
  command: MuteMembers | ModifyMember,
  userIds: readonly string[],
  seconds: number,
): void {
  const until = muteEnd(Math.floor(command.now / 1000), seconds);
  const members = [...new Set(userIds)];
  for (const userId of members) tables.members.mute(state.group.streamId, userId, until);
  appendTip(tables, state, 'group.members.muted', command, { operator: command.operator, members, until });
}

export function applyBanMembers(tables: Tables, command: BanMembers): ResultMap['banMembers'] {
  const found = liveGroup(tables, command.app, command.groupId);
  if ('kind' in found) return found;
  const { app, operator, seconds, description } = command;
  const members = [...new Set(command.userIds)];
  // Who has been deleted meanwhile can still be taken off the list.
  const unknown =
    seconds === 0 ? [] : members.filter((userId) => tables.accounts.get(app, userId) === undefined);
  const refusal = banRefusal(found.group, unknown);
  if (refusal !== undefined) return refusal;
  const until = muteEnd(Math.floor(command.now / 1000), seconds);
  for (const userId of members) tables.members.ban(found.group.streamId, userId, until, description);
  const why = description === '' ? {} : { description };
  appendFact(tables, found, 'group.members.banned', command, { operator, members, until, ...why });
  return { kind: 'done' };
}
