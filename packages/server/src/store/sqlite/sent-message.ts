import type { SendMessage, SentFacts, SentMessage } from '../commands.ts';
import type { LaneEvent } from '../lanes.ts';
import type { MessageContent, MessageExtra, Origin } from './log.ts';
import { messageEvent } from './message-event.ts';

/** What of a send goes into the message row, or into the log row of a message without one. */
export function contentOf(command: SendMessage, onlineOnly: boolean): MessageContent {
  const extra: MessageExtra = {
    ...(command.at === undefined ? {} : { at: command.at }),
    ...(command.to === undefined ? {} : { to: command.to }),
    ...(command.noUnread ? { noUnread: true } : {}),
    ...(command.noLastMsg ? { noLastMsg: true } : {}),
    ...(command.forbidAfterWebhook ? { forbidAfterWebhook: true } : {}),
    ...(command.offlinePushInfoJson === undefined ? {} : { offlinePushInfo: command.offlinePushInfoJson }),
    ...(command.supportMessageExtension ? { supportMessageExtension: true } : {}),
    ...(command.needReadReceipt ? { needReadReceipt: true } : {}),
    ...(onlineOnly ? { onlineOnly: true } : {}),
    ...(command.sentDigest === undefined ? {} : { sentDigest: command.sentDigest }),
  };
  return {
    sender: command.sender,
    operator: command.operator,
    random: command.random,
    priority: command.priority,
    body: command.msgBodyJson,
    cloudCustomData: command.cloudCustomData ?? null,
    extra: hasKeys(extra) ? extra : null,
  };
}

export function originOf(
  command: SendMessage,
  { account, nick, faceUrl }: Pick<SentFacts, 'account' | 'nick' | 'faceUrl'>,
): Origin {
  const { clientIp, platform, operationId, traceparent } = command;
  return traceparent === undefined
    ? [clientIp, platform, operationId, account, nick, faceUrl]
    : [clientIp, platform, operationId, account, nick, faceUrl, traceparent];
}

/** The event of a send that has just been committed: the same that a reading of the log gives. */
export function sentEvent(
  installId: string,
  command: SendMessage,
  { streamId, logSeq, msgSeq }: SentMessage,
  facts: SentFacts,
): LaneEvent {
  const { app, groupId, topicId } = command;
  return messageEvent(
    installId,
    { streamId, app, groupId, ...(topicId === undefined ? {} : { topicId }), type: facts.groupType },
    { logSeq, msgSeq, time: facts.time },
    contentOf(command, facts.onlineOnly),
    originOf(command, facts),
  );
}

function hasKeys(object: object): boolean {
  for (const _ in object) return true;
  return false;
}
