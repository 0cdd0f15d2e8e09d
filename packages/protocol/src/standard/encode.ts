import { canonicalJson } from '../canonical-json.ts';
import type { GroupAt, GroupMessageFacts } from '../event.ts';
import type { GroupChange } from '../group-facts.ts';
import { parseJson } from '../json.ts';
import {
  STANDARD_BATCH,
  STANDARD_BATCH_MAX_EVENTS,
  STANDARD_MESSAGE_SENT,
  STANDARD_TOMBSTONE,
} from './envelope.ts';

/** Where an event stands in its lane. */
export interface LaneFacts {
  /** The event's `webhook-id`: printable ASCII without a full stop. */
  readonly id: string;
  /** The endpoint's id as receivers know it: 1 to 128 of `A-Z a-z 0-9 . _ ~ -`. */
  readonly endpoint: string;
  readonly app: number;
  readonly stream: number;
  /** Log sequence, from 1. */
  readonly seq: number;
  /** Log sequence of the event before it on this lane; 0 for the first. */
  readonly prev: number;
  readonly replay: boolean;
}

/** The facts of a group message on a lane. */
export interface StandardFacts extends GroupMessageFacts, LaneFacts {}

/** The facts of what stands for a skipped event. Times: `eventTime` in unix milliseconds. */
export interface TombstoneFacts
  extends LaneFacts,
    Pick<GroupMessageFacts, 'groupId' | 'topicId' | 'groupType' | 'msgSeq' | 'eventTime'> {
  /** Type of the skipped event. */
  readonly skipped: string;
  readonly reason: string;
}

/**
 * The body of a group message: canonical JSON, keys sorted at every level, optional ones left out when they have no value. A
 * pure function of its arguments: every attempt and every replay sends the same bytes (a replay with `replay` in them). Written
 * by hand because it runs for each message and endpoint and the stored `msgBodyJson` goes in as it is.
 */
export function encodeStandardMessage(facts: StandardFacts): string {
  return envelope(facts, STANDARD_MESSAGE_SENT, messageData(facts));
}

/** The body of a change, by the same rules; its `data` are the facts of its kind (`STANDARD_CHANGES`). */
export function encodeStandardChange(change: GroupChange, lane: LaneFacts): string {
  const { kind, groupId, groupType, topicId, eventTime, msgSeq, operationID, ...facts } = change;
  const place = { ...lane, groupId, groupType, eventTime, msgSeq, ...(topicId && { topicId }) };
  return envelope(place, kind, canonicalJson({ ...readable(facts), operationId: operationID }));
}

/** Elements stand in `data` as such, not as text. */
function readable<Facts extends object>(facts: Facts): object {
  if (!('msgBodyJson' in facts)) return facts;
  const { msgBodyJson, ...others } = facts;
  return { ...others, msgBody: parseJson(String(msgBodyJson)) };
}

/** The body of a tombstone, by the same rules. */
export function encodeStandardTombstone(facts: TombstoneFacts): string {
  const data = `{"reason":${text(facts.reason)},"skipped":${text(facts.skipped)}}`;
  return envelope(facts, STANDARD_TOMBSTONE, data);
}

/** An event of a batch: its place, and its body as one of the encoders above wrote it. */
export interface BatchEntry {
  readonly lane: LaneFacts;
  readonly body: string;
}

/**
 * The body of a batch: the same envelopes as sent one by one. Throws a `RangeError` unless they are 1 to 100 of one lane, each
 * following the one before it.
 */
export function encodeStandardBatch(entries: readonly BatchEntry[]): string {
  const [first] = entries;
  if (first === undefined || entries.length > STANDARD_BATCH_MAX_EVENTS) {
    throw new RangeError(`A batch has 1 to ${STANDARD_BATCH_MAX_EVENTS} events, not ${entries.length}.`);
  }
  let before: LaneFacts | undefined;
  for (const { lane } of entries) {
    if (before !== undefined && !follows(before, lane)) {
      throw new RangeError(
        `Event ${lane.seq} cannot stand behind ${before.seq} in a batch: it follows ${lane.prev}, or is of another lane.`,
      );
    }
    before = lane;
  }
  const bodies = entries.map(({ body }) => body).join(',');
  return `{"endpoint":${text(first.lane.endpoint)},"events":[${bodies}],"type":"${STANDARD_BATCH}"}`;
}

function follows(before: LaneFacts, lane: LaneFacts): boolean {
  return (
    lane.prev === before.seq &&
    lane.endpoint === before.endpoint &&
    lane.app === before.app &&
    lane.stream === before.stream &&
    lane.replay === before.replay
  );
}

type Head = LaneFacts & Omit<TombstoneFacts, 'skipped' | 'reason'>;

function envelope(facts: Head, type: string, data: string): string {
  let json = `{"app":${facts.app},"data":${data},"endpoint":${text(facts.endpoint)}`;
  json += `,"eventTime":${facts.eventTime},"groupId":${text(facts.groupId)}`;
  json += `,"groupType":${text(facts.groupType)},"id":${text(facts.id)},"msgSeq":${facts.msgSeq}`;
  json += `,"prev":${facts.prev}`;
  if (facts.replay) json += ',"replay":true';
  json += `,"seq":${facts.seq},"stream":${facts.stream}`;
  if (facts.topicId) json += `,"topicId":${text(facts.topicId)}`;
  return `${json},"type":"${type}"}`;
}

function messageData(facts: StandardFacts): string {
  let json = '{';
  if (facts.at?.length) json += `"at":${mentions(facts.at)},`;
  json += `"clientIp":${text(facts.clientIp)},"clientMsgId":${text(facts.clientMsgID)}`;
  if (facts.cloudCustomData) json += `,"cloudCustomData":${text(facts.cloudCustomData)}`;
  json += `,"msgBody":${facts.msgBodyJson}`;
  if (facts.msgId) json += `,"msgId":${text(facts.msgId)}`;
  json += `,"msgTime":${facts.msgTime},"onlineOnly":${facts.onlineOnly}`;
  json += `,"operationId":${text(facts.operationID)},"operator":${text(facts.operator)}`;
  json += `,"platform":${text(facts.platform)}`;
  if (facts.priority) json += `,"priority":"${facts.priority}"`;
  json += `,"random":${facts.random},"sender":${text(facts.sender)}`;
  json += `,"senderFaceUrl":${text(facts.senderFaceUrl)},"senderNickname":${text(facts.senderNickname)}`;
  return `${json},"serverMsgId":${text(facts.serverMsgID)}}`;
}

function mentions(at: readonly GroupAt[]): string {
  return JSON.stringify(
    at.map(({ all, userId }) => ({ all, ...(!all && userId !== undefined && { userId }) })),
  );
}

function text(value: string): string {
  return JSON.stringify(value);
}
