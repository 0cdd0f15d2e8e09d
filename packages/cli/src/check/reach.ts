import type { EndpointSettings } from '@confab-im/server';

/** Deliveries of one lane that may be in flight together when it gives up the order (design, invariant 3). */
const UNORDERED_WINDOW = 64;

/**
 * Messages per second that one group can reach at most on an endpoint, given the round trip of one request: in order, the
 * next webhook waits for the answer to the last; without order a window of them is in flight. `ratePerSecond` caps both.
 */
export function messagesPerSecond(
  endpoint: Pick<EndpointSettings, 'order' | 'concurrency' | 'ratePerSecond'>,
  roundTripMs: number,
): number {
  const inFlight = endpoint.order === 'group' ? 1 : Math.min(UNORDERED_WINDOW, endpoint.concurrency);
  const reach = (inFlight * 1000) / Math.max(roundTripMs, 0.01);
  return Math.floor(Math.min(reach, endpoint.ratePerSecond ?? Number.POSITIVE_INFINITY));
}
