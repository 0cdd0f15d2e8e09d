import {
  buildOpenImUrl,
  buildTencentUrl,
  type EncodedChange,
  type EventFacts,
  encodeOpenImAfterSend,
  encodeOpenImChange,
  encodeTencentAfterSend,
  encodeTencentChange,
  OPENIM_AFTER_SEND_GROUP,
  OPENIM_REVISIONS,
  type OpenImRevision,
  openImHeaders,
  TENCENT_AFTER_SEND,
  TENCENT_REVISIONS,
  type TencentRevision,
  tencentCommand,
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
  const request = (event: LaneEvent, signature?: Signature): WebhookRequest => {
    const { facts } = event;
    const isMessage = facts.kind === 'group.message.sent';
    return {
      url: buildTencentUrl(settings.url, {
        sdkAppId: event.app,
        command: isMessage ? TENCENT_AFTER_SEND : tencentCommand(facts.kind),
        clientIp: facts.clientIp,
        platform: facts.platform,
        ...signature,
      }),
      headers: headersOf(event, { 'content-type': 'application/json' }),
      body: isMessage ? encodeTencentAfterSend(facts, revision) : encodeTencentChange(facts, revision),
    };
  };
  if (sign === undefined) return (event) => request(event);
  return async (event, now) => request(event, await sign(Math.floor(now / 1000)));
}

function openIm(settings: EndpointSettings): Encode {
  const revision = revisionOf<OpenImRevision>(settings, OPENIM_REVISIONS);
  const sign = settings.authToken === undefined ? undefined : createSigner(settings.authToken);
  const headersOf = createHeaders(settings);
  const request = (event: LaneEvent, signature?: Signature): WebhookRequest => {
    const { facts } = event;
    const { command, body } = openImEvent(facts, revision);
    const conversation = { sender: 'sender' in facts ? facts.sender : '', groupId: facts.groupId };
    const url = buildOpenImUrl(settings.url, command, conversation, revision);
    return {
      url: withSignature(url, signature),
      headers: headersOf(event, openImHeaders(facts)),
      body,
    };
  };
  if (sign === undefined) return (event) => request(event);
  return async (event, now) => request(event, await sign(Math.floor(now / 1000)));
}

function openImEvent(facts: EventFacts, revision: OpenImRevision): EncodedChange {
  if (facts.kind === 'group.message.sent') {
    return { command: OPENIM_AFTER_SEND_GROUP, body: encodeOpenImAfterSend(facts, revision) };
  }
  const encoded = encodeOpenImChange(facts);
  if (encoded === undefined) throw new NoFormError(facts.kind);
  return encoded;
}

/** The endpoint speaks another dialect now than when the event was meant for it, one that has no words for it. */
export class NoFormError extends Error {
  constructor(kind: string) {
    super(`the dialect openim has no event for ${kind}`);
  }
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
