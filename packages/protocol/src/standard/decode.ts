import { compileCheck, refusedBy } from '../check.ts';
import type { GroupMessageSent, Tombstone } from '../event.ts';
import type { GroupEvent } from '../group-event.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { STANDARD_CHANGES } from './changes.ts';
import {
  STANDARD_BATCH,
  STANDARD_MESSAGE_SENT,
  STANDARD_TOMBSTONE,
  StandardBatch,
  StandardEnvelope,
  StandardMessage,
  StandardTombstone,
} from './envelope.ts';

const checkEnvelope = compileCheck(StandardEnvelope);
const checkMessage = compileCheck(StandardMessage);
const checkTombstone = compileCheck(StandardTombstone);
const checkBatch = compileCheck(StandardBatch);
const CHECK_CHANGE = new Map(
  Object.entries(STANDARD_CHANGES).map(([kind, data]) => [kind, compileCheck(data)] as const),
);

/** Where an event stands: in which lane (endpoint and stream), at which number, and behind which. */
export interface LaneLink {
  readonly endpoint: string;
  readonly app: number;
  readonly stream: number;
  readonly groupId: string;
  readonly topicId?: string;
  readonly seq: number;
  /** The number before it on this lane; 0 = none. What lies between was never meant for this endpoint. */
  readonly prev: number;
  /** Sent again on request, outside the order of the lane. */
  readonly replay: boolean;
}

/** One envelope, read. */
export interface StandardEvent {
  readonly type: string;
  /** The event's own id, alone or in a batch. */
  readonly id: string;
  readonly lane: LaneLink;
  /** Undefined for a type that is not known here; its place in the lane counts all the same. */
  readonly event: GroupMessageSent | GroupEvent | Tombstone | undefined;
  /** The envelope as it came. */
  readonly envelope: JsonObject;
}

export type DecodedStandard =
  | { readonly ok: true; readonly batch: boolean; readonly events: readonly StandardEvent[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads a body from its parsed JSON: one envelope, or a batch, whose envelopes must be of one lane and each follow the one
 * before it. Unknown fields are ignored. Problems are readable one by one, at most 8.
 */
export function decodeStandard(value: unknown): DecodedStandard {
  if (isJsonObject(value) && value.type === STANDARD_BATCH) return decodeBatch(value);
  const decoded = decodeOne(value);
  return decoded.ok ? { ok: true, batch: false, events: [decoded.event] } : decoded;
}

type DecodedOne =
  | { readonly ok: true; readonly event: StandardEvent }
  | { readonly ok: false; readonly problems: readonly string[] };

function decodeBatch(value: JsonObject): DecodedStandard {
  const checked = checkBatch(value);
  if (!checked.ok) return refusedBy(checked);
  const events: StandardEvent[] = [];
  for (const [index, item] of checked.value.events.entries()) {
    const decoded = decodeOne(item);
    const problems = decoded.ok
      ? linkProblems(checked.value.endpoint, events.at(-1)?.lane, decoded.event.lane)
      : decoded.problems;
    if (problems.length > 0) {
      return { ok: false, problems: problems.map((problem) => `events[${index}].${problem}`) };
    }
    if (decoded.ok) events.push(decoded.event);
  }
  return { ok: true, batch: true, events };
}

function linkProblems(endpoint: string, before: LaneLink | undefined, lane: LaneLink): readonly string[] {
  if (lane.endpoint !== endpoint) return ['endpoint: must be the endpoint of the batch'];
  if (before === undefined) return [];
  if (lane.app !== before.app || lane.stream !== before.stream || lane.replay !== before.replay) {
    return ['stream: a batch is of one lane, and all or nothing of it a replay'];
  }
  if (lane.prev !== before.seq) return [`prev: must be ${before.seq}, the seq of the event before it`];
  return [];
}

function decodeOne(value: unknown): DecodedOne {
  const checked = checkOne(value);
  if (!checked.ok) return refusedBy(checked);
  const { seq, prev } = checked.value;
  if (prev >= seq) return { ok: false, problems: [`prev: must be less than seq, which is ${seq}`] };
  const problems = dataProblems(checked.value);
  if (problems.length > 0) return { ok: false, problems };
  const { type, id } = checked.value;
  const event = { type, id, lane: linkOf(checked.value), event: eventOf(checked.value) };
  return { ok: true, event: { ...event, envelope: checked.value } };
}

/** Of a change: its envelope has been checked as one of any type. */
function dataProblems({ type, data }: Known): readonly string[] {
  const checked = CHECK_CHANGE.get(type)?.(data);
  if (checked === undefined || checked.ok) return [];
  return checked.problems.map(({ message }) => `data.${message}`);
}

type Known = StandardMessage | StandardTombstone | StandardEnvelope;

function checkOne(value: unknown) {
  const type = isJsonObject(value) ? value.type : undefined;
  if (type === STANDARD_MESSAGE_SENT) return checkMessage(value);
  if (type === STANDARD_TOMBSTONE) return checkTombstone(value);
  return checkEnvelope(value);
}

function linkOf({ endpoint, app, stream, groupId, topicId, seq, prev, replay }: Known): LaneLink {
  const place = { endpoint, app, stream, groupId, ...(topicId && { topicId }) };
  return { ...place, seq, prev, replay: replay === true };
}

function eventOf(envelope: Known): StandardEvent['event'] {
  if (isMessage(envelope)) return messageOf(envelope);
  if (isTombstone(envelope)) return tombstoneOf(envelope);
  return CHECK_CHANGE.has(envelope.type) ? changeOf(envelope) : undefined;
}

function isMessage(envelope: Known): envelope is StandardMessage {
  return envelope.type === STANDARD_MESSAGE_SENT;
}

function isTombstone(envelope: Known): envelope is StandardTombstone {
  return envelope.type === STANDARD_TOMBSTONE;
}

function messageOf(envelope: StandardMessage): GroupMessageSent {
  const { groupId, topicId, groupType, msgSeq, eventTime, data } = envelope;
  const { sender, operator, random, msgTime, onlineOnly, priority, msgBody } = data;
  const { serverMsgId, clientMsgId, operationId, senderNickname, senderFaceUrl, clientIp, platform } = data;
  return {
    kind: 'group.message.sent',
    groupId,
    ...(topicId && { topicId }),
    groupType,
    ...{ sender, operator, random, msgSeq, msgTime, eventTime, onlineOnly },
    ...(priority !== undefined && { priority }),
    msgBody,
    ...(data.cloudCustomData && { cloudCustomData: data.cloudCustomData }),
    ...(data.msgId && { msgId: data.msgId }),
    ...(data.at?.length && { at: data.at }),
    origin: { serverMsgId, clientMsgId, operationId, senderNickname, senderFaceUrl, clientIp, platform },
  };
}

/** The data has been checked for its kind. */
function changeOf({ type, groupId, topicId, groupType, eventTime, data }: StandardEnvelope): GroupEvent {
  const { operationId, clientIp, platform, ...facts } = data as ChangeData;
  return {
    ...facts,
    kind: type,
    groupId,
    ...(topicId && { topicId }),
    ...{ groupType, eventTime, origin: { operationId, clientIp, platform } },
  } as GroupEvent;
}

type ChangeData = { readonly operationId: string; readonly clientIp: string; readonly platform: string };

function tombstoneOf({ groupId, topicId, groupType, msgSeq, eventTime, data }: StandardTombstone): Tombstone {
  const { skipped, reason } = data;
  const place = { groupId, ...(topicId && { topicId }), groupType, msgSeq, eventTime };
  return { kind: 'tombstone', ...place, skipped, reason };
}
