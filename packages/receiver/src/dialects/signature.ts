import {
  verifyStandard,
  WEBHOOK_ID_HEADER,
  WEBHOOK_SIGNATURE_HEADER,
  WEBHOOK_TIMESTAMP_HEADER,
} from '@confab-im/protocol';
import { headerOf } from '../headers.ts';
import type { VerifyRules } from '../options.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RawRequest } from '../request.ts';

export interface Signed {
  readonly ok: true;
  /** Index of the key; undefined when there is no signature and none is required. */
  readonly signedBy?: number;
}

/**
 * Checks the signature over the raw body with every live key (Standard Webhooks 1.0.0, "Verifying signatures"). One that is
 * there must hold, also where none is required.
 */
export async function checkSignature(
  { headers, body }: RawRequest,
  rules: VerifyRules,
  required: boolean,
): Promise<Signed | Refusal> {
  const signature = headerOf(headers, WEBHOOK_SIGNATURE_HEADER);
  if (rules.keys === undefined || (signature === undefined && !required)) return { ok: true };
  const timestamp = headerOf(headers, WEBHOOK_TIMESTAMP_HEADER);
  const now = Math.floor(rules.now() / 1000);
  const { toleranceSeconds } = rules;
  const verdict = await verifyStandard({
    id: headerOf(headers, WEBHOOK_ID_HEADER),
    ...{ timestamp, signature, body, now, toleranceSeconds },
    keys: await rules.keys(),
  });
  if (verdict.ok) return { ok: true, signedBy: verdict.keyIndex };
  switch (verdict.reason) {
    case 'missing':
      return refusal(
        'unsigned',
        'webhook-id, webhook-timestamp or webhook-signature is missing or unreadable. Enter signingKeys at the sender and here.',
      );
    case 'stale':
      return refusal(
        'stale',
        `webhook-timestamp ${timestamp} is more than ${toleranceSeconds} s away from ${now}, the time here. ` +
          'Set both clocks; an old request must not be repeated.',
      );
    case 'mismatch':
      return refusal(
        'bad-signature',
        'webhook-signature was not made over this body with a key known here. Enter the same keys at both ends, and let ' +
          'nothing rewrite the body.',
      );
  }
}
