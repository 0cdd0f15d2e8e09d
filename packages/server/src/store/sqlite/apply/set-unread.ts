import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { MessageResults, SetUnread } from '../../message-commands.ts';
import type { Tables } from '../tables.ts';
import { liveGroup, livePlace } from './live-group.ts';

/** Where a group's type counts nothing as unread it succeeds and does nothing (tencent-rest-message C2.11). */
export function applySetUnread(tables: Tables, command: SetUnread): MessageResults['setUnread'] {
  const { app, groupId, topicId, userId, unread } = command;
  const group = liveGroup(tables, app, groupId);
  if ('kind' in group) return group;
  const place = livePlace(tables, command);
  if ('kind' in place) return place;
  if (!GROUP_TYPE_TRAITS[group.group.type].unreadCounted) return { kind: 'done' };
  if (!tables.members.isMember(group.group.streamId, userId)) {
    return refuse('INVALID_PARAMETERS', `Member_Account "${userId}" is not a member of "${groupId}"`);
  }
  const { streamId, nextMsgSeq } = place.group;
  const readSeq = Math.max(0, nextMsgSeq - 1 - unread);
  if (topicId === undefined) tables.readMarks.set(streamId, userId, readSeq);
  else tables.readMarks.setInTopic(streamId, userId, readSeq);
  // Nobody is told; the group is written with it, so that no message that comes at once is counted wrongly.
  tables.groups.touch(place);
  return { kind: 'done' };
}
