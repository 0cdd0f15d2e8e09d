import type { Command, CommandResult } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { applyMuteAccount, applyRevokeSignatures } from './accounts.ts';
import { applyCloseDeadLetters, applyReplayDeadLetter } from './dead-letters.ts';
import { applyDeleteAccounts } from './delete-accounts.ts';
import { applyDeleteEndpoint } from './delete-endpoint.ts';
import { applyCheckpoint, applyContinueJobs } from './dispatch.ts';
import {
  applyPutEndpoint,
  applySetEndpointPaused,
  applyStartReplay,
  applySyncEndpoints,
} from './endpoints.ts';
import { applyWriteExtensions } from './extensions.ts';
import { applyDeleteCounters, applyUpdateCounters, applyWriteAttributes } from './group-values.ts';
import { applyDestroyGroup } from './groups.ts';
import { applyImportMessages } from './import-messages.ts';
import { applyMarkLiveMembers } from './live-members.ts';
import { applyBanMembers, applyModifyMember, applyMuteMembers } from './member-changes.ts';
import { applyAddMembers, applyDeleteMembers, applyImportMembers } from './members.ts';
import { applyModifyMessage, applyRecallMessages, applyRecallMessagesOf } from './messages.ts';
import { applyChangeOwner, applyModifyGroup } from './modify-group.ts';
import { applyCreateGroup, applyImportGroup } from './new-group.ts';
import { applyBroadcast, applyNotifyGroup } from './notify.ts';
import { applyReportReceipts } from './receipts.ts';
import { applyReportSendFailure } from './send-failure.ts';
import { applySendMessage } from './send-message.ts';
import { applySetUnread } from './set-unread.ts';
import { applyCreateTopic, applyDestroyTopics, applyModifyTopic } from './topics.ts';

/** What decides nothing is left to each store: it deletes, or writes a line, with statements of its own. */
export type DecidedCommand = Exclude<Command, { type: 'trim' | 'audit' }>;

export interface Place {
  readonly batch: readonly Command[];
  readonly index: number;
  /** Of the process that opened the store last. */
  readonly generation: () => number;
}

/** What a command does to the tables, whatever they are made of. */
export function applyCommand(tables: Tables, command: DecidedCommand, place: Place): CommandResult {
  switch (command.type) {
    case 'sendMessage':
      return applySendMessage(tables, command, laterThan(place));
    case 'recallMessages':
      return applyRecallMessages(tables, command);
    case 'recallMessagesOf':
      return applyRecallMessagesOf(tables, command);
    case 'modifyMessage':
      return applyModifyMessage(tables, command);
    case 'importMessages':
      return applyImportMessages(tables, command);
    case 'notifyGroup':
      return applyNotifyGroup(tables, command);
    case 'broadcast':
      return applyBroadcast(tables, command);
    case 'reportReceipts':
      return applyReportReceipts(tables, command);
    case 'setUnread':
      return applySetUnread(tables, command);
    case 'reportSendFailure':
      return applyReportSendFailure(tables, command);
    case 'writeExtensions':
      return applyWriteExtensions(tables, command);
    case 'checkpoint':
      return applyCheckpoint(tables, command, place.generation());
    case 'importAccounts':
      tables.accounts.import(command.app, command.accounts, command.now);
      return { kind: 'done' };
    case 'deleteAccounts':
      return applyDeleteAccounts(tables, command);
    case 'muteAccount':
      return applyMuteAccount(tables, command);
    case 'revokeSignatures':
      return applyRevokeSignatures(tables, command);
    case 'createGroup':
      return applyCreateGroup(tables, command);
    case 'importGroup':
      return applyImportGroup(tables, command);
    case 'modifyGroup':
      return applyModifyGroup(tables, command);
    case 'changeOwner':
      return applyChangeOwner(tables, command);
    case 'destroyGroup':
      return applyDestroyGroup(tables, command);
    case 'addMembers':
      return applyAddMembers(tables, command);
    case 'deleteMembers':
      return applyDeleteMembers(tables, command);
    case 'muteMembers':
      return applyMuteMembers(tables, command);
    case 'writeAttributes':
      return applyWriteAttributes(tables, command);
    case 'updateCounters':
      return applyUpdateCounters(tables, command);
    case 'deleteCounters':
      return applyDeleteCounters(tables, command);
    case 'importMembers':
      return applyImportMembers(tables, command);
    case 'modifyMember':
      return applyModifyMember(tables, command);
    case 'banMembers':
      return applyBanMembers(tables, command);
    case 'markLiveMembers':
      return applyMarkLiveMembers(tables, command);
    case 'createTopic':
      return applyCreateTopic(tables, command);
    case 'modifyTopic':
      return applyModifyTopic(tables, command);
    case 'destroyTopics':
      return applyDestroyTopics(tables, command);
    case 'putEndpoint':
      return applyPutEndpoint(tables, command);
    case 'syncEndpoints':
      return applySyncEndpoints(tables, command);
    case 'setEndpointPaused':
      return applySetEndpointPaused(tables, command);
    case 'deleteEndpoint':
      return applyDeleteEndpoint(tables, command);
    case 'startReplay':
      return applyStartReplay(tables, command);
    case 'replayDeadLetter':
      return applyReplayDeadLetter(tables, command);
    case 'closeDeadLetters':
      return applyCloseDeadLetters(tables, command);
    case 'continueJobs':
      return applyContinueJobs(tables, command);
  }
}

function* laterThan({ batch, index }: Place): Iterable<Command> {
  for (let later = index + 1; later < batch.length; later += 1) {
    const command = batch[later];
    if (command !== undefined) yield command;
  }
}
