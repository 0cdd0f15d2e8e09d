import { type BatchEntry, encodeStandardBatch, standardHeaders } from '@confab-im/protocol';
import type { BatchLimits, EndpointSettings } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import { createPlacer, encodeEvent } from './encode-standard.ts';
import { createHeaders, type WebhookRequest } from './request.ts';
import { createStandardSigner } from './signed.ts';

/** A request that carries the first `count` of the events that it was made for, two at least. */
export interface Batch {
  readonly request: WebhookRequest;
  readonly count: number;
}

/**
 * Makes a request of several events of one lane, each following the one before; undefined when only the first would fit. `now` is
 * unix ms of the attempt.
 */
export type EncodeBatch = (events: readonly LaneEvent[], now: number) => Promise<Batch | undefined>;

/** The brackets around the events, and the endpoint's name among them: 200 bytes at most. */
const AROUND_BYTES = 200;

/** The batches of an endpoint; undefined when it gets its events one by one. */
export function createBatchEncoder(settings: EndpointSettings): EncodeBatch | undefined {
  const { batch, signingKeys = [], url } = settings;
  if (batch === undefined) return undefined;
  const place = createPlacer(settings);
  const headersOf = createHeaders(settings);
  const headersOfDialect = standardHeaders(settings.name);
  const sign = createStandardSigner(signingKeys);
  return async (events, now) => {
    const entries = fitting(events, place, batch);
    if (entries.length < 2) return undefined;
    // The same events, the same id: it names nothing but this body. Each event in it has its own.
    const id = `${events[0]?.id}-batch-${entries.length}`;
    const request = { url, headers: headersOf({ id }, headersOfDialect), body: encodeStandardBatch(entries) };
    return { request: await sign(id, request, now), count: entries.length };
  };
}

/** As many from the front as fit. */
function fitting(
  events: readonly LaneEvent[],
  place: (event: LaneEvent) => BatchEntry['lane'],
  { maxBytes }: BatchLimits,
): readonly BatchEntry[] {
  const entries: BatchEntry[] = [];
  let bytes = AROUND_BYTES;
  for (const event of events) {
    const lane = place(event);
    const body = encodeEvent(event, lane);
    bytes += Buffer.byteLength(body) + 1;
    if (bytes > maxBytes) break;
    entries.push({ lane, body });
  }
  return entries;
}
