import { equalInConstantTime, hex, utf8 } from './bytes.ts';

/**
 * `Sign` of a webhook URL: lower-case hex of SHA-256 over the token followed by the decimal text of `RequestTime`
 * (unix seconds). It proves knowledge of the token and covers neither body nor other parameters; all requests of one second
 * share it, so a busy sender may keep the last one. Source: tencent-webhooks A.3.
 */
export async function tencentSign(token: string, requestTime: number): Promise<string> {
  return signText(token, String(requestTime));
}

/** What a receiver knows of a signed request. `sign` and `requestTime` are the URL's texts; `now` is unix seconds. */
export interface TencentSignCheck {
  readonly token: string;
  readonly sign: string | undefined;
  readonly requestTime: string | undefined;
  readonly now: number;
  /** How far `requestTime` may lie from `now`, either way, in seconds; 60 by default. */
  readonly windowSeconds?: number;
}

/**
 * - `missing`: a parameter is absent, or `RequestTime` is not decimal digits
 * - `stale`: more than the window away from `now`; exactly the window is still good (tencent-webhooks F-9)
 * - `mismatch`: not made with this token
 */
export async function checkTencentSign(
  check: TencentSignCheck,
): Promise<'ok' | 'missing' | 'stale' | 'mismatch'> {
  const { token, sign, requestTime, now, windowSeconds = 60 } = check;
  if (!sign || requestTime === undefined || !/^[0-9]{1,15}$/.test(requestTime)) return 'missing';
  if (Math.abs(now - Number(requestTime)) > windowSeconds) return 'stale';
  return equalInConstantTime(await signText(token, requestTime), sign) ? 'ok' : 'mismatch';
}

async function signText(token: string, requestTime: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(token + requestTime))));
}
