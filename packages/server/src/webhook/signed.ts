import {
  importSigningKeys,
  signStandard,
  WEBHOOK_ID_HEADER,
  WEBHOOK_SIGNATURE_HEADER,
  WEBHOOK_TIMESTAMP_HEADER,
} from '@confab-im/protocol';
import type { WebhookRequest } from './request.ts';

/** Adds the headers of a signature to a request; `now` is unix ms of the attempt. */
export type Sign = (id: string, request: WebhookRequest, now: number) => Promise<WebhookRequest>;

/**
 * Signs requests with every live key, so that a receiver may know any of them (Standard Webhooks 1.0.0, "Webhook headers").
 * The keys are read once; one that cannot be used fails each attempt with the reason, as nothing may go out unsigned.
 */
export function createStandardSigner(texts: readonly string[]): Sign {
  const imported = importSigningKeys(texts);
  // Whoever signs hears of it; until then nobody waits for it.
  imported.catch(() => {});
  return async (id, { url, headers, body }, now) => {
    const timestamp = Math.floor(now / 1000);
    const signature = await signStandard({ id, timestamp, body, keys: await imported });
    return {
      url,
      headers: {
        ...headers,
        [WEBHOOK_ID_HEADER]: id,
        [WEBHOOK_TIMESTAMP_HEADER]: String(timestamp),
        [WEBHOOK_SIGNATURE_HEADER]: signature,
      },
      body,
    };
  };
}
