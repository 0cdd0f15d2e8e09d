import {
  type GroupMsgGetSimpleRequest,
  type GroupMsgGetSimpleResponse,
  type HistoryMessage,
  MAX_HISTORY_MESSAGES,
  type MsgElement,
  type MsgPriority,
} from '@confab-im/protocol';
import type { HistoryEntry } from '../domain/history.ts';
import { decodeTopic } from './topic.ts';

export interface HistoryWanted {
  readonly groupId: string;
  readonly topicId?: string;
  readonly fromMsgSeq: number;
  readonly limit: number;
}

export function decodeHistory(request: GroupMsgGetSimpleRequest): HistoryWanted {
  return {
    groupId: request.GroupId,
    ...decodeTopic(request.TopicId),
    fromMsgSeq: request.ReqMsgSeq ?? 0,
    limit: Math.min(request.ReqMsgNumber, MAX_HISTORY_MESSAGES),
  };
}

export function encodeHistory(
  request: GroupMsgGetSimpleRequest,
  entries: readonly HistoryEntry[],
): GroupMsgGetSimpleResponse {
  const withRecalled = (request.WithRecalledMsg ?? 0) > 0;
  const lowest = entries.at(-1)?.msgSeq ?? 1;
  const cut = request.ReqMsgNumber > MAX_HISTORY_MESSAGES && lowest > 1;
  const expired = entries.length > 0 && entries.every(({ state }) => state === 'hole');
  return {
    GroupId: request.GroupId,
    IsFinished: cut ? (expired ? 2 : 0) : 1,
    RspMsgList: entries.map((entry) => encodeEntry(entry, withRecalled)),
  };
}

/** Source: tencent-rest-message C2.6. */
const PRIORITY_NUMBERS = { High: 1, Normal: 2, Low: 3, Lowest: 4 } as const satisfies Record<
  MsgPriority,
  number
>;

function encodeEntry(entry: HistoryEntry, withRecalled: boolean): HistoryMessage {
  const recalled = entry.state === 'recalled' && withRecalled;
  if (entry.state === 'hole' || (entry.state !== 'normal' && !recalled)) return hole(entry.msgSeq);
  return {
    From_Account: entry.sender,
    IsPlaceMsg: recalled ? 2 : 0,
    MsgPriority: PRIORITY_NUMBERS[entry.priority],
    MsgRandom: entry.random,
    MsgSeq: entry.msgSeq,
    MsgTimeStamp: entry.msgTime,
    MsgBody: recalled ? [] : (JSON.parse(entry.msgBodyJson) as MsgElement[]),
    ...(entry.tip && { IsSystemMsg: 1 }),
    ...(entry.cloudCustomData !== undefined && !recalled && { CloudCustomData: entry.cloudCustomData }),
  };
}

/** Keeps its place in the list, so that paging by the smallest number goes on. */
function hole(msgSeq: number): HistoryMessage {
  return {
    From_Account: '',
    IsPlaceMsg: 1,
    MsgPriority: PRIORITY_NUMBERS.Normal,
    MsgRandom: 0,
    MsgSeq: msgSeq,
    MsgTimeStamp: 0,
    MsgBody: [],
  };
}
