import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import { refuse } from '../../../domain/refusal.ts';
import { sizeRefusal } from '../../../domain/send-message.ts';
import type { Broadcast, MessageResults, NotifyGroup } from '../../message-commands.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { livePlace } from './live-group.ts';

/** Stands in the log alone: who is online hears of it from there. */
export function applyNotifyGroup(tables: Tables, command: NotifyGroup): MessageResults['notifyGroup'] {
  const state = livePlace(tables, command);
  if ('kind' in state) return state;
  const { operator, content, to } = command;
  const { type, groupId } = state.group;
  if (to !== undefined && !GROUP_TYPE_TRAITS[type].membersStored) {
    const detail = `ToMembers_Account: group "${groupId}" is of type ${type}; notify everybody in it`;
    return refuse('PERMISSION_DENIED', detail);
  }
  const tooLong = sizeRefusal({ msgBodyJson: content }, tables.rules);
  if (tooLong !== undefined) return tooLong;
  const facts = { operator, content, ...(to === undefined ? {} : { to }) };
  appendFact(tables, state, 'group.notification.sent', command, facts);
  return { kind: 'done' };
}

const EVERY_MS = 1_000;

/** One a second and app (tencent-rest A.5); of two at once the second is refused. */
export function applyBroadcast(tables: Tables, command: Broadcast): MessageResults['broadcast'] {
  const { app, sender, senderIsAdmin, now } = command;
  if (!senderIsAdmin && tables.accounts.get(app, sender) === undefined) {
    return refuse('ACCOUNT_NOT_FOUND', `From_Account "${sender}" does not exist; import the account first`);
  }
  const tooLong = sizeRefusal(command, tables.rules);
  if (tooLong !== undefined) return tooLong;
  const last = tables.broadcasts.last(app);
  if (last !== undefined && now - last.at < EVERY_MS && now >= last.at) {
    return refuse('MESSAGE_FREQUENCY', 'an app broadcasts once a second; wait and send again');
  }
  const msgSeq = (last?.seq ?? 0) + 1;
  tables.broadcasts.put(app, { seq: msgSeq, at: now });
  return { kind: 'done', msgSeq };
}
