import { type Bytes, equalInConstantTime, fromBase64, toBase64, utf8 } from '../bytes.ts';
import type { SigningKey, VerifyingKey } from './key.ts';

/** The headers that carry a signature. Source: Standard Webhooks 1.0.0, "Webhook headers". */
export const WEBHOOK_ID_HEADER = 'webhook-id';
export const WEBHOOK_TIMESTAMP_HEADER = 'webhook-timestamp';
export const WEBHOOK_SIGNATURE_HEADER = 'webhook-signature';

/** Eight signatures take about 800 characters; more than this is nobody's rotation. */
const MAX_HEADER_LENGTH = 4096;
const MAX_SIGNATURES = 16;
const ED25519_SIGNATURE_BYTES = 64;

/** What may stand in `webhook-id`: printable ASCII without the full stop, which separates the signed parts. */
const ID = /^[!-\-/-~]{1,255}$/;

export interface StandardSigning {
  /** `webhook-id`: 1 to 255 printable ASCII characters without a full stop, the same on every attempt. */
  readonly id: string;
  /** `webhook-timestamp`: unix seconds of this attempt, not of the event. */
  readonly timestamp: number;
  /** The body as it is sent. */
  readonly body: string | Uint8Array;
  readonly keys: readonly SigningKey[];
}

/**
 * The value of `webhook-signature`: one signature per live key, separated by spaces, over id, timestamp and body joined by
 * full stops. Source: Standard Webhooks 1.0.0, "Signature scheme", "Webhook headers". Throws a `RangeError` for an id or a
 * timestamp that cannot be signed.
 */
export async function signStandard({ id, timestamp, body, keys }: StandardSigning): Promise<string> {
  if (!ID.test(id)) {
    throw new RangeError(
      'A webhook-id has 1 to 255 printable ASCII characters and no full stop; give another.',
    );
  }
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new RangeError(`A webhook-timestamp is unix time in whole seconds, not ${timestamp}.`);
  }
  const content = signedContent(id, String(timestamp), body);
  const entries = await Promise.all(
    keys.map(async ({ version, signs }) => `${version},${await signature(signs, content)}`),
  );
  return entries.join(' ');
}

/** What a receiver knows of a signed request: the texts of the three headers, and the raw body. */
export interface StandardCheck {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: string | Uint8Array;
  readonly keys: readonly VerifyingKey[];
  /** Unix seconds. */
  readonly now: number;
  /** How far the timestamp may lie from `now`, either way; default 300. */
  readonly toleranceSeconds?: number;
}

/**
 * - `missing`: a header is absent, or is nothing that this scheme writes
 * - `stale`: the timestamp is more than the tolerance away from `now`; exactly the tolerance is still good
 * - `mismatch`: no signature was made over this request with one of these keys
 */
export type StandardVerdict =
  | { readonly ok: true; readonly keyIndex: number }
  | { readonly ok: false; readonly reason: 'missing' | 'stale' | 'mismatch' };

/**
 * Verifies a request against every live key: any signature of the header that any key made will do. Unknown versions are
 * passed over. Comparing takes constant time. Source: Standard Webhooks 1.0.0, "Verifying signatures".
 */
export async function verifyStandard(check: StandardCheck): Promise<StandardVerdict> {
  const { id, timestamp, body, keys, now, toleranceSeconds = 300 } = check;
  if (!id || !ID.test(id) || !timestamp || !/^[0-9]{1,15}$/.test(timestamp) || !check.signature) {
    return { ok: false, reason: 'missing' };
  }
  if (Math.abs(now - Number(timestamp)) > toleranceSeconds) return { ok: false, reason: 'stale' };
  const entries = check.signature.length > MAX_HEADER_LENGTH ? [] : check.signature.split(' ');
  if (entries.length > MAX_SIGNATURES) return { ok: false, reason: 'mismatch' };
  const content = signedContent(id, timestamp, body);
  for (const [keyIndex, key] of keys.entries()) {
    if (await madeBy(key, entries, content)) return { ok: true, keyIndex };
  }
  return { ok: false, reason: 'mismatch' };
}

async function madeBy(key: VerifyingKey, entries: readonly string[], content: Bytes): Promise<boolean> {
  const prefix = `${key.version},`;
  const candidates = entries
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length));
  if (candidates.length === 0) return false;
  let made = false;
  if (key.version === 'v1') {
    const expected = await signature(key.verifies, content);
    for (const candidate of candidates) made = equalInConstantTime(expected, candidate) || made;
    return made;
  }
  for (const candidate of candidates) {
    const bytes = fromBase64(candidate);
    if (bytes?.byteLength !== ED25519_SIGNATURE_BYTES) continue;
    made = (await crypto.subtle.verify('Ed25519', key.verifies, bytes, content)) || made;
  }
  return made;
}

async function signature(key: CryptoKey, content: Bytes): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign(key.algorithm.name, key, content)));
}

function signedContent(id: string, timestamp: string, body: string | Uint8Array): Bytes {
  const head = utf8(`${id}.${timestamp}.`);
  const tail = typeof body === 'string' ? utf8(body) : body;
  const content = new Uint8Array(head.byteLength + tail.byteLength);
  content.set(head);
  content.set(tail, head.byteLength);
  return content;
}
