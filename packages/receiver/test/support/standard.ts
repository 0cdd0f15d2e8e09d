import {
  encodeStandardBatch,
  encodeStandardMessage,
  encodeStandardTombstone,
  type GroupMessageFacts,
  importSigningKeys,
  type LaneFacts,
  type StandardFacts,
  signStandard,
  standardHeaders,
} from '@confab-im/protocol';
import type { PlainRequest } from '../../src/index.ts';
import { NOW_MS } from './manual-clock.ts';
import { APP, bytes, facts } from './requests.ts';

/** Secrets made for the tests, of 32 bytes each, and the public half of the pair. */
export const SHARED = 'whsec_Y29uZmFiLXRlc3Qtc2hhcmVkLXNlY3JldC0wMDAwMDE=';
export const OLD_SHARED = 'whsec_Y29uZmFiLXRlc3Qtc2hhcmVkLXNlY3JldC0wMDAwMDA=';
export const PAIR = {
  secret: 'whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=',
  public: 'whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=',
};
export const ENDPOINT = 'ep_7';

const [signingKey] = await importSigningKeys([SHARED]);
if (signingKey === undefined) throw new Error('no key');
const KEYS = [signingKey];

/** The facts of the message with this log sequence, on a lane that has every message. */
export function standardFacts(seq: number, over: Partial<LaneFacts & GroupMessageFacts> = {}): StandardFacts {
  const lane: LaneFacts = {
    ...{ id: `evt_${seq}`, endpoint: ENDPOINT, app: APP, stream: 3 },
    ...{ seq, prev: seq - 1, replay: false },
  };
  return { ...facts({ msgSeq: seq }), ...lane, ...over };
}

export const messageBody = (seq: number, over: Partial<StandardFacts> = {}) =>
  encodeStandardMessage(standardFacts(seq, over));

export const tombstoneBody = (seq: number) =>
  encodeStandardTombstone({ ...standardFacts(seq), skipped: 'group.message.sent', reason: 'given up' });

export const batchBody = (...seqs: readonly number[]) =>
  encodeStandardBatch(seqs.map((seq) => ({ lane: standardFacts(seq), body: messageBody(seq) })));

/** The signature's headers for a body, as a sender with the key `SHARED` makes them. */
export async function signatureHeaders(
  body: string,
  { id = 'req_1', timestamp = NOW_MS / 1000, keys = KEYS } = {},
): Promise<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await signStandard({ id, timestamp, body, keys }),
  };
}

/** A signed request of the dialect `standard`. */
export async function standardRequest(
  body: string,
  signing: Parameters<typeof signatureHeaders>[1] = {},
): Promise<PlainRequest> {
  const headers = { ...standardHeaders(ENDPOINT), ...(await signatureHeaders(body, signing)) };
  return { method: 'POST', url: '/hooks', headers, body: bytes(body) };
}
