import assert from 'node:assert/strict';
import { decodeStandard, importVerifyingKeys, type StandardEvent, verifyStandard } from '@confab-im/protocol';
import type { RecordedRequest } from './scripted-receiver.ts';

/** No secrets: keys of zero bytes and of one byte over and over. */
export const KEY = `whsec_${Buffer.alloc(32).toString('base64')}`;
export const NEXT_KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The events of a request of the dialect `standard`. */
export function eventsOf({ body }: RecordedRequest): readonly StandardEvent[] {
  const decoded = decodeStandard(JSON.parse(body));
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.problems.join('; '));
  return decoded.events;
}

/** Each event of these requests as `seq<prev`, such as `5<2`. */
export function chainOf(requests: readonly RecordedRequest[]): string[] {
  return requests.flatMap(eventsOf).map(({ lane }) => `${lane.seq}<${lane.prev}`);
}

/** Is a signature of the request made with this key? `now` is unix seconds. */
export async function signedWith(
  key: string,
  { headers, body }: RecordedRequest,
  now: number,
): Promise<boolean> {
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : undefined);
  const verdict = await verifyStandard({
    id: text('webhook-id'),
    timestamp: text('webhook-timestamp'),
    signature: text('webhook-signature'),
    body,
    keys: await importVerifyingKeys([key]),
    now,
  });
  return verdict.ok;
}
