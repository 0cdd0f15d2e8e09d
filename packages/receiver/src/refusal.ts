/**
 * Every reason for not taking a request, with the HTTP status it is answered with. Senders that look at the status (Confab,
 * Tencent Cloud Chat) count each as a failed delivery, so nothing refused here passes for received.
 */
export const REFUSAL_STATUS = {
  /** Not a POST. */
  'wrong-method': 405,
  /** More bytes than `maxBodyBytes`. */
  'too-large': 413,
  /** A `Content-Encoding`: nothing is ever inflated, so a compressed bomb stays the few bytes it is. */
  'encoded-body': 415,
  /** The connection broke before the body was complete. */
  interrupted: 400,
  /** `SdkAppid` of the URL, or `app` of the body, is missing or another app's (tencent-webhooks A.2). */
  'wrong-app': 403,
  /** The body was made for another endpoint than its header or our option names. */
  'wrong-endpoint': 403,
  /** `Sign` or `RequestTime`, the secret path segment of an OpenIM URL, or a header of the signature is missing. */
  unsigned: 403,
  /** `Sign` was not made with our token (tencent-webhooks A.3), or the signature with none of our keys. */
  'bad-signature': 403,
  /** `RequestTime` is outside the window (tencent-webhooks A.3), or `webhook-timestamp` outside the tolerance. */
  stale: 403,
  /** Not UTF-8, not JSON, or cut short. */
  'not-json': 400,
  /** JSON, but not the body that the command promises. */
  'bad-shape': 400,
  /** No command, or text that is no command of this dialect. */
  'unknown-command': 400,
  /** The URL names one command and the body another. */
  'wrong-command': 400,
} as const;

export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** A request that was not taken, and the answer to give. */
export interface Refused {
  readonly ok: false;
  readonly code: RefusalCode;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Body of the answer: JSON in the dialect of the request. */
  readonly answer: string;
  /** What was wrong and what to do, for people. Holds no secret. */
  readonly why: string;
}

/** A refusal before it is put into a dialect. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly why: string;
}

export function refusal(code: RefusalCode, why: string): Refusal {
  return { ok: false, code, why };
}
