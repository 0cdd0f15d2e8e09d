import {
  ERRORS,
  type GroupGetKeyValuesRequest,
  type GroupGetKeyValuesResponse,
  type GroupSetKeyValuesRequest,
  type GroupSetKeyValuesResponse,
  type KeyValuePair,
} from '@confab-im/protocol';
import type {
  ExtensionPair,
  ExtensionState,
  ExtensionWrite,
  WrittenPair,
} from '../domain/message-extensions.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { topicRefusal } from './topic.ts';

/** Pairs in one answer (tencent-rest-message C2.12). */
const MAX_PAIRS = 200;

export interface PairsWanted {
  readonly groupId: string;
  readonly msgSeq: number;
  readonly from: number;
  readonly limit: number;
}

export function decodeGetPairs(request: GroupGetKeyValuesRequest): PairsWanted | Refusal {
  const { GroupId, MsgSeq, StartSeq, startSeq, TopicId } = request;
  const from = StartSeq ?? startSeq ?? 0;
  return topicRefusal(TopicId) ?? { groupId: GroupId, msgSeq: MsgSeq, from, limit: MAX_PAIRS };
}

export function encodePairs(page: {
  readonly state: ExtensionState;
  readonly pairs: readonly ExtensionPair[];
  readonly more: boolean;
}): GroupGetKeyValuesResponse {
  return {
    CompleteFlag: page.more ? 0 : 1,
    LatestSeq: page.state.latestSeq,
    ClearSeq: page.state.clearSeq,
    ExtensionList: page.pairs.map(pairOf),
  };
}

export interface PairsToWrite {
  readonly groupId: string;
  readonly msgSeq: number;
  readonly write: ExtensionWrite;
}

export function decodeSetPairs(request: GroupSetKeyValuesRequest): PairsToWrite | Refusal {
  const { GroupId, MsgSeq, OperateType, ExtensionList = [], TopicId } = request;
  const refusal = topicRefusal(TopicId);
  if (refusal !== undefined) return refusal;
  const place = { groupId: GroupId, msgSeq: MsgSeq };
  if (OperateType === 3) return { ...place, write: { operate: 'clear' } };
  if (ExtensionList.length === 0) {
    return refuse(
      'INVALID_PARAMETERS',
      'ExtensionList: is missing; name the pairs to set or the keys to delete',
    );
  }
  if (OperateType === 2) {
    return { ...place, write: { operate: 'delete', keys: ExtensionList.map(({ Key }) => Key) } };
  }
  const missing = ExtensionList.findIndex(({ Value }) => Value === undefined);
  if (missing >= 0) return refuse('INVALID_PARAMETERS', `ExtensionList[${missing}].Value: is missing`);
  const pairs = ExtensionList.map(({ Key, Value = '' }) => ({ key: Key, value: Value }));
  return { ...place, write: { operate: 'set', pairs } };
}

export function encodeWritten(written: {
  readonly latestSeq: number;
  readonly pairs: readonly WrittenPair[];
}): GroupSetKeyValuesResponse {
  return {
    Seq: written.latestSeq,
    ExtensionList: written.pairs.map(({ pair, refusal }) => ({
      ErrorCode: refusal === undefined ? 0 : ERRORS[refusal.error].code,
      Extension: pairOf(pair),
    })),
  };
}

function pairOf({ key, value, seq }: ExtensionPair): KeyValuePair {
  return { Key: key, Value: value, Seq: seq };
}
