import { hash } from 'node:crypto';

/**
 * What makes one send equal to another, beside its group and its `Random` (tencent-rest G.1 no. 1): SHA-256, in hex, over
 * sender, body and custom data as the caller sent them. It stays with a message that was rewritten, whose original is kept
 * nowhere.
 */
export function messageDigest(sender: string, msgBodyJson: string, cloudCustomData: string | null): string {
  return hash('sha256', JSON.stringify([sender, msgBodyJson, cloudCustomData]));
}
