import {
  buildOpenImUrl,
  buildTencentUrl,
  encodeOpenImAfterSend,
  encodeTencentAfterSend,
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_REVISIONS,
  type OpenImRevision,
  openImHeaders,
  TENCENT_AFTER_SEND,
  TENCENT_REVISIONS,
  type TencentRevision,
  tencentSign,
} from '@confab-im/protocol';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';
import { createStandardEncoder } from './encode-standard.ts';
import { createHeaders, type WebhookRequest } from './request.ts';
import { createStandardSigner } from './signed.ts';

/** `now` is unix ms of the attempt; the body does not depend on it: every attempt and every replay sends the same bytes. */
export type Encode = (event: LaneEvent, now: number) => WebhookRequest | Promise<WebhookRequest>;

/** The encoder of one endpoint. What is ours travels in headers: `webhook-id`, stable for ever, and `confab-replay`. */
export function createEncoder(settings: EndpointSettings): Encode {
  const encode = dialectEncoder(settings);
  if (settings.signingKeys === undefined) return encode;
  const sign = createStandardSigner(settings.signingKeys);
  return async (event, now) => sign(event.id, await encode(event, now), now);
}

function dialectEncoder(settings: EndpointSettings): Encode {
  switch (settings.dialect) {
    case 'tencent':
      return tencent(settings);
    case 'openim':
      return openIm(settings);
    case 'standard':
      return createStandardEncoder(settings);
  }
}

function tencent(settings: EndpointSettings): Encode {
  const revision = revisionOf<TencentRevision>(settings, TENCENT_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  const request = (event: LaneEvent, signature?: Signature): WebhookRequest => ({
    url: buildTencentUrl(settings.url, {
      sdkAppId: event.app,
      command: TENCENT_AFTER_SEND,
      clientIp: event.message.clientIp,
      platform: event.message.platform,
      ...signature,
    }),
    headers: headersOf(event, { 'content-type': 'application/json' }),
    body: encodeTencentAfterSend(event.message, revision),
  });
  if (sign === undefined) return (event) => request(event);
  return async (event, now) => request(event, await sign(Math.floor(now / 1000)));
}

function openIm(settings: EndpointSettings): Encode {
  const revision = revisionOf<OpenImRevision>(settings, OPENIM_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  const request = (event: LaneEvent, signature?: Signature): WebhookRequest => ({
    url: withSignature(
      buildOpenImUrl(settings.url, OPENIM_AFTER_SEND_GROUP, event.message, revision),
      signature,
    ),
    headers: headersOf(event, openImHeaders(event.message)),
    body: encodeOpenImAfterSend(event.message, revision),
  });
  if (sign === undefined) return (event) => request(event);
  return async (event, now) => request(event, await sign(Math.floor(now / 1000)));
}

/** OpenIM signs nothing itself; an `authToken` adds Tencent's parameters to its URL, for receivers that ask for them. */
export function withSignature(url: string, signature: Signature | undefined): string {
  if (signature === undefined) return url;
  const { requestTime, sign } = signature;
  return `${url}${url.includes('?') ? '&' : '?'}RequestTime=${requestTime}&Sign=${sign}`;
}

export interface Signature {
  readonly requestTime: number;
  readonly sign: string;
}

/** `Sign` depends on token and second alone: made once a second (tencent-webhooks A.3). */
export function createSigner(token: string): (second: number) => Promise<Signature> {
  let last: Promise<Signature> | undefined;
  let lastSecond = -1;
  return (second) => {
    if (last === undefined || second !== lastSecond) {
      lastSecond = second;
      last = tencentSign(token, second).then((sign) => ({ requestTime: second, sign }));
    }
    return last;
  };
}

/** The endpoint's revision, as one of its dialect. */
export function revisionOf<Revision extends string>(
  settings: EndpointSettings,
  known: readonly Revision[],
): Revision {
  const revision = known.find((name) => name === settings.revision);
  if (revision === undefined) {
    throw new Error(
      `endpoint "${settings.name}": dialect ${settings.dialect} has no revision ${settings.revision}`,
    );
  }
  return revision;
}
