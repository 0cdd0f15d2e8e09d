import {
  encodeStandardMessage,
  encodeStandardTombstone,
  STANDARD_MESSAGE_SENT,
  standardHeaders,
} from '@confab-im/protocol';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import { createHeaders, type WebhookRequest } from './request.ts';

/** Requests of the dialect `standard`, but for their signature. Receivers know the endpoint by its name. */
export function createStandardEncoder(settings: EndpointSettings): (event: LaneEvent) => WebhookRequest {
  const { name, url } = settings;
  const headersOf = createHeaders(settings);
  const headersOfDialect = standardHeaders(name);
  return (event) => {
    const { seq, id, app, link, replayId, message, tombstone: reason } = event;
    if (link === undefined) {
      // It was committed when the endpoint spoke another dialect, moments ago: read again from the log it has one.
      throw new Error(
        `event ${seq} came without its place in the chain of endpoint "${name}"; it is tried again`,
      );
    }
    const { streamId: stream, prev } = link;
    const place = { id, endpoint: name, app, stream, seq, prev, replay: replayId !== undefined };
    const body =
      reason === undefined
        ? encodeStandardMessage({ ...message, ...place })
        : encodeStandardTombstone({ ...message, ...place, skipped: STANDARD_MESSAGE_SENT, reason });
    return { url, headers: headersOf(event, headersOfDialect), body };
  };
}
