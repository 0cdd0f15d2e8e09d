import { hash } from 'node:crypto';
import type { GroupType, PendingMessageFacts } from '@confab-im/protocol';
import type { SendMessage } from '../store/commands.ts';

/** What the store knows about a message before it is sent. */
export interface Surroundings {
  readonly groupType: GroupType;
  readonly senderNickname: string;
  readonly senderFaceUrl: string;
}

/**
 * A message that is about to be sent, as a before-webhook tells it. OpenIM's message ids cannot be those of the stored message,
 * whose number they are made of: `serverMsgID` is one for each request, `clientMsgID` the same for each repetition of a send.
 */
export function pendingMessage(command: SendMessage, around: Surroundings): PendingMessageFacts {
  const { app, groupId, topicId, sender, random, operationId } = command;
  return {
    groupId,
    ...(topicId !== undefined && { topicId }),
    groupType: around.groupType,
    sender,
    operator: command.operator,
    random,
    eventTime: command.now,
    onlineOnly: command.onlineOnly,
    msgBodyJson: command.msgBodyJson,
    ...(command.cloudCustomData !== undefined && { cloudCustomData: command.cloudCustomData }),
    ...(command.at !== undefined && { at: command.at }),
    serverMsgID: messageId(['server', app, operationId]),
    clientMsgID: messageId(['client', app, groupId, sender, random]),
    operationID: operationId,
    senderNickname: around.senderNickname,
    senderFaceUrl: around.senderFaceUrl,
    clientIp: command.clientIp,
    platform: command.platform,
  };
}

/** 32 hex digits, as ids have in this dialect (openim A.9). */
function messageId(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 32);
}
