import { type Refusal, refuse } from '../../../domain/refusal.ts';
import {
  outranks,
  placeMessage,
  type SendState,
  sendRefusal,
  sizeRefusal,
  withinFrequency,
} from '../../../domain/send-message.ts';
import type { Command, DroppedMessage, DuplicateMessage, SendMessage, SentMessage } from '../../commands.ts';
import type { Account } from '../accounts.ts';
import type { GroupState } from '../groups.ts';
import type { MessageContent, MessageExtra, Origin, SentContent } from '../log.ts';
import { markOf } from '../recent-sends.ts';
import type { Tables } from '../tables.ts';
import { appendEvent, streamTime } from './append.ts';

type Result = SentMessage | DuplicateMessage | DroppedMessage | Refusal;

/** `later`: the commands of the batch after this one, for the priority rule of the frequency cap. */
export function applySendMessage(tables: Tables, command: SendMessage, later: Iterable<Command>): Result {
  const state = tables.groups.get(command.app, command.groupId);
  if (state === undefined) return refuse('GROUP_NOT_FOUND', `group "${command.groupId}" does not exist`);
  const time = streamTime(state, command.now);
  const sender = tables.accounts.get(command.app, command.sender);
  const { role, muteUntil } = tables.members.standing(state.group.streamId, command.sender);
  const sendState: SendState = {
    group: state.group,
    senderExists: sender !== undefined || command.senderIsAdmin,
    ...(role === null && muteUntil === 0 ? {} : { member: { role: role ?? 'Member', muteUntil } }),
    strangers: (command.to ?? []).filter((userId) => !tables.members.isMember(state.group.streamId, userId)),
    nowSeconds: Math.floor(time / 1000),
  };
  const refusal = sendRefusal(command, sendState);
  if (refusal !== undefined) return refusal;
  const first = firstCopy(tables, state, command, time);
  if (first !== undefined) return first;
  const tooLong = sizeRefusal(command, tables.rules);
  if (tooLong !== undefined) return tooLong;
  if (!passesFrequency(tables, state, command, later)) {
    return tables.rules.onLimit === 'error'
      ? refuse(
          'MESSAGE_FREQUENCY',
          `group "${command.groupId}" has had its messages of this second; wait and retry`,
        )
      : { kind: 'dropped', msgTime: Math.floor(time / 1000) };
  }
  if (role !== null) tables.members.sent(state.group.streamId, command.sender, Math.floor(time / 1000));
  return store(tables, state, command, time, sender);
}

/** The answer to the first copy, if this is a repetition: same sender, Random and content in the same group (tencent-rest G.1 no. 1, 2). */
function firstCopy(
  tables: Tables,
  state: GroupState,
  command: SendMessage,
  time: number,
): DuplicateMessage | undefined {
  const { streamId } = state.group;
  const since = time - tables.rules.dedupWindowMs;
  const content = contentSent(command);
  const seq = tables.recentSends.find(streamId, markOf(command.random, content), since, state.head);
  const first = seq === undefined ? undefined : tables.log.send(streamId, seq);
  if (first === undefined || first.time <= since) return undefined;
  if (first.random !== command.random || !isEqual(first, content)) return undefined;
  return { kind: 'duplicate', msgSeq: first.msg_seq ?? 0, msgTime: Math.floor(first.time / 1000) };
}

function contentSent(command: SendMessage): SentContent {
  return {
    sender: command.sender,
    body: command.msgBodyJson,
    cloudCustomData: command.cloudCustomData ?? null,
  };
}

function isEqual(a: SentContent, b: SentContent): boolean {
  return a.sender === b.sender && a.body === b.body && a.cloudCustomData === b.cloudCustomData;
}

function passesFrequency(
  tables: Tables,
  state: GroupState,
  command: SendMessage,
  later: Iterable<Command>,
): boolean {
  const limit = tables.rules.groupMessagesPerSecond;
  if (limit === 0) return true;
  const second = Math.floor(command.now / 1000);
  if (state.rateSecond !== second) {
    state.rateSecond = second;
    state.rateCount = 0;
  }
  let higher = 0;
  if (command.priority !== 'High') {
    for (const other of later) {
      if (other.type === 'sendMessage' && other.groupId === command.groupId && other.app === command.app) {
        if (outranks(other.priority, command.priority)) higher += 1;
      }
    }
  }
  if (!withinFrequency(limit, state.rateCount, higher)) return false;
  state.rateCount += 1;
  return true;
}

function store(
  tables: Tables,
  state: GroupState,
  command: SendMessage,
  time: number,
  sender: Account | undefined,
): SentMessage {
  const { group } = state;
  const placement = placeMessage(group, command.onlineOnly);
  const msgSeq = placement.numbered ? group.nextMsgSeq : 0;
  const content = contentOf(command, placement.onlineOnly);
  const origin: Origin = [
    command.clientIp,
    command.platform,
    command.operationId,
    sender?.number ?? 0,
    sender?.nick ?? '',
    sender?.face_url ?? '',
  ];
  const entry = {
    kind: 'group.message.sent',
    time,
    msgSeq,
    random: command.random,
    origin,
    payload: placement.stored ? null : JSON.stringify(content),
  };
  const logSeq = appendEvent(tables, state, entry, command.forbidAfterWebhook);
  const mark = markOf(command.random, content);
  tables.recentSends.add(group.streamId, mark, logSeq, time, tables.rules.dedupWindowMs);
  if (placement.stored) {
    tables.log.insertMessage(group.streamId, { msgSeq, logSeq, time, tip: false }, content);
  }
  const msgTime = Math.floor(time / 1000);
  if (placement.numbered) {
    state.group = { ...group, nextMsgSeq: msgSeq + 1, lastMsgTime: msgTime, active: true };
  }
  return { kind: 'sent', streamId: group.streamId, logSeq, msgSeq, msgTime };
}

function contentOf(command: SendMessage, onlineOnly: boolean): MessageContent {
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

function hasKeys(object: object): boolean {
  for (const _ in object) return true;
  return false;
}
