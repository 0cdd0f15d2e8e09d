import { type Refusal, refuse } from '../../../domain/refusal.ts';
import { failureOf } from '../../../domain/send-failure.ts';
import { outranks, placeMessage, withinFrequency } from '../../../domain/send-message.ts';
import type {
  Command,
  DroppedMessage,
  DuplicateMessage,
  SendMessage,
  SentFacts,
  SentMessage,
} from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import { contentOf, originOf } from '../sent-message.ts';
import type { Tables } from '../tables.ts';
import { appendEvent } from './append.ts';
import { type Acceptable, checkSend } from './check-send.ts';
import { openReceipt } from './receipts.ts';
import { reportSendFailure } from './send-failure.ts';

const SENT = 'group.message.sent';

type Result = SentMessage | DuplicateMessage | DroppedMessage | Refusal;

/** `later`: the commands of the batch after this one, for the priority rule of the frequency cap. */
export function applySendMessage(tables: Tables, command: SendMessage, later: Iterable<Command>): Result {
  const result = send(tables, command, later);
  if (result.kind === 'refused') reportSendFailure(tables, command, failureOf(result));
  else if (result.kind === 'dropped') reportSendFailure(tables, command, failureOf(tooMany(command)));
  return result;
}

function send(tables: Tables, command: SendMessage, later: Iterable<Command>): Result {
  const checked = checkSend(tables, command);
  if (checked.kind !== 'acceptable') return checked;
  const { state, streamId, time, role } = checked;
  if (!passesFrequency(tables, state, command, later)) {
    return tables.rules.onLimit === 'error'
      ? tooMany(command)
      : { kind: 'dropped', msgTime: Math.floor(time / 1000) };
  }
  if (role !== null) tables.members.sent(streamId, command.sender, Math.floor(time / 1000));
  return store(tables, command, checked);
}

function tooMany({ groupId }: SendMessage): Refusal {
  return refuse(
    'MESSAGE_FREQUENCY',
    `group "${groupId}" has had its messages of this second; wait and retry`,
  );
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
      if (other.type !== 'sendMessage' || !isSamePlace(other, command)) continue;
      if (outranks(other.priority, command.priority)) higher += 1;
    }
  }
  if (!withinFrequency(limit, state.rateCount, higher)) return false;
  state.rateCount += 1;
  return true;
}

function isSamePlace(a: SendMessage, b: SendMessage): boolean {
  return a.groupId === b.groupId && a.topicId === b.topicId && a.app === b.app;
}

function store(
  tables: Tables,
  command: SendMessage,
  { state, time, sender, role, mark }: Acceptable,
): SentMessage {
  const { group } = state;
  const placement = placeMessage(group, command.onlineOnly);
  const msgSeq = placement.numbered ? group.nextMsgSeq : 0;
  const content = contentOf(command, placement.onlineOnly);
  const facts: SentFacts = {
    time,
    groupType: group.type,
    onlineOnly: placement.onlineOnly,
    account: sender?.number ?? 0,
    nick: sender?.nick ?? '',
    faceUrl: sender?.face_url ?? '',
  };
  const entry = {
    kind: SENT,
    time,
    msgSeq,
    random: command.random,
    origin: originOf(command, facts),
    payload: placement.stored ? null : JSON.stringify(content),
  };
  const { seq: logSeq, wanted } = appendEvent(
    tables,
    state,
    entry,
    command.forbidAfterWebhook ? undefined : SENT,
  );
  tables.recentSends.add(group.streamId, mark, logSeq, time, tables.rules.dedupWindowMs);
  if (placement.stored) {
    tables.log.insertMessage(group.streamId, { msgSeq, logSeq, time, tip: false }, content);
  }
  const msgTime = Math.floor(time / 1000);
  if (placement.numbered) {
    state.group = { ...group, nextMsgSeq: msgSeq + 1, lastMsgTime: msgTime, active: true };
  }
  if (command.needReadReceipt && placement.stored) {
    openReceipt(tables, state, command, { msgSeq, senderIsMember: role !== null });
  }
  const sent = { kind: 'sent', streamId: group.streamId, logSeq, msgSeq, msgTime } as const;
  return wanted ? { ...sent, event: facts } : sent;
}
