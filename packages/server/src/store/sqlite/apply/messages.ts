import { modifyRefusal, recallRefusal, recallTypeRefusal } from '../../../domain/change-message.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import {
  type MessageResults,
  type ModifyMessage,
  RECALL_REACH,
  type RecallMessages,
  type RecallMessagesOf,
} from '../../message-commands.ts';
import type { MessageState } from '../messages.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { livePlace } from './live-group.ts';

/** Recalls those that can be; the others say why. Who was told of a message is told of its recall, after it. */
export function applyRecallMessages(
  tables: Tables,
  command: RecallMessages,
): MessageResults['recallMessages'] {
  const state = livePlace(tables, command);
  if ('kind' in state) return state;
  const { group } = state;
  const unsupported = recallTypeRefusal(group);
  if (unsupported !== undefined) return unsupported;
  const messages: { readonly msgSeq: number; readonly refusal?: Refusal }[] = [];
  for (const msgSeq of new Set(command.msgSeqs)) {
    const message = tables.messages.get(group.streamId, msgSeq);
    const refusal = recallRefusal(msgSeq, message);
    messages.push(refusal === undefined ? { msgSeq } : { msgSeq, refusal });
    if (refusal === undefined && message !== undefined) recall(tables, group.streamId, msgSeq, message);
  }
  const msgSeqs = messages.filter(({ refusal }) => refusal === undefined).map(({ msgSeq }) => msgSeq);
  const { operator, reason } = command;
  if (msgSeqs.length > 0) {
    const facts = { operator, msgSeqs, ...(reason === undefined ? {} : { reason }) };
    appendFact(tables, state, 'group.message.recalled', command, facts);
  }
  return { kind: 'done', messages };
}

/** In an AVChatRoom it succeeds and does nothing (tencent-rest G.1 no. 35). */
export function applyRecallMessagesOf(
  tables: Tables,
  command: RecallMessagesOf,
): MessageResults['recallMessagesOf'] {
  const { sender, operator } = command;
  const state = livePlace(tables, command);
  if ('kind' in state) return state;
  const { streamId, nextMsgSeq } = state.group;
  const msgSeqs = tables.messages.normalOf(streamId, sender, nextMsgSeq - RECALL_REACH);
  for (const msgSeq of msgSeqs) {
    const message = tables.messages.get(streamId, msgSeq);
    if (message !== undefined) recall(tables, streamId, msgSeq, message);
  }
  if (msgSeqs.length > 0) {
    appendFact(tables, state, 'group.messages.removed', command, { operator, sender, msgSeqs });
  }
  return { kind: 'done', recalled: msgSeqs.length };
}

export function applyModifyMessage(tables: Tables, command: ModifyMessage): MessageResults['modifyMessage'] {
  const state = livePlace(tables, command);
  if ('kind' in state) return state;
  const { streamId } = state.group;
  const { msgSeq, operator } = command;
  const message = tables.messages.get(streamId, msgSeq);
  const refusal = modifyRefusal(state.group, command, message && shownOf(message), tables.rules);
  if (refusal !== undefined || message === undefined) return refusal ?? { kind: 'done' };
  const body = command.msgBodyJson ?? message.content.body;
  const cloudCustomData = command.cloudCustomData ?? message.content.cloudCustomData;
  tables.messages.rewrite(streamId, msgSeq, message, { state: 'normal', body, cloudCustomData });
  appendFact(tables, state, 'group.message.modified', command, {
    operator,
    msgSeq,
    msgBodyJson: body,
    ...(cloudCustomData === null ? {} : { cloudCustomData }),
  });
  return { kind: 'done' };
}

/** What was said is gone from the history; who said it when, and what hangs on its number, stays. */
function recall(tables: Tables, streamId: number, msgSeq: number, message: MessageState): void {
  const nothing = { state: 'recalled', body: '[]', cloudCustomData: null } as const;
  tables.messages.rewrite(streamId, msgSeq, message, nothing);
}

function shownOf({ state, tip, content: { body, cloudCustomData } }: MessageState) {
  return { state, tip, msgBodyJson: body, ...(cloudCustomData === null ? {} : { cloudCustomData }) };
}
