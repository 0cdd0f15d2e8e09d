import { appendQuery, queryValue, splitUrl } from '../query.ts';
import { normalizeTencentPlatform } from './platform.ts';

export interface TencentUrlParts {
  readonly sdkAppId: number;
  readonly command: string;
  readonly clientIp: string;
  readonly platform: string;
  /** Unix seconds; with `sign`, only when the endpoint has an authentication token. */
  readonly requestTime?: number;
  readonly sign?: string;
  readonly requestId?: string;
}

/**
 * The URL to post to: the configured one plus the parameters in the order of tencent-webhooks A.2. The request id is spelt
 * RequestID, as in captures of group webhooks.
 */
export function buildTencentUrl(base: string, parts: TencentUrlParts): string {
  const { sdkAppId, command, clientIp, platform, requestTime, sign, requestId } = parts;
  let query = `SdkAppid=${sdkAppId}&CallbackCommand=${queryValue(command)}&contenttype=json`;
  query += `&ClientIP=${queryValue(clientIp)}&OptPlatform=${queryValue(normalizeTencentPlatform(platform))}`;
  if (sign !== undefined) query += `&Sign=${queryValue(sign)}`;
  if (requestTime !== undefined) query += `&RequestTime=${requestTime}`;
  if (requestId !== undefined) query += `&RequestID=${queryValue(requestId)}`;
  return appendQuery(base, query);
}

/** What a URL says, believed by nobody yet. `requestTime` is the text as sent, because that text is what was signed. */
export interface TencentUrl {
  readonly sdkAppId?: number;
  readonly command?: string;
  readonly contentType?: string;
  readonly clientIp?: string;
  readonly platform?: string;
  readonly sign?: string;
  readonly requestTime?: string;
  readonly requestId?: string;
}

/**
 * Reads a webhook URL or a request target such as `/im?SdkAppid=…`: parameters in any order, either spelling of the request
 * id, unknown ones ignored, the first of repeated ones. A parameter that is absent, empty or (SdkAppid) not decimal is left out.
 */
export function parseTencentUrl(url: string): TencentUrl {
  const { query } = splitUrl(url);
  const sdkAppId = query.get('SdkAppid') ?? '';
  const command = query.get('CallbackCommand');
  const contentType = query.get('contenttype');
  const clientIp = query.get('ClientIP');
  const platform = query.get('OptPlatform');
  const sign = query.get('Sign');
  const requestTime = query.get('RequestTime');
  const requestId = query.get('RequestID') ?? query.get('RequestId');
  return {
    ...(/^[0-9]{1,15}$/.test(sdkAppId) && { sdkAppId: Number(sdkAppId) }),
    ...(command && { command }),
    ...(contentType && { contentType }),
    ...(clientIp && { clientIp }),
    ...(platform && { platform: normalizeTencentPlatform(platform) }),
    ...(sign && { sign }),
    ...(requestTime && { requestTime }),
    ...(requestId && { requestId }),
  };
}
