import type { DeleteAccounts, ResultMap } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { departed } from './members.ts';

/** Groups that accounts are taken out of in one transaction; about 100 µs each. */
export const LEFT_AT_ONCE = 500;

/**
 * Deletes accounts and takes them out of their groups. An account in more groups than one transaction leaves exists until it is out of
 * all of them: whoever dies in between has not answered, and begins again.
 */
export function applyDeleteAccounts(tables: Tables, command: DeleteAccounts): ResultMap['deleteAccounts'] {
  const { app, userIds } = command;
  const deleted: string[] = [];
  let room = LEFT_AT_ONCE;
  for (const [index, userId] of userIds.entries()) {
    if (tables.accounts.get(app, userId) === undefined) continue;
    const streams = tables.members.streamsOf(app, userId, room + 1);
    for (const streamId of streams.slice(0, room)) leaveStream(tables, command, streamId, userId);
    if (streams.length > room) return { kind: 'done', deleted, left: userIds.slice(index) };
    room -= streams.length;
    tables.accounts.delete(app, userId);
    deleted.push(userId);
  }
  return { kind: 'done', deleted, left: [] };
}

/** To the group it is as if the user had left by himself. */
function leaveStream(tables: Tables, command: DeleteAccounts, streamId: number, userId: string): void {
  const groupId = tables.groups.identity(streamId)?.groupId;
  const state = groupId === undefined ? undefined : tables.groups.get(command.app, groupId);
  tables.members.remove(streamId, userId);
  // Members of a disbanded group are there until the trimmer comes.
  if (state?.group.streamId !== streamId) return;
  const facts = { operator: userId, exitType: 'Quit', members: [userId] } as const;
  departed(tables, state, { ...command, silent: false }, facts);
}
