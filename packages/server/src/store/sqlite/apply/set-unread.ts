import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { MessageResults, SetUnread } from '../../message-commands.ts';
import type { Tables } from '../tables.ts';
import { liveGroup } from './live-group.ts';

/** Where a group's type counts nothing as unread it succeeds and does nothing (tencent-rest-message C2.11). */
export function applySetUnread(tables: Tables, command: SetUnread): MessageResults['setUnread'] {
  const state = liveGroup(tables, command.app, command.groupId);
  if ('kind' in state) return state;
  const { type, streamId, nextMsgSeq } = state.group;
  if (!GROUP_TYPE_TRAITS[type].unreadCounted) return { kind: 'done' };
  const { userId, unread } = command;
  if (!tables.members.isMember(streamId, userId)) {
    return refuse('INVALID_PARAMETERS', `Member_Account "${userId}" is not a member of "${command.groupId}"`);
  }
  tables.readMarks.set(streamId, userId, Math.max(0, nextMsgSeq - 1 - unread));
  // Nobody is told; the group is written with it, so that no message that comes at once is counted wrongly.
  tables.groups.touch(state);
  return { kind: 'done' };
}
