import type { MessageParts } from '../domain/before-webhook.ts';
import type { Group } from '../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import { type HistoryEntry, historyRange, withHoles } from '../domain/history.ts';
import { messageDigest } from '../domain/message-digest.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { messagesKeptMs } from '../domain/retention.ts';
import type { ResultMap, SendMessage } from '../store/commands.ts';
import type { Caller, ServiceDeps } from './caller.ts';
import { pendingMessage } from './pending-message.ts';

/** A message as the request gave it; `sender` absent: the calling admin. */
export type NewMessage = Omit<
  SendMessage,
  | 'type'
  | 'now'
  | 'app'
  | 'sender'
  | 'operator'
  | 'senderIsAdmin'
  | 'sentDigest'
  | 'clientIp'
  | 'platform'
  | 'operationId'
  | 'traceparent'
> & {
  readonly sender?: string;
  /** `ForbidCallbackControl`: nobody is asked before this message is sent. */
  readonly forbidBeforeWebhook: boolean;
};

/** A before-webhook has dropped the message; the caller is told that it was sent (tencent-webhooks A.5.1). */
export interface SwallowedMessage {
  readonly kind: 'swallowed';
  /** Unix seconds. */
  readonly msgTime: number;
}

export type SendResult = ResultMap['sendMessage'] | SwallowedMessage;

/**
 * Sends a message: rules and duplicates first, then the app backends that want to be asked, while no transaction is open, then
 * the commit, in which the rules run again (tencent-rest-message C2.1). Without anybody to ask it is the commit alone.
 */
export async function sendMessage(
  deps: ServiceDeps,
  caller: Caller,
  { forbidBeforeWebhook, ...message }: NewMessage,
): Promise<SendResult> {
  const sender = message.sender ?? caller.operator;
  const command: SendMessage = {
    ...message,
    type: 'sendMessage',
    now: deps.clock.now(),
    app: caller.app,
    sender,
    operator: caller.operator,
    senderIsAdmin: caller.admins.includes(sender),
    clientIp: caller.clientIp,
    platform: 'RESTAPI',
    operationId: caller.requestId,
    ...(caller.traceparent !== undefined && { traceparent: caller.traceparent }),
  };
  if (forbidBeforeWebhook || !deps.beforeWebhook.matches(caller.app, message.groupId)) {
    return deps.store.commit(command);
  }
  return sendIfAllowed(deps, command);
}

async function sendIfAllowed(
  { store, clock, beforeWebhook }: ServiceDeps,
  command: SendMessage,
): Promise<SendResult> {
  const preview = await store.previewSend(command);
  if (preview.kind === 'refused') {
    const { app, now } = command;
    await store.commit({ type: 'reportSendFailure', app, now, send: command, refusal: preview });
  }
  if (preview.kind !== 'acceptable') return preview;
  const pending = pendingMessage(command, preview);
  const verdict = await beforeWebhook.ask(command.app, pending, command.traceparent);
  if (verdict.kind === 'refused') return verdict;
  const now = clock.now();
  if (verdict.kind === 'dropped') return { kind: 'swallowed', msgTime: Math.floor(now / 1000) };
  return store.commit(
    verdict.rewritten === undefined ? { ...command, now } : rewritten({ ...command, now }, verdict.rewritten),
  );
}

function rewritten(command: SendMessage, { msgBodyJson, cloudCustomData, at }: MessageParts): SendMessage {
  const { cloudCustomData: sentData, at: _sentMentions, ...rest } = command;
  return {
    ...rest,
    msgBodyJson,
    ...(cloudCustomData !== undefined && { cloudCustomData }),
    ...(at !== undefined && at.length > 0 && { at }),
    sentDigest: messageDigest(command.sender, command.msgBodyJson, sentData ?? null),
  };
}

export interface HistoryRequest {
  readonly groupId: string;
  readonly topicId?: string;
  /** 0: the newest. */
  readonly fromMsgSeq: number;
  readonly limit: number;
}

export interface History {
  readonly group: Group;
  /** Newest first, every number of the range once. */
  readonly entries: readonly HistoryEntry[];
}

export async function history(
  deps: ServiceDeps,
  caller: Caller,
  request: HistoryRequest,
): Promise<History | Refusal> {
  const page = await deps.store.history({ ...request, app: caller.app });
  if (page === undefined) {
    const what =
      request.topicId === undefined
        ? `group "${request.groupId}" does not exist; check the GroupId or create the group`
        : `group "${request.groupId}" has no topic "${request.topicId}"; check GroupId and TopicId`;
    return refuse('GROUP_NOT_FOUND', what);
  }
  const { group } = page;
  if (!GROUP_TYPE_TRAITS[group.type].historyStored) {
    return refuse(
      'NO_ROAMING_MESSAGES',
      `group "${group.groupId}" is of type ${group.type}, which keeps no history`,
    );
  }
  const keptMs = messagesKeptMs(deps.retention, caller.app, group.groupId);
  // What is too old is not shown, also while a webhook that is behind keeps it on the disk.
  const since = keptMs === 0 ? 0 : (deps.clock.now() - keptMs) / 1000;
  const messages = page.messages.filter(({ msgTime }) => msgTime >= since);
  return { group, entries: withHoles(messages, historyRange(group, request.fromMsgSeq, request.limit)) };
}
