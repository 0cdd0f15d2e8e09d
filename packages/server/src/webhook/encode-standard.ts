import {
  encodeStandardChange,
  encodeStandardMessage,
  encodeStandardTombstone,
  type LaneFacts,
  STANDARD_MESSAGE_SENT,
  standardHeaders,
} from '@confab-im/protocol';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import { createHeaders, type WebhookRequest } from './request.ts';

/** Requests of the dialect `standard`, but for their signature. Receivers know the endpoint by its name. */
export function createStandardEncoder(settings: EndpointSettings): (event: LaneEvent) => WebhookRequest {
  const place = createPlacer(settings);
  const headersOf = createHeaders(settings);
  const headersOfDialect = standardHeaders(settings.name);
  return (event) => ({
    url: settings.url,
    headers: headersOf(event, headersOfDialect),
    body: encodeEvent(event, place(event)),
  });
}

/** Says where an event stands on a lane of this endpoint. Throws for an event without a link. */
export function createPlacer({ name }: EndpointSettings): (event: LaneEvent) => LaneFacts {
  return ({ seq, id, app, link, replayId }) => {
    if (link === undefined) {
      // It was committed when the endpoint spoke another dialect, moments ago: read again from the log it has one.
      throw new Error(
        `event ${seq} came without its place in the chain of endpoint "${name}"; it is tried again`,
      );
    }
    const { streamId: stream, prev } = link;
    return { id, endpoint: name, app, stream, seq, prev, replay: replayId !== undefined };
  };
}

/** The envelope of an event, or of the tombstone that stands for it, or for all that has been trimmed before it. */
export function encodeEvent(
  { facts, tombstone: reason, trimmedBehind }: LaneEvent,
  place: LaneFacts,
): string {
  if (reason === undefined) {
    return facts.kind === 'group.message.sent'
      ? encodeStandardMessage({ ...facts, ...place })
      : encodeStandardChange(facts, place);
  }
  const { groupId, groupType, topicId, eventTime } = facts;
  const where = { ...place, groupId, groupType, eventTime, ...(topicId !== undefined && { topicId }) };
  // Of what has been trimmed the kinds are not known; messages are most of it.
  const skipped = trimmedBehind === undefined ? facts.kind : STANDARD_MESSAGE_SENT;
  const msgSeq = trimmedBehind === undefined ? facts.msgSeq : 0;
  return encodeStandardTombstone({ ...where, msgSeq, skipped, reason });
}
